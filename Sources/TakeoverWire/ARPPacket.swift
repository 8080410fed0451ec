// ARP for IPv4 over Ethernet (RFC 826), and what a frame of it says about an address (RFC 5227).

package import TakeoverModel

package struct ARPPacket: Hashable, Sendable {
  package enum Operation {
    package static let request: UInt16 = 1
    package static let reply: UInt16 = 2
  }

  package enum Meaning: Hashable, Sendable {
    /// SPA 0.0.0.0: asks without claiming anything.
    case probe
    /// SPA = TPA, as a request or as a reply: tells everybody.
    case announcement
    case question
    case answer
  }

  package var operation: UInt16
  /// SHA, SPA, THA and TPA in the field's shorthand.
  package var senderHardware: MACAddress
  package var sender: IPAddress
  package var targetHardware: MACAddress
  package var target: IPAddress

  package init(
    operation: UInt16, senderHardware: MACAddress, sender: IPAddress, targetHardware: MACAddress,
    target: IPAddress
  ) {
    self.operation = operation
    self.senderHardware = senderHardware
    self.sender = sender
    self.targetHardware = targetHardware
    self.target = target
  }

  package init(_ bytes: ArraySlice<UInt8>) throws(FrameDefect) {
    var reader = ByteReader(bytes, .arp)
    // Ethernet, IPv4, and the lengths of their addresses.
    guard try reader.uint16() == 1, try reader.uint16() == EthernetFrame.Kind.ipv4,
      try reader.uint8() == 6, try reader.uint8() == 4
    else { throw .unexpected(.arp) }
    operation = try reader.uint16()
    senderHardware = try reader.macAddress()
    sender = try reader.ipv4Address()
    targetHardware = try reader.macAddress()
    target = try reader.ipv4Address()
  }

  /// 28 bytes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(network: UInt16(1))
    bytes.append(network: EthernetFrame.Kind.ipv4)
    bytes += [6, 4]
    bytes.append(network: operation)
    return bytes + senderHardware.bytes + sender.bytes + targetHardware.bytes + target.bytes
  }

  /// nil: an operation that is neither a request nor a reply.
  package var meaning: Meaning? {
    switch operation {
    case Operation.request where sender == .v4(0): .probe
    case Operation.request: sender == target ? .announcement : .question
    case Operation.reply: sender == target ? .announcement : .answer
    default: nil
    }
  }

  /// The address to ask with from an interface: locally administered, and nobody's. An answer to the
  /// interface's own address would be taken by the asker's kernel too: once a second (locktime, arp(7))
  /// it lets any answer replace the neighbour entry that the other probes go by. So asking healed
  /// what was to be measured: an entry that still names the dead node.
  package static func askingAddress(at own: MACAddress) -> MACAddress {
    MACAddress(bits: (own.bits | 0x0200_0000_0000) ^ 0x00ff_0000_0000)
  }

  /// A whole frame of 42 bytes that asks everybody who has `address` and claims nothing: Linux
  /// answers it and learns nothing from it.
  package static func probe(for address: IPAddress, from source: MACAddress) -> [UInt8] {
    let packet = ARPPacket(
      operation: Operation.request, senderHardware: source, sender: .v4(0),
      targetHardware: .zero, target: address)
    return EthernetFrame(
      destination: .broadcast, source: source, kind: EthernetFrame.Kind.arp,
      payload: packet.bytes[...]
    ).bytes
  }
}
