// The IPv6 header (RFC 8200), what stands between it and what it carries, and what it carries.

package import TakeoverModel

package struct IPv6Packet: Hashable, Sendable {
  /// IANA protocol numbers, those of extension headers among them.
  package enum Number {
    package static let hopByHop: UInt8 = 0
    package static let routing: UInt8 = 43
    package static let fragment: UInt8 = 44
    package static let authentication: UInt8 = 51
    package static let icmp: UInt8 = 58
    package static let nothing: UInt8 = 59
    package static let destinationOptions: UInt8 = 60
    /// Those that have more behind them.
    package static let extensions = [
      hopByHop, routing, fragment, authentication, destinationOptions,
    ]
  }

  /// A packet with more extension headers is not looked into: no sender makes one (RFC 8200 4.1
  /// has seven kinds, and one of them twice).
  package static let mostExtensions = 8

  /// Traffic class and flow label, 28 bits.
  package var label: UInt32
  /// What the fixed header says comes next.
  package var firstHeader: UInt8
  package var hopLimit: UInt8
  package var source: IPAddress
  package var destination: IPAddress
  /// The extension headers as they came, usually none.
  package var extensions: ArraySlice<UInt8>
  package var moreFragments: Bool
  /// In bytes.
  package var fragmentOffset: Int
  /// What is carried behind the extension headers.
  package var protocolNumber: UInt8
  /// Ends where the header says. Shorter than that when the frame was cut.
  package var payload: ArraySlice<UInt8>
  /// False when the capture holds less than the header promises.
  package var isWhole: Bool

  package var isFragment: Bool { moreFragments || fragmentOffset > 0 }

  package init(
    protocolNumber: UInt8, source: IPAddress, destination: IPAddress, payload: ArraySlice<UInt8>,
    hopLimit: UInt8 = 64
  ) {
    label = 0
    firstHeader = protocolNumber
    self.hopLimit = hopLimit
    self.source = source
    self.destination = destination
    extensions = []
    moreFragments = false
    fragmentOffset = 0
    self.protocolNumber = protocolNumber
    self.payload = payload
    isWhole = true
  }

  package init(_ bytes: ArraySlice<UInt8>) throws(FrameDefect) {
    var reader = ByteReader(bytes, .ipv6)
    let first = try reader.uint32()
    guard first >> 28 == 6 else { throw .unexpected(.ipv6) }
    label = first & 0x0fff_ffff
    let length = Int(try reader.uint16())
    firstHeader = try reader.uint8()
    hopLimit = try reader.uint8()
    source = try reader.ipv6Address()
    destination = try reader.ipv6Address()
    // 0: longer than 65535 bytes, cut up later or told by an option (RFC 2675).
    let isUntold = length == 0 && firstHeader != Number.nothing
    let body = isUntold ? reader.rest : reader.rest.prefix(length)
    isWhole = isUntold || body.count == length
    moreFragments = false
    fragmentOffset = 0
    protocolNumber = firstHeader
    extensions = []
    payload = []
    var inside = ByteReader(body, .ipv6)
    for _ in 0..<Self.mostExtensions {
      guard Number.extensions.contains(protocolNumber), fragmentOffset == 0 else { break }
      try skipExtension(&inside)
    }
    extensions = body[body.startIndex..<inside.rest.startIndex]
    payload = inside.rest
  }

  /// Moves behind one extension header, whose lengths count in eight bytes besides the first eight
  /// (RFC 8200 4), but in four besides the first eight for authentication (RFC 4302 2.2).
  private mutating func skipExtension(_ reader: inout ByteReader) throws(FrameDefect) {
    let kind = protocolNumber
    protocolNumber = try reader.uint8()
    let length = Int(try reader.uint8())
    switch kind {
    case Number.fragment:
      let field = try reader.uint16()
      fragmentOffset = Int(field & 0xfff8)
      moreFragments = field & 1 != 0
      _ = try reader.uint32()
    case Number.authentication: _ = try reader.slice(length * 4 + 6)
    default: _ = try reader.slice(length * 8 + 6)
    }
  }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(network: 6 << 28 | label & 0x0fff_ffff)
    bytes.append(network: UInt16(truncatingIfNeeded: extensions.count + payload.count))
    bytes += [firstHeader, hopLimit]
    return bytes + source.bytes + destination.bytes + extensions + payload
  }
}
