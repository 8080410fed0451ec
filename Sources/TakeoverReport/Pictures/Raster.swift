// A picture as points, each with one of its inks: what PNG is made of. Jenkins and GitLab show nothing
// else.

struct Raster: Sendable {
  let width: Int
  let height: Int
  /// Row by row, each point the index of its ink.
  private(set) var points: [UInt8]

  static let inks = Picture.Ink.allCases
  /// The same for every picture.
  private static let numbers: [Picture.Ink: UInt8] = Dictionary(
    uniqueKeysWithValues: inks.enumerated().map { ($1, UInt8($0)) })

  init(_ picture: Picture) {
    width = max(Int(picture.width.rounded(.up)), 1)
    height = max(Int(picture.height.rounded(.up)), 1)
    points = Array(repeating: Self.number(.paper), count: width * height)
    for mark in picture.marks { draw(mark) }
  }

  private static func number(_ ink: Picture.Ink) -> UInt8 { numbers[ink] ?? 0 }

  private mutating func draw(_ mark: Picture.Mark) {
    switch mark {
    case .box(let x, let y, let width, let height, let ink):
      let (left, top) = (Int(x.rounded()), Int(y.rounded()))
      fill(
        left, top, max(Int((x + width).rounded()) - left, 1),
        max(Int((y + height).rounded()) - top, 1), ink)
    case .line(let x, let y, let toX, let toY, let ink, let isDashed):
      let length = Int(max(abs(toX - x), abs(toY - y)).rounded())
      let isUpright = x == toX
      for place in 0...max(length, 1) where !isDashed || place % 7 < 4 {
        let along = Int(min(isUpright ? y : x, isUpright ? toY : toX)) + place
        let across = Int(isUpright ? x : y)
        set(isUpright ? across : along, isUpright ? along : across, Self.number(ink))
      }
    case .tip(let x, let y, let ink):
      for row in 0...9 {
        let half = row * 4 / 9
        fill(Int(x.rounded()) - half, Int(y.rounded()) + row, half * 2 + 1, 1, ink)
      }
    case .text(let x, let y, let words, let anchor, let ink):
      let wide = words.count * PixelFont.width
      let left =
        switch anchor {
        case .start: Int(x.rounded())
        case .middle: Int(x.rounded()) - wide / 2
        case .end: Int(x.rounded()) - wide
        }
      write(words, left, Int(y.rounded()) - PixelFont.ascent, Self.number(ink))
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ number: UInt8) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    points[y * width + x] = number
  }

  private mutating func fill(
    _ left: Int, _ top: Int, _ wide: Int, _ high: Int, _ ink: Picture.Ink
  ) {
    let columns = max(left, 0)..<max(min(left + wide, width), max(left, 0))
    let number = Self.number(ink)
    for y in max(top, 0)..<max(min(top + high, height), max(top, 0)) {
      for x in columns { points[y * width + x] = number }
    }
  }

  private mutating func write(_ words: String, _ left: Int, _ top: Int, _ number: UInt8) {
    for (index, letter) in words.enumerated() {
      for (row, bits) in PixelFont.rows(of: letter).enumerated() where bits != 0 {
        for column in 0..<PixelFont.width where bits & (0x40 >> UInt8(column)) != 0 {
          set(left + index * PixelFont.width + column, top + row, number)
        }
      }
    }
  }
}
