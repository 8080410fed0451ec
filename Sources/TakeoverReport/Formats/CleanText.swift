// Remote text made harmless: output of nodes may hold terminal escapes, bytes that no document
// allows, and words that a CI system takes for its own.

package enum CleanText {
  /// What a line keeps of a text that does not end, in bytes.
  private static let longest = 4_096

  /// Without terminal escape sequences (ECMA-48 5.4), and spelled out, as `#x1B`: every other
  /// character that XML 1.0 forbids (2.2) or that cannot be seen, and the second `#` of `##[` and
  /// `##vso[`, which are commands to GitHub and Azure wherever they stand in a line of a log.
  package static func legible(_ text: String) -> String {
    let scalars = withoutEscapes(text)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      let isCommand =
        scalar == "#" && index > 0 && scalars[index - 1] == "#" && index + 1 < scalars.count
        && (scalars[index + 1] == "[" || scalars[index + 1].properties.isAlphabetic)
      if isLegal(scalar), !isCommand {
        result.unicodeScalars.append(scalar)
      } else {
        result += spelled(scalar)
      }
    }
    return result
  }

  /// The same on one line, of bounded length; `::` at its beginning, which is a command to GitHub,
  /// is spelled out.
  package static func line(_ text: String) -> String {
    let head = text.utf8.count > 4 * longest ? bytes(text, 4 * longest) : text
    let line = legible(head).split(whereSeparator: \.isNewline).joined(separator: " ")
    let words = line.drop(while: \.isWhitespace)
    return cut(words.hasPrefix("::") ? spelled(":") + words.dropFirst() : line, to: longest)
  }

  private static func bytes(_ text: String, _ count: Int) -> String {
    String(decoding: text.utf8.prefix(count), as: UTF8.self)
  }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "#x" + (digits.count == 1 ? "0" : "") + digits
  }

  /// Characters that turn text around or cannot be seen (Unicode's Cf: U+202E and its like), but
  /// for the two joiners that scripts and emoji are written with.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format && !(0x200C...0x200D).contains(scalar.value)
  }

  /// The beginning of the text, in at most `limit` bytes, with a word where something is missing.
  package static func cut(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    let mark = "…"
    var size = mark.utf8.count
    let head = text.prefix { character in
      size += character.utf8.count
      return size <= limit
    }
    return head + mark
  }

  private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: true
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: false
    case 0x20..<0x7F: true
    default: !isHidden(scalar)
    }
  }

  private static func withoutEscapes(_ text: String) -> [Unicode.Scalar] {
    let scalars = Array(text.unicodeScalars)
    var kept: [Unicode.Scalar] = []
    var index = 0
    while index < scalars.count {
      if let end = endOfEscape(scalars, at: index) {
        index = end
      } else {
        kept.append(scalars[index])
        index += 1
      }
    }
    return kept
  }

  /// The index after the control sequence (ESC [ … final) or the operating system command
  /// (ESC ] … BEL or ESC \) that begins here; nil: none does, or it is not complete.
  private static func endOfEscape(_ scalars: [Unicode.Scalar], at index: Int) -> Int? {
    guard scalars[index].value == 0x1B, index + 1 < scalars.count else { return nil }
    switch scalars[index + 1] {
    case "[":
      var end = index + 2
      while end < scalars.count, (0x20...0x3F).contains(scalars[end].value) { end += 1 }
      guard end < scalars.count, (0x40...0x7E).contains(scalars[end].value) else { return nil }
      return end + 1
    case "]":
      var end = index + 2
      while end < scalars.count {
        if scalars[end].value == 0x07 { return end + 1 }
        if scalars[end].value == 0x1B {
          return end + 1 < scalars.count && scalars[end + 1] == "\\" ? end + 2 : nil
        }
        end += 1
      }
      return nil
    default: return nil
    }
  }
}
