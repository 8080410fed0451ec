// Neighbour solicitations and advertisements (RFC 4861): what ARP is for IPv4, and more.

package import TakeoverModel

package struct NeighbourMessage: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable { case solicitation = 135, advertisement = 136 }

  package enum Meaning: Hashable, Sendable {
    /// A solicitation from nobody: whoever sends it wants the target for itself and asks whether
    /// somebody has it (duplicate address detection, RFC 4862 5.4.2).
    case probe
    /// Not solicited: tells everybody.
    case announcement
    case question
    case answer
  }

  package static let allNodes = IPAddress.v6(high: 0xff02 << 48, low: 1)
  package static let unspecified = IPAddress.v6(high: 0, low: 0)

  package var kind: Kind
  /// The advertisement's flags (RFC 4861 4.4): from a router; an answer; replaces what is known.
  package var isRouter: Bool
  package var isSolicited: Bool
  package var overrides: Bool
  package var target: IPAddress
  /// The sender's (solicitation) or the target's (advertisement) Ethernet address, when it is said.
  package var linkLayer: MACAddress?
  /// The options as they came.
  package var options: ArraySlice<UInt8>
  /// What a receiver rejects the message for (RFC 4861 7.1), in words; empty when nothing.
  package private(set) var defects: [String]

  package init(
    _ kind: Kind, target: IPAddress, linkLayer: MACAddress?, isRouter: Bool = false,
    isSolicited: Bool = false, overrides: Bool = false
  ) {
    self.kind = kind
    self.isRouter = isRouter
    self.isSolicited = isSolicited
    self.overrides = overrides
    self.target = target
    self.linkLayer = linkLayer
    options = linkLayer.map { [Self.option(of: kind), 1] + $0.bytes } ?? []
    defects = []
  }

  /// Throws `unexpected` for any other ICMPv6 message.
  package init(in packet: IPv6Packet) throws(FrameDefect) {
    var reader = ByteReader(packet.payload, .neighbour)
    guard let kind = Kind(rawValue: try reader.uint8()) else { throw .unexpected(.neighbour) }
    self.kind = kind
    let code = try reader.uint8()
    _ = try reader.uint16()
    let flags = try reader.uint32()
    let isAdvertisement = kind == .advertisement
    isRouter = isAdvertisement && flags & 0x8000_0000 != 0
    isSolicited = isAdvertisement && flags & 0x4000_0000 != 0
    overrides = isAdvertisement && flags & 0x2000_0000 != 0
    target = try reader.ipv6Address()
    options = reader.rest
    defects = IPPacket.v6(packet).linkDefects
    if code != 0 { defects.append("code \(code)") }
    if let link = Self.linkLayer(in: options, of: kind) {
      linkLayer = link.address
    } else {
      linkLayer = nil
      if packet.isWhole { defects.append("an option that does not fit") }
    }
    if packet.isWhole, !Self.checksumHolds(packet) { defects.append("wrong checksum") }
    if target.isMulticast { defects.append("a group as the target") }
    if isSolicited, packet.destination.isMulticast { defects.append("an answer to a group") }
    if kind == .solicitation, packet.source == Self.unspecified {
      if packet.destination != target.solicitedNode { defects.append("sent to another group") }
      if linkLayer != nil { defects.append("an Ethernet address from nobody") }
    }
  }

  package func meaning(from source: IPAddress) -> Meaning {
    switch kind {
    case .solicitation: source == Self.unspecified ? .probe : .question
    case .advertisement: isSolicited ? .answer : .announcement
    }
  }

  /// The message as it is sent from `source` to `destination`, with the right checksum.
  package func bytes(from source: IPAddress, to destination: IPAddress) -> [UInt8] {
    var bytes: [UInt8] = [kind.rawValue, 0, 0, 0]
    let flags: UInt32 =
      (isRouter ? 0x8000_0000 : 0) | (isSolicited ? 0x4000_0000 : 0)
      | (overrides ? 0x2000_0000 : 0)
    bytes.append(network: flags)
    bytes += target.bytes + options
    var checksum = InternetChecksum()
    checksum.addPseudoHeader(
      source, destination, protocolNumber: IPv6Packet.Number.icmp, length: bytes.count)
    checksum.add(bytes)
    bytes[2] = UInt8(checksum.value >> 8)
    bytes[3] = UInt8(checksum.value & 0xff)
    return bytes
  }

  /// A whole frame that asks everybody who has `address`. The question comes from `asker`, a
  /// link-local address that no machine should have: see `NeighbourProbe`.
  package static func question(
    about address: IPAddress, from asker: IPAddress, at source: MACAddress
  ) -> [UInt8] {
    let group = address.solicitedNode
    let message = NeighbourMessage(.solicitation, target: address, linkLayer: source)
    let packet = IPv6Packet(
      protocolNumber: IPv6Packet.Number.icmp, source: asker, destination: group,
      payload: message.bytes(from: asker, to: group)[...], hopLimit: 255)
    return EthernetFrame(
      destination: group.groupMAC, source: source, kind: EthernetFrame.Kind.ipv6,
      payload: packet.bytes[...]
    ).bytes
  }

  private static func option(of kind: Kind) -> UInt8 { kind == .solicitation ? 1 : 2 }

  /// Looks through options of eight-byte units (RFC 4861 4.6). nil: they are not well-formed.
  private static func linkLayer(
    in options: ArraySlice<UInt8>, of kind: Kind
  ) -> (address: MACAddress?, Void)? {
    var reader = ByteReader(options, .neighbour)
    var found: MACAddress?
    while !reader.rest.isEmpty {
      guard let type = try? reader.uint8(), let units = try? reader.uint8(), units > 0,
        let body = try? reader.slice(Int(units) * 8 - 2)
      else { return nil }
      if type == option(of: kind), units == 1, found == nil {
        found = MACAddress(bits: body.reduce(0) { $0 << 8 | UInt64($1) })
      }
    }
    return (found, ())
  }

  private static func checksumHolds(_ packet: IPv6Packet) -> Bool {
    var checksum = InternetChecksum()
    checksum.addPseudoHeader(
      packet.source, packet.destination, protocolNumber: IPv6Packet.Number.icmp,
      length: packet.payload.count)
    checksum.add(packet.payload)
    return checksum.value == 0
  }
}

extension IPAddress {
  /// ff00::/8
  package var isMulticast: Bool {
    switch self {
    case .v4(let value): value >> 28 == 0xe
    case .v6(let high, _): high >> 56 == 0xff
    }
  }

  /// fe80::/10: means something on one link only.
  package var isLinkLocal: Bool {
    if case .v6(let high, _) = self { high >> 54 == 0xfe80 >> 6 } else { false }
  }

  /// The group that whoever has this address listens to (RFC 4291 2.7.1).
  package var solicitedNode: IPAddress {
    guard case .v6(_, let low) = self else { return self }
    return .v6(high: 0xff02 << 48, low: 0x1_ff00_0000 | low & 0xff_ffff)
  }

  /// The Ethernet address of an IPv6 group (RFC 2464 7).
  package var groupMAC: MACAddress {
    guard case .v6(_, let low) = self else { return .broadcast }
    return MACAddress(bits: 0x3333_0000_0000 | low & 0xffff_ffff)
  }
}
