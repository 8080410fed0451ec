// Ethernet II, the outermost layer. 802.1Q tags are looked through and kept.

package import TakeoverModel

package struct EthernetFrame: Hashable, Sendable {
  /// IEEE 802 numbers of what the frame carries.
  package enum Kind {
    package static let ipv4: UInt16 = 0x0800
    package static let arp: UInt16 = 0x0806
    package static let ipv6: UInt16 = 0x86dd
    /// 802.1Q and 802.1ad.
    package static let tags: [UInt16] = [0x8100, 0x88a8]
  }

  package var destination: MACAddress
  package var source: MACAddress
  /// Tag control words, the outermost first; usually none.
  package var tags: [UInt16]
  package var kind: UInt16
  /// May have padding behind it: a frame on a real wire has at least 60 bytes.
  package var payload: ArraySlice<UInt8>

  package init(
    destination: MACAddress, source: MACAddress, tags: [UInt16] = [], kind: UInt16,
    payload: ArraySlice<UInt8>
  ) {
    self.destination = destination
    self.source = source
    self.tags = tags
    self.kind = kind
    self.payload = payload
  }

  package init(_ bytes: ArraySlice<UInt8>) throws(FrameDefect) {
    var reader = ByteReader(bytes, .ethernet)
    destination = try reader.macAddress()
    source = try reader.macAddress()
    tags = []
    kind = try reader.uint16()
    while Kind.tags.contains(kind) {
      tags.append(try reader.uint16())
      kind = try reader.uint16()
    }
    payload = reader.rest
  }

  /// The networks that the tags name, the outermost first. A tag of network 0 gives a priority only
  /// (802.1Q 6.9).
  package var networks: [Int] { tags.map { Int($0 & 0x0fff) }.filter { $0 != 0 } }

  package var bytes: [UInt8] {
    var bytes = destination.bytes + source.bytes
    for tag in tags {
      bytes.append(network: Kind.tags[0])
      bytes.append(network: tag)
    }
    bytes.append(network: kind)
    return bytes + payload
  }
}
