// Remote text made harmless: output of nodes may hold terminal escapes and bytes that no document
// allows.

package enum CleanText {
  /// Without terminal escape sequences (ECMA-48 5.4), and with every other character that XML 1.0
  /// forbids (2.2) spelled out, as `#x1B`.
  static func legible(_ text: String) -> String {
    var result = ""
    for scalar in withoutEscapes(text) {
      if isLegal(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "#x" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  /// The same on one line.
  package static func line(_ text: String) -> String {
    legible(text).split(whereSeparator: \.isNewline).joined(separator: " ")
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
    default: true
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
