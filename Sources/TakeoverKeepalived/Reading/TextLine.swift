// A line on its way from a file to the words: bytes that still know their columns, without comments.

/// Bytes of one line, each with the column it came from; substituted ones have that of their `$`.
struct TextLine {
  var bytes: [UInt8]
  var columns: [Int32]
  var file: String
  var line: Int

  init(_ bytes: [UInt8], file: String, line: Int, column: Int = 1) {
    self.bytes = bytes
    columns = (0..<bytes.count).map { Int32(truncatingIfNeeded: column + $0) }
    self.file = file
    self.line = line
  }

  var isEmpty: Bool { bytes.isEmpty }

  func place(at index: Int) -> Place {
    let column = index < columns.count ? Int(columns[index]) : Int(columns.last ?? 0) + 1
    return Place(file: file, line: line, column: column)
  }

  var place: Place { place(at: 0) }

  /// The part of the line in `range`; the places stay.
  func part(_ range: Range<Int>) -> TextLine {
    var part = self
    part.bytes = Array(bytes[range])
    part.columns = Array(columns[range])
    return part
  }

  mutating func replace(_ range: Range<Int>, by replacement: some Collection<UInt8>) {
    let column = range.lowerBound < columns.count ? columns[range.lowerBound] : 1
    bytes.replaceSubrange(range, with: replacement)
    columns.replaceSubrange(range, with: repeatElement(column, count: replacement.count))
  }

  mutating func remove(_ range: Range<Int>) {
    bytes.removeSubrange(range)
    columns.removeSubrange(range)
  }

  mutating func trimBlanksAtEnd() {
    let kept = (bytes.lastIndex { !isBlank($0) }).map { $0 + 1 } ?? 0
    remove(kept..<bytes.count)
  }

  /// From `index`, the first byte that is no blank.
  func afterBlanks(_ index: Int) -> Int {
    var index = index
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
    return index
  }
}

/// Space or tab.
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

/// What parts words: C's isspace().
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte & 0xdf) }

/// What may follow the first letter of a definition's name.
func isNameByte(_ byte: UInt8) -> Bool {
  isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
}

let openingBrace = UInt8(ascii: "{")
let closingBrace = UInt8(ascii: "}")
let quote = UInt8(ascii: "\"")
let backslash = UInt8(ascii: "\\")
let dollar = UInt8(ascii: "$")

extension TextLine {
  /// Takes away comments (`!` or `#` outside of quotes), the backslash of `\!` and `\#` outside of
  /// quotes, and blanks at both ends, also before a backslash that ends the line (keepalived.conf(5),
  /// "Comments"). A backslash that ends the line is kept even where a comment hides it. Returns
  /// whether a quote is left open.
  mutating func decomment() -> Bool {
    remove(0..<afterBlanks(0))
    let goesOn = hasLastBackslash
    let end = goesOn ? bytes.count - 1 : bytes.count
    var kept = TextLine([], file: file, line: line)
    kept.bytes.reserveCapacity(end)
    kept.columns.reserveCapacity(end)
    var isQuoted = false
    var isComment = false
    var index = 0
    func keep(_ index: Int) {
      guard !isComment else { return }
      kept.bytes.append(bytes[index])
      kept.columns.append(columns[index])
    }
    while index < end {
      switch bytes[index] {
      case quote:
        if !isComment { isQuoted.toggle() }
        keep(index)
      case backslash where index + 1 < end:
        let next = bytes[index + 1]
        if isQuoted || !(next == UInt8(ascii: "#") || next == UInt8(ascii: "!")) { keep(index) }
        index += 1
        keep(index)
      case UInt8(ascii: "!") where !isQuoted, UInt8(ascii: "#") where !isQuoted: isComment = true
      default: keep(index)
      }
      index += 1
    }
    kept.trimBlanksAtEnd()
    if goesOn {
      kept.bytes.append(backslash)
      kept.columns.append(columns[end])
    }
    self = kept
    return isQuoted
  }

  /// Whether the line ends with a backslash that no other one escapes: the daemon goes through the
  /// line in pairs.
  private var hasLastBackslash: Bool {
    guard bytes.last == backslash else { return false }
    var count = 0
    for byte in bytes.reversed() {
      guard byte == backslash else { break }
      count += 1
    }
    return count % 2 == 1
  }
}
