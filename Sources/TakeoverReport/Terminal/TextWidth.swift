// How many columns of a terminal a text takes: an address of twelve letters and a trial named in
// Chinese line up, and no line of a panel is ever longer than the screen is wide.

package enum TextWidth {
  /// Scripts and signs of two columns (Unicode's East Asian Width W and F, UAX 11) that are no emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265,
    0x20000...0x3FFFD,
  ]

  /// The columns of a text without controls; colour (ECMA-48 SGR) takes none.
  package static func columns(of text: String) -> Int {
    // Most of what is shown is ASCII.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    return plain(text).reduce(0) { $0 + columns(of: $1) }
  }

  /// Never less than a terminal takes: one that draws a family of three as one sign takes less.
  static func columns(of character: Character) -> Int {
    var sum = 0
    var last = 0
    for scalar in character.unicodeScalars {
      // The variation selector that asks for the sign's picture (Unicode TR 51, 1.4.3).
      if scalar.value == 0xFE0F, last == 1 { sum += 1 }
      last = columns(of: scalar)
      sum += last
    }
    return sum
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 {
      return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD ? 0 : 1
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The vowels and finals of Hangul stand inside the square of their first letter.
    if (0x1160...0x11FF).contains(value) { return 0 }
    // A flag is two of these.
    if (0x1F1E6...0x1F1FF).contains(value) { return 1 }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The beginning of the text in at most so many columns, with a sign where something is missing.
  package static func cut(_ text: String, to limit: Int) -> String {
    guard columns(of: text) > limit else { return text }
    guard limit > 0 else { return "" }
    var size = 1
    let head = text.prefix { character in
      size += columns(of: character)
      return size <= limit
    }
    return head + "…"
  }

  /// The text with spaces behind it, or cut: as wide as that, or one column less where a wide sign
  /// would have stood half outside.
  package static func fitted(_ text: String, to width: Int) -> String {
    let text = cut(text, to: width)
    return text + String(repeating: " ", count: max(0, width - columns(of: text)))
  }

  /// The text on lines of at most so many columns, broken between words where there are any.
  package static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = String(word)
      if !line.isEmpty, columns(of: line) + 1 + columns(of: word) <= width {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while columns(of: word) > width, width > 1 {
        let head = beginning(of: word, upTo: width)
        lines.append(String(head))
        word = String(word.unicodeScalars.dropFirst(head.unicodeScalars.count))
      }
      line = word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Whole characters; of one that is wider than that, as many of its parts as fit, and never nothing.
  private static func beginning(of word: String, upTo width: Int) -> String {
    var size = 0
    let head = word.prefix { character in
      size += columns(of: character)
      return size <= width
    }
    if !head.isEmpty { return String(head) }
    var parts = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      parts.append(scalar)
      if parts.count > 1, columns(of: String(parts)) > width {
        parts.removeLast()
        break
      }
    }
    return String(parts)
  }

  private static func plain(_ text: String) -> String {
    guard text.unicodeScalars.contains("\u{1B}") else { return text }
    var result = ""
    var isInside = false
    for scalar in text.unicodeScalars {
      if scalar == "\u{1B}" {
        isInside = true
      } else if isInside {
        isInside = scalar != "m"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
