// Deflate (RFC 1951) for rows of points: one block with the fixed codes (3.2.6), matches with the byte
// before and with the row above only.

package struct Deflate: Sendable {
  private static let shortest = 3
  private static let longest = 258

  /// How many bytes a row has: matches are sought one row back.
  private let row: Int
  private var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count: UInt64 = 0

  /// Rows longer than the window (32 KiB) are matched within themselves only.
  package init(row: Int) { self.row = row }

  package mutating func whole(_ input: [UInt8]) -> [UInt8] {
    bytes = []
    bytes.reserveCapacity(input.count / 16)
    put(0b011, 3)  // the last block, with the fixed codes
    let distances = [1, row].filter { (1...32_768).contains($0) }
    var place = 0
    while place < input.count {
      var (best, distance) = (0, 0)
      for candidate in distances where candidate <= place {
        let length = Self.match(input, place, candidate)
        if length > best { (best, distance) = (length, candidate) }
      }
      if best >= Self.shortest {
        putMatch(length: best, distance: distance)
        place += best
      } else {
        putLiteral(Int(input[place]))
        place += 1
      }
    }
    putLiteral(256)
    if count > 0 { put(0, 8 - count % 8) }
    return bytes
  }

  private static func match(_ input: [UInt8], _ place: Int, _ distance: Int) -> Int {
    let most = min(longest, input.count - place)
    var length = 0
    while length < most, input[place + length] == input[place + length - distance] { length += 1 }
    return length
  }

  // MARK: Codes

  /// A literal, the end (256) or a length's symbol, by the fixed code of 3.2.6.
  private mutating func putLiteral(_ symbol: Int) {
    switch symbol {
    case ..<144: putCode(UInt64(0x30 + symbol), 8)
    case ..<256: putCode(UInt64(0x190 + symbol - 144), 9)
    case ..<280: putCode(UInt64(symbol - 256), 7)
    default: putCode(UInt64(0xC0 + symbol - 280), 8)
    }
  }

  private mutating func putMatch(length: Int, distance: Int) {
    let long = Self.lengths.last { $0.base <= length } ?? Self.lengths[0]
    putLiteral(long.symbol)
    put(UInt64(length - long.base), UInt64(long.extra))
    let far = Self.distances.last { $0.base <= distance } ?? Self.distances[0]
    putCode(UInt64(far.symbol), 5)
    put(UInt64(distance - far.base), UInt64(far.extra))
  }

  private struct Range: Sendable {
    var symbol: Int
    var base: Int
    var extra: Int
  }

  /// 3.2.5: symbols 257 to 284, four for each number of extra bits after the first eight, and 285.
  private static let lengths: [Range] = {
    var ranges: [Range] = []
    var base = 3
    for symbol in 257..<285 {
      let extra = symbol < 265 ? 0 : (symbol - 261) / 4
      ranges.append(Range(symbol: symbol, base: base, extra: extra))
      base += 1 << extra
    }
    return ranges + [Range(symbol: 285, base: 258, extra: 0)]
  }()

  /// 3.2.5: two symbols for each number of extra bits after the first four.
  private static let distances: [Range] = {
    var ranges: [Range] = []
    var base = 1
    for symbol in 0..<30 {
      let extra = symbol < 4 ? 0 : symbol / 2 - 1
      ranges.append(Range(symbol: symbol, base: base, extra: extra))
      base += 1 << extra
    }
    return ranges
  }()

  // MARK: Bits

  /// Huffman codes begin with their highest bit (3.1.1).
  private mutating func putCode(_ code: UInt64, _ length: UInt64) {
    var reversed: UInt64 = 0
    for bit in 0..<length where code & (1 << bit) != 0 { reversed |= 1 << (length - 1 - bit) }
    put(reversed, length)
  }

  /// All else begins with its lowest bit.
  private mutating func put(_ value: UInt64, _ length: UInt64) {
    bits |= value << count
    count += length
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      count -= 8
    }
  }
}
