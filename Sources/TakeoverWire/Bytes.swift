// Bytes to numbers and back. Whatever the wire brings, reading it never traps.

import TakeoverModel

/// Why a frame could not be understood.
package enum FrameDefect: Error, Hashable, Sendable {
  package enum Layer: String, Hashable, Sendable {
    case ethernet, arp, ipv4, ipv6, vrrp, icmp, neighbour
  }

  /// The frame ends before this layer does.
  case cutShort(Layer)
  /// The layer's fixed fields are not what they must be.
  case unexpected(Layer)
}

/// Reads numbers in network byte order from the front; every read is checked.
struct ByteReader {
  private(set) var rest: ArraySlice<UInt8>
  let layer: FrameDefect.Layer

  init(_ bytes: ArraySlice<UInt8>, _ layer: FrameDefect.Layer) {
    rest = bytes
    self.layer = layer
  }

  mutating func uint8() throws(FrameDefect) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .cutShort(layer) }
    return byte
  }

  mutating func uint16() throws(FrameDefect) -> UInt16 {
    UInt16(truncatingIfNeeded: try number(2))
  }

  mutating func uint32() throws(FrameDefect) -> UInt32 {
    UInt32(truncatingIfNeeded: try number(4))
  }

  mutating func macAddress() throws(FrameDefect) -> MACAddress {
    MACAddress(bits: try number(6))
  }

  mutating func ipv4Address() throws(FrameDefect) -> IPAddress { .v4(try uint32()) }

  mutating func ipv6Address() throws(FrameDefect) -> IPAddress {
    .v6(high: try number(8), low: try number(8))
  }

  mutating func slice(_ count: Int) throws(FrameDefect) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw .cutShort(layer) }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// `count` bytes, at most 8.
  private mutating func number(_ count: Int) throws(FrameDefect) -> UInt64 {
    guard count <= rest.count else { throw .cutShort(layer) }
    var value: UInt64 = 0
    for index in rest.startIndex..<rest.startIndex + count {
      value = value << 8 | UInt64(rest[index])
    }
    rest = rest.dropFirst(count)
    return value
  }
}

extension [UInt8] {
  /// Appends in network byte order.
  mutating func append(network value: some FixedWidthInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Appends in little-endian order, as our pcapng files have it.
  mutating func append(little value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
