// What a deflated stream of fixed codes stands for (RFC 1951), read as the standard says and not as our
// writer writes; and a PNG file taken apart.

import Testing

enum Inflated {
  private struct Bits {
    let bytes: [UInt8]
    var place = 0

    mutating func next(_ count: Int) throws -> Int {
      var value = 0
      for index in 0..<count {
        try #require(place / 8 < bytes.count, "the stream is cut short")
        value |= Int(bytes[place / 8] >> UInt8(place % 8) & 1) << index
        place += 1
      }
      return value
    }

    mutating func code(_ count: Int) throws -> Int {
      try (0..<count).reduce(0) { value, _ in try value << 1 | next(1) }
    }
  }

  static func bytes(_ stream: [UInt8]) throws -> [UInt8] {
    var bits = Bits(bytes: stream)
    try #require(try bits.next(1) == 1, "not the last block")
    try #require(try bits.next(2) == 1, "not the fixed codes")
    var output: [UInt8] = []
    while true {
      let symbol = try Self.symbol(&bits)
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { break }
      let (base, extra) = lengths[symbol - 257]
      let length = base + (try bits.next(extra))
      let (far, more) = distances[try bits.code(5)]
      let distance = far + (try bits.next(more))
      try #require(distance <= output.count, "a match before the beginning")
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
    #expect((bits.place + 7) / 8 == stream.count, "bytes behind the end")
    return output
  }

  /// 3.2.6: seven bits up to 23, eight up to 199, else nine.
  private static func symbol(_ bits: inout Bits) throws -> Int {
    var code = try bits.code(7)
    if code <= 0b0010111 { return 256 + code }
    code = code << 1 | (try bits.next(1))
    if code <= 0b1011_1111 { return code - 0b0011_0000 }
    if code <= 0b1100_0111 { return 280 + code - 0b1100_0000 }
    code = code << 1 | (try bits.next(1))
    return 144 + code - 0b1_1001_0000
  }

  private static let lengths: [(Int, Int)] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1),
    (17, 1), (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4),
    (83, 4), (99, 4), (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
  ]
  private static let distances: [(Int, Int)] = [
    (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4),
    (49, 4), (65, 5), (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8),
    (1025, 9), (1537, 9), (2049, 10), (3073, 10), (4097, 11), (6145, 11), (8193, 12), (12289, 12),
    (16385, 13), (24577, 13),
  ]
}

/// The points of a PNG file of ours: four bits each, without filters.
struct ReadPNG {
  private(set) var width = 0
  private(set) var height = 0
  private(set) var palette: [[UInt8]] = []
  private(set) var points: [UInt8] = []

  init(_ file: [UInt8]) throws {
    try #require(file.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10])
    var rest = file.dropFirst(8)
    var (names, stream): ([String], [UInt8]) = ([], [])
    while !rest.isEmpty {
      let length = Self.number(rest.prefix(4))
      let name = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
      let content = rest.dropFirst(8).prefix(length)
      let sum = Self.number(rest.dropFirst(8 + length).prefix(4))
      try #require(sum == Int(Self.sum(of: rest.dropFirst(4).prefix(4 + length))), "\(name)")
      names.append(name)
      switch name {
      case "IHDR":
        width = Self.number(content.prefix(4))
        height = Self.number(content.dropFirst(4).prefix(4))
        #expect(Array(content.dropFirst(8)) == [4, 3, 0, 0, 0])
      case "PLTE":
        let all = Array(content)
        palette = stride(from: 0, to: all.count, by: 3).map { Array(all[$0..<($0 + 3)]) }
      case "IDAT": stream += content
      default: break
      }
      rest = rest.dropFirst(12 + length)
    }
    #expect(names == ["IHDR", "PLTE", "IDAT", "IEND"])
    try #require(stream.count > 6 && (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0)
    let bytes = try Inflated.bytes(Array(stream.dropFirst(2).dropLast(4)))
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    #expect(Self.number(stream.suffix(4)) == high << 16 | low)
    let row = (width + 1) / 2 + 1
    try #require(bytes.count == row * height)
    for y in 0..<height {
      #expect(bytes[y * row] == 0, "a filter")
      for x in 0..<width {
        let byte = bytes[y * row + 1 + x / 2]
        points.append(x % 2 == 0 ? byte >> 4 : byte & 15)
      }
    }
  }

  func colour(_ x: Int, _ y: Int) -> [UInt8] { palette[Int(points[y * width + x])] }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// CRC-32, bit by bit (ISO/IEC 15948, D).
  private static func sum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
