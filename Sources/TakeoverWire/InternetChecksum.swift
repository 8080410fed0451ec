// The internet checksum (RFC 1071): IPv4's header, ICMP and VRRP carry it.

struct InternetChecksum {
  /// The one's complement sum so far; a correct message, its checksum included, sums to 0xffff.
  private var sum: UInt64 = 0

  /// Adds a part of the message. Only the last part may have an odd length.
  mutating func add(_ bytes: some Collection<UInt8>) {
    var high: UInt8?
    for byte in bytes {
      if let first = high {
        sum &+= UInt64(first) << 8 | UInt64(byte)
        high = nil
      } else {
        high = byte
      }
    }
    if let high { sum &+= UInt64(high) << 8 }
  }

  var folded: UInt16 {
    var folded = sum
    while folded > 0xffff { folded = folded & 0xffff + folded >> 16 }
    return UInt16(truncatingIfNeeded: folded)
  }

  /// What goes into the checksum field of a message that had zero there.
  var value: UInt16 { ~folded }

  static func of(_ bytes: some Collection<UInt8>) -> UInt16 {
    var checksum = InternetChecksum()
    checksum.add(bytes)
    return checksum.value
  }

  static func holds(_ bytes: some Collection<UInt8>) -> Bool { of(bytes) == 0 }
}
