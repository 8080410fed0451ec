// A line parted into words, in the two ways the daemon has.

/// A word and where it stands; quotes are gone.
struct Word: Hashable {
  var bytes: [UInt8]
  var place: Place

  var text: String { String(decoding: bytes, as: UTF8.self) }

  static func == (word: Word, text: String) -> Bool { word.bytes.elementsEqual(text.utf8) }
  static func != (word: Word, text: String) -> Bool { !(word == text) }
}

extension TextLine {
  /// Parted at white space; what is between two quotes is one word, whatever stands beside it
  /// (lib/parser.c, alloc_strvec).
  func words(_ remarks: inout Remarks) -> [Word] {
    var words: [Word] = []
    var index = 0
    while true {
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count else { return words }
      var start = index
      if bytes[index] == quote {
        start += 1
        guard let end = bytes[start...].firstIndex(of: quote) else {
          remarks.error(
            "a quote is opened and not closed: the rest of the line is left out",
            at: place(at: index), remedy: "Close it on the same line.")
          return words
        }
        index = end + 1
        words.append(Word(bytes: Array(bytes[start..<end]), place: place(at: start - 1)))
      } else {
        while index < bytes.count, !isSpace(bytes[index]), bytes[index] != quote { index += 1 }
        words.append(Word(bytes: Array(bytes[start..<index]), place: place(at: start)))
      }
    }
  }
}

/// Commands are parted as a shell does it: single and double quotes, and escapes (lib/parser.c,
/// alloc_strvec_quoted_escaped). From 2.3 on, the words of a `vrrp_script` keep their backslashes.
enum CommandWords {
  enum Fault: Error { case openQuote, nothingEscaped }

  static func split(_ bytes: [UInt8], keepingEscapes keeps: Bool) throws(Fault) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var index = 0
    while true {
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count else { return words }
      words.append(try word(bytes, &index, keeps))
    }
  }

  private static func word(
    _ bytes: [UInt8], _ index: inout Int, _ keeps: Bool
  ) throws(Fault) -> [UInt8] {
    var word: [UInt8] = []
    var open: UInt8?
    while index < bytes.count {
      let byte = bytes[index]
      if byte == backslash {
        guard index + 1 < bytes.count else { throw .nothingEscaped }
        if keeps {
          word += [byte, bytes[index + 1]]
          index += 2
        } else {
          word.append(escape(bytes, &index))
        }
      } else if byte == open {
        open = nil
        index += 1
      } else if open == nil, isSpace(byte) {
        return word
      } else if open == nil, byte == quote || byte == UInt8(ascii: "'") {
        open = byte
        index += 1
      } else {
        word.append(byte)
        index += 1
      }
    }
    if open != nil { throw .openQuote }
    return word
  }

  /// What stands for the byte after the backslash at `index`.
  private static func escape(_ bytes: [UInt8], _ index: inout Int) -> UInt8 {
    index += 1
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "x") where index < bytes.count && hexadecimal(bytes[index]) != nil:
      var value: UInt8 = 0
      while index < bytes.count, let digit = hexadecimal(bytes[index]) {
        value = value << 4 | digit
        index += 1
      }
      return value
    case UInt8(ascii: "c") where index < bytes.count:
      index += 1
      return bytes[index - 1] & 0x1f
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = byte - 0x30
      for _ in 0..<2 where index < bytes.count && (0x30...0x37).contains(bytes[index]) {
        value = value << 3 | (bytes[index] - 0x30)
        index += 1
      }
      return value
    default: return controls[byte] ?? byte
    }
  }

  private static let controls: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "E"): 0x1b,
    UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d,
    UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0b,
  ]

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
