// A raster as a PNG file (ISO/IEC 15948): four bits a point and a palette. Deflate is our own, so that
// no library is needed: pictures of lanes are long runs and rows like the one above.

enum PNG {
  static func file(_ raster: Raster) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // 4 bits, palette, deflate, the standard filters, not interlaced.
    chunk("IHDR", word(raster.width) + word(raster.height) + [4, 3, 0, 0, 0], into: &file)
    let palette = Raster.inks.flatMap { ink in
      [16, 8, 0].map { UInt8(truncatingIfNeeded: ink.light >> UInt32($0)) }
    }
    chunk("PLTE", palette, into: &file)
    let row = (raster.width + 1) / 2 + 1
    chunk("IDAT", zlib(packed(raster), row: row), into: &file)
    chunk("IEND", [], into: &file)
    return file
  }

  /// Every row with its filter's number (0: none), two points a byte, the left one in the high bits.
  private static func packed(_ raster: Raster) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(((raster.width + 1) / 2 + 1) * raster.height)
    for y in 0..<raster.height {
      bytes.append(0)
      let start = y * raster.width
      for x in stride(from: 0, to: raster.width, by: 2) {
        let right = x + 1 < raster.width ? raster.points[start + x + 1] : 0
        bytes.append(raster.points[start + x] << 4 | right)
      }
    }
    return bytes
  }

  private static func word(_ number: Int) -> [UInt8] { word(UInt32(clamping: number)) }

  private static func word(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
  }

  private static func chunk(_ name: String, _ content: [UInt8], into file: inout [UInt8]) {
    file += word(content.count)
    let checked = Array(name.utf8) + content
    file += checked
    file += word(Self.cyclicRedundancy(of: checked))
  }

  /// RFC 1950: the header of a 32 KiB window, the deflated bytes, Adler-32.
  private static func zlib(_ bytes: [UInt8], row: Int) -> [UInt8] {
    var deflate = Deflate(row: row)
    return [0x78, 0x01] + deflate.whole(bytes) + word(adler(of: bytes))
  }

  private static func adler(of bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    // 5552 is as far as the sums go without exceeding 32 bits.
    for start in stride(from: 0, to: bytes.count, by: 5_552) {
      for byte in bytes[start..<min(start + 5_552, bytes.count)] {
        low += UInt32(byte)
        high += low
      }
      (low, high) = (low % 65_521, high % 65_521)
    }
    return high << 16 | low
  }

  private static let remainders: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { rest, _ in
      rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1
    }
  }

  private static func cyclicRedundancy(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      remainders[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
    }
  }
}
