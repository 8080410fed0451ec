// Numbers as the daemon reads them: C's strtol with its leftovers, decimals by moving the point
// (lib/parser.c, read_int, read_unsigned, read_decimal_unsigned).

enum Number {
  /// What was read: the value that the daemon takes (nil: none, the keyword's own rule holds), and
  /// what it says about it (nil: nothing).
  struct Reading<Value> {
    var value: Value?
    var complaint: String?
  }

  /// A number with a sign. Where the daemon is lenient, what follows the digits is left out and the
  /// number counts (but not while it only tests the configuration).
  static func signed(_ word: [UInt8], _ range: ClosedRange<Int>, lenient: Bool) -> Reading<Int> {
    whole(word, range, within: Int(Int32.min)...Int(Int32.max), lenient: lenient)
  }

  static func unsigned(_ word: [UInt8], _ range: ClosedRange<Int>, lenient: Bool) -> Reading<Int> {
    if word.first(where: { !isSpace($0) }) == UInt8(ascii: "-") {
      return Reading(value: nil, complaint: "\(quoted(word)) is a negative number")
    }
    return whole(word, range, within: 0...Int(UInt32.max), lenient: lenient)
  }

  private static func whole(
    _ word: [UInt8], _ range: ClosedRange<Int>, within type: ClosedRange<Int>, lenient: Bool
  ) -> Reading<Int> {
    let (value, rest, overflows) = digits(word)
    if rest != 0 {
      return Reading(
        value: lenient && range.contains(value) ? value : nil,
        complaint: "\(quoted(word)) is no whole number")
    }
    guard !overflows, type.contains(value), range.contains(value) else {
      return Reading(value: nil, complaint: outside(word, range.lowerBound, range.upperBound))
    }
    return Reading(value: value, complaint: nil)
  }

  private static func outside(_ word: [UInt8], _ low: Int, _ high: Int) -> String {
    "\(quoted(word)) is not from \(low) to \(high)"
  }

  /// A decimal with at most `places` places, in units of the last of them; a range in such units.
  /// 1.5 with 6 places is 1,500,000.
  static func decimal(
    _ word: [UInt8], _ range: ClosedRange<Int>, places: Int = 6, lenient: Bool = true
  ) -> Reading<Int> {
    if word.first == UInt8(ascii: "-") {
      return Reading(value: nil, complaint: "\(quoted(word)) is a negative number")
    }
    var moved = word
    var decimals = 0
    var complaint: String?
    var roundsUp = false
    if let point = word.firstIndex(of: UInt8(ascii: ".")) {
      var fraction = word[(point + 1)...]
      if fraction.count > places {
        complaint = "\(quoted(word)) has more than \(places) decimal places"
        roundsUp = fraction[point + 1 + places] >= UInt8(ascii: "5")
        fraction = fraction.prefix(places)
      }
      decimals = fraction.count
      moved = Array(word[..<point] + fraction)
    }
    moved += [UInt8](repeating: UInt8(ascii: "0"), count: places - decimals)
    var (value, rest, overflows) = digits(moved)
    if roundsUp { (value, _) = value.addingReportingOverflow(1) }
    if rest == 0, !overflows, range.contains(value) {
      return Reading(value: value, complaint: complaint)
    }
    if rest != 0 {
      complaint = "\(quoted(word)) is no decimal number"
    } else {
      let unit = (0..<places).reduce(1.0) { unit, _ in unit * 10 }
      complaint =
        "\(quoted(word)) is not from \(brief(Double(range.lowerBound) / unit)) to"
        + " \(brief(Double(range.upperBound) / unit))"
    }
    let counts = lenient && !overflows && range.contains(value)
    return Reading(value: counts ? value : nil, complaint: complaint)
  }

  private static func brief(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }

  /// A bound of `~SEQ`: decimal, octal with a leading 0, or hexadecimal with 0x; blanks around it.
  static func sequenceBound(_ bytes: [UInt8]) -> Int? {
    let word = bytes.drop(while: isBlank)
    let text = String(decoding: word.prefix { !isBlank($0) }, as: UTF8.self)
    guard word.drop(while: { !isBlank($0) }).allSatisfy(isBlank) else { return nil }
    let isNegative = text.hasPrefix("-")
    var digits = Substring(text.drop { "+-".contains($0) })
    guard text.count - digits.count <= 1 else { return nil }
    var radix = 10
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      (digits, radix) = (digits.dropFirst(2), 16)
    } else if digits.hasPrefix("0"), digits.count > 1 {
      (digits, radix) = (digits.dropFirst(), 8)
    }
    guard digits.first != "+", digits.first != "-" else { return nil }
    // strtol reads 0 where there is no digit at all.
    guard !digits.isEmpty else { return 0 }
    return Int(digits, radix: radix).map { isNegative ? -$0 : $0 }
  }

  /// strtol: white space, a sign, digits; how many bytes are left over. No digits are 0 with all of
  /// it left over.
  private static func digits(_ word: [UInt8]) -> (value: Int, rest: Int, overflows: Bool) {
    var index = 0
    while index < word.count, isSpace(word[index]) { index += 1 }
    var isNegative = false
    if index < word.count, word[index] == UInt8(ascii: "-") || word[index] == UInt8(ascii: "+") {
      isNegative = word[index] == UInt8(ascii: "-")
      index += 1
    }
    let start = index
    var value = 0
    var overflows = false
    while index < word.count, isDigit(word[index]) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(Int(word[index] - 0x30))
      if overflow || carry { overflows = true } else { value = sum }
      index += 1
    }
    if index == start { return (0, word.count, false) }
    return (isNegative ? -value : value, word.count - index, overflows)
  }
}

extension Number {
  /// What strtol makes of a word, within an Int32, whatever follows it: some keywords complain and
  /// take it all the same.
  static func taken(_ word: [UInt8]) -> Int {
    let reading = signed(word, Int(Int32.min)...Int(Int32.max), lenient: true)
    return reading.value ?? 0
  }
}
