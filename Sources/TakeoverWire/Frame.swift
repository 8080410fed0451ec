// A whole frame, understood as far as it can be. Total: any bytes give a Frame.

package struct Frame: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    case arp(ARPPacket)
    case neighbour(IPv6Packet, NeighbourMessage)
    case vrrp(IPPacket, VRRPAdvertisement)
    case echo(IPPacket, ICMPEcho)
    /// Any other packet, a fragment of one included.
    case ip(IPPacket)
    /// An EtherType that is not ours.
    case other
    case damaged(FrameDefect)
  }

  /// nil when the bytes end within the Ethernet header.
  package let ethernet: EthernetFrame?
  package let body: Body

  /// On the interface's own network, not on one that a tag names.
  package var isUntagged: Bool { ethernet?.networks.isEmpty ?? true }

  package init(_ bytes: some Sequence<UInt8>) { self.init(Array(bytes)[...]) }

  package init(_ bytes: ArraySlice<UInt8>) {
    guard let ethernet = try? EthernetFrame(bytes) else {
      self.ethernet = nil
      body = .damaged(.cutShort(.ethernet))
      return
    }
    self.ethernet = ethernet
    do throws(FrameDefect) {
      switch ethernet.kind {
      case EthernetFrame.Kind.arp: body = .arp(try ARPPacket(ethernet.payload))
      case EthernetFrame.Kind.ipv4:
        body = try Self.body(of: .v4(try IPv4Packet(ethernet.payload)))
      case EthernetFrame.Kind.ipv6:
        body = try Self.body(of: .v6(try IPv6Packet(ethernet.payload)))
      default: body = .other
      }
    } catch {
      body = .damaged(error)
    }
  }

  private static func body(of packet: IPPacket) throws(FrameDefect) -> Body {
    if packet.isContinued { return .ip(packet) }
    switch (packet, packet.protocolNumber) {
    case (_, IPv4Packet.Number.vrrp): return .vrrp(packet, try VRRPAdvertisement(in: packet))
    case (.v6(let inner), IPv6Packet.Number.icmp):
      if let type = inner.payload.first, NeighbourMessage.Kind(rawValue: type) != nil {
        return .neighbour(inner, try NeighbourMessage(in: inner))
      }
      return (try? ICMPEcho(in: packet)).map { .echo(packet, $0) } ?? .ip(packet)
    case (.v4, IPv4Packet.Number.icmp):
      return (try? ICMPEcho(in: packet)).map { .echo(packet, $0) } ?? .ip(packet)
    default: return .ip(packet)
    }
  }
}
