// A picture as plain values: boxes, lines, signs and words at places. SVG and PNG are made of the same,
// so they show the same.

package struct Picture: Hashable, Sendable {
  /// Few, so that a raster needs four bits a point; each has a light and a dark value.
  package enum Ink: String, Hashable, Sendable, CaseIterable {
    case paper, ink, muted, faint, due
    case pass, fail, failPale, unknown
    case first, firstPale, second, secondPale, other, otherPale
  }

  package enum Form: Hashable, Sendable, CaseIterable {
    /// Names beside what they name.
    case broad
    /// For a telephone: names above it.
    case narrow

    static let margin = 8.0
    var width: Double { self == .broad ? 760 : 360 }
    var right: Double { width - Self.margin }

    /// Where time is drawn, when names take so much.
    func places(besideNamesOf room: Double) -> ClosedRange<Double> {
      (self == .broad ? Self.margin + room : Self.margin)...right
    }
  }

  package enum Anchor: String, Hashable, Sendable {
    case start, middle, end
  }

  package enum Mark: Hashable, Sendable {
    case box(x: Double, y: Double, width: Double, height: Double, Ink)
    /// Upright or level.
    case line(x: Double, y: Double, toX: Double, toY: Double, Ink, isDashed: Bool)
    /// A triangle on its tip, which is at the place.
    case tip(x: Double, y: Double, Ink)
    /// `y` is the base line's.
    case text(x: Double, y: Double, String, Anchor, Ink)
  }

  /// The size of a letter, in both forms: the raster's font has no other.
  package static let letter = (width: 7.0, height: 13.0)

  package var width: Double
  package var height: Double
  /// For whoever does not see it.
  package var title: String
  package var words: String
  package var marks: [Mark] = []

  package init(width: Double, height: Double, title: String, words: String) {
    self.width = width
    self.height = height
    self.title = title
    self.words = words
  }

  static func width(of text: String) -> Double { Double(text.count) * letter.width }

  /// A box at least `least` wide, so that it can be seen.
  mutating func bar(
    from: Double, to: Double, y: Double, height: Double, _ ink: Ink, least: Double = 1
  ) {
    let wide = max(to - from, least)
    marks.append(.box(x: from, y: y, width: wide, height: height, ink))
  }

  mutating func write(_ text: String, x: Double, y: Double, _ anchor: Anchor, _ ink: Ink) {
    marks.append(.text(x: x, y: y, text, anchor, ink))
  }

  /// Beside `x` where there is room: centred, else inside of `from...to`.
  mutating func label(
    _ text: String, at x: Double, y: Double, within bounds: ClosedRange<Double>, _ ink: Ink
  ) {
    let half = Self.width(of: text) / 2
    let room = max(bounds.lowerBound + half, min(x, bounds.upperBound - half))
    write(text, x: room, y: y, .middle, ink)
  }
}

extension Picture.Ink {
  /// sRGB on white paper; text and signs have a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3).
  var light: UInt32 {
    switch self {
    case .paper: 0xFFFFFF
    case .ink: 0x1B1F24
    case .muted: 0x57606A
    case .faint: 0xD8DEE4
    case .due: 0xFFE9A8
    case .pass: 0x1A7F37
    case .fail: 0xCF222E
    case .failPale: 0xFFC6C2
    case .unknown: 0x8A5A00
    case .first: 0x0969DA
    case .firstPale: 0xB6D7FF
    case .second: 0xB04600
    case .secondPale: 0xFFD1B0
    case .other: 0x6E40C9
    case .otherPale: 0xD8C8F7
    }
  }

  /// The same on dark paper.
  var dark: UInt32 {
    switch self {
    case .paper: 0x14181D
    case .ink: 0xE6EDF3
    case .muted: 0x9BA7B4
    case .faint: 0x333B45
    case .due: 0x4D3D0A
    case .pass: 0x4AC26B
    case .fail: 0xFF7B72
    case .failPale: 0x5E2724
    case .unknown: 0xE3B341
    case .first: 0x58A6FF
    case .firstPale: 0x1F3F66
    case .second: 0xFFA657
    case .secondPale: 0x5A3414
    case .other: 0xBC8CFF
    case .otherPale: 0x3D2B63
    }
  }

  /// `#1a7f37`
  static func hexadecimal(_ colour: UInt32) -> String {
    let digits = String(colour, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
