// The IPv4 header (RFC 791) and what it carries.

package import TakeoverModel

package struct IPv4Packet: Hashable, Sendable {
  /// IANA protocol numbers.
  package enum Number {
    package static let icmp: UInt8 = 1
    package static let tcp: UInt8 = 6
    package static let vrrp: UInt8 = 112
  }

  package var identification: UInt16
  package var dontFragment: Bool
  package var moreFragments: Bool
  /// In bytes.
  package var fragmentOffset: Int
  package var timeToLive: UInt8
  package var protocolNumber: UInt8
  package var source: IPAddress
  package var destination: IPAddress
  package var options: ArraySlice<UInt8>
  /// Ends where the header says, so an Ethernet frame's padding is not in it. Shorter than that
  /// when the frame was cut.
  package var payload: ArraySlice<UInt8>
  /// False when the capture holds less than the header promises.
  package var isWhole: Bool
  package var checksumHolds: Bool

  package var isFragment: Bool { moreFragments || fragmentOffset > 0 }

  package init(
    protocolNumber: UInt8, source: IPAddress, destination: IPAddress, payload: ArraySlice<UInt8>,
    timeToLive: UInt8 = 64
  ) {
    identification = 0
    dontFragment = false
    moreFragments = false
    fragmentOffset = 0
    self.timeToLive = timeToLive
    self.protocolNumber = protocolNumber
    self.source = source
    self.destination = destination
    options = []
    self.payload = payload
    isWhole = true
    checksumHolds = true
  }

  package init(_ bytes: ArraySlice<UInt8>) throws(FrameDefect) {
    var reader = ByteReader(bytes, .ipv4)
    let first = try reader.uint8()
    let headerLength = Int(first & 0xf) * 4
    guard first >> 4 == 4, headerLength >= 20 else { throw .unexpected(.ipv4) }
    _ = try reader.uint8()
    let totalLength = Int(try reader.uint16())
    // 0: a packet that the sending machine's interface would have cut up (segmentation offload).
    guard totalLength >= headerLength || totalLength == 0 else { throw .unexpected(.ipv4) }
    identification = try reader.uint16()
    let fragment = try reader.uint16()
    dontFragment = fragment & 0x4000 != 0
    moreFragments = fragment & 0x2000 != 0
    fragmentOffset = Int(fragment & 0x1fff) * 8
    timeToLive = try reader.uint8()
    protocolNumber = try reader.uint8()
    _ = try reader.uint16()
    source = try reader.ipv4Address()
    destination = try reader.ipv4Address()
    options = try reader.slice(headerLength - 20)
    checksumHolds = InternetChecksum.holds(bytes.prefix(headerLength))
    payload = totalLength == 0 ? reader.rest : reader.rest.prefix(totalLength - headerLength)
    isWhole = totalLength == 0 || payload.count == totalLength - headerLength
  }

  /// Header and payload with the right lengths and checksum. `options` must be whole words.
  package var bytes: [UInt8] {
    let headerLength = 20 + options.count
    var header: [UInt8] = [0x40 | UInt8(truncatingIfNeeded: headerLength / 4), 0]
    header.append(network: UInt16(truncatingIfNeeded: headerLength + payload.count))
    header.append(network: identification)
    let flags: UInt16 = (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0)
    header.append(network: flags | UInt16(truncatingIfNeeded: fragmentOffset / 8) & 0x1fff)
    header += [timeToLive, protocolNumber, 0, 0]
    header += source.bytes + destination.bytes + options
    let checksum = InternetChecksum.of(header)
    header[10] = UInt8(checksum >> 8)
    header[11] = UInt8(checksum & 0xff)
    return header + payload
  }
}
