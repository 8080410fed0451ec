// `~SEQ(var, start, step, end) text` and `~LST(var, a, b) text`: a line that stands for several
// (keepalived.conf(5), "Sequence blocks" and "List blocks").

/// What is left of a sequence: each step sets names and gives the text again.
struct LineSequence {
  private enum Steps {
    case numbers(name: [UInt8], next: Int, last: Int, step: Int, isHexadecimal: Bool)
    case list(names: [[UInt8]], values: ArraySlice<[[UInt8]]>)
  }

  private var steps: Steps
  let text: TextLine

  /// The names' values of the next step, and whether it was the last one.
  mutating func next() -> (values: [(name: [UInt8], value: [UInt8])], isLast: Bool) {
    switch steps {
    case .numbers(let name, let number, let last, let step, let isHexadecimal):
      let text = isHexadecimal ? String(number, radix: 16) : String(number)
      let (after, overflows) = number.addingReportingOverflow(step)
      steps = .numbers(
        name: name, next: after, last: last, step: step, isHexadecimal: isHexadecimal)
      let isLast = overflows || (step > 0 ? after > last : after < last)
      return ([(name, Array(text.utf8))], isLast)
    case .list(let names, let values):
      steps = .list(names: names, values: values.dropFirst())
      return (Array(zip(names, values.first ?? [])), values.count <= 1)
    }
  }

  /// A line that starts with `~SEQ` or `~LST`; nil: the daemon cannot read it.
  init?(_ line: TextLine, substitute: ([UInt8]) -> [UInt8]?) {
    var scanner = Scanner(bytes: line.bytes, index: 4)
    let isList = line.bytes[1] == UInt8(ascii: "L")
    let isHexadecimal = !isList && scanner.take(UInt8(ascii: "x"))
    scanner.skipBlanks()
    guard scanner.take(UInt8(ascii: "(")) else { return nil }
    scanner.skipBlanks()
    let steps =
      isList ? Self.list(&scanner) : Self.numbers(&scanner, isHexadecimal, substitute)
    guard let steps else { return nil }
    self.steps = steps
    scanner.skipBlanks()
    text = line.part(scanner.index..<line.bytes.count)
  }

  private static func numbers(
    _ scanner: inout Scanner, _ isHexadecimal: Bool, _ substitute: ([UInt8]) -> [UInt8]?
  ) -> Steps? {
    let name = scanner.word(until: " \t,)")
    scanner.skipBlanks()
    guard !name.isEmpty, scanner.index < scanner.bytes.count,
      scanner.bytes[scanner.index] != UInt8(ascii: ")")
    else { return nil }
    scanner.index += 1
    guard let end = scanner.bytes[scanner.index...].firstIndex(of: UInt8(ascii: ")")),
      let inner = substitute(Array(scanner.bytes[scanner.index..<end]))
    else { return nil }
    scanner.index = end + 1
    let parts = inner.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let numbers = parts.map { Number.sequenceBound(Array($0)) }
    guard numbers.allSatisfy({ $0 != nil }) else { return nil }
    let bounds = numbers.compactMap { $0 }
    let (start, step, last): (Int, Int, Int)
    switch bounds.count {
    case 1: (start, step, last) = (bounds[0] < 0 ? -1 : 1, bounds[0] < 1 ? -1 : 1, bounds[0])
    case 2: (start, step, last) = (bounds[0], bounds[0] <= bounds[1] ? 1 : -1, bounds[1])
    case 3: (start, step, last) = (bounds[0], bounds[1], bounds[2])
    default: return nil
    }
    guard step != 0, !(start < last && step < 0), !(start > last && step > 0),
      !isHexadecimal || (start >= 0 && last >= 0)
    else { return nil }
    return .numbers(name: name, next: start, last: last, step: step, isHexadecimal: isHexadecimal)
  }

  private static func list(_ scanner: inout Scanner) -> Steps? {
    guard let names = group(&scanner, atMost: nil), scanner.take(UInt8(ascii: ",")) else {
      return nil
    }
    var values: [[[UInt8]]] = []
    repeat {
      scanner.skipBlanks()
      guard let group = group(&scanner, atMost: names.count) else { return nil }
      values.append(group + Array(repeating: [], count: names.count - group.count))
      if scanner.take(UInt8(ascii: ")")) { return .list(names: names, values: values[...]) }
    } while scanner.take(UInt8(ascii: ","))
    return nil
  }

  /// `word`, or `{word, word}`; the comma or parenthesis after it is left.
  private static func group(_ scanner: inout Scanner, atMost most: Int?) -> [[UInt8]]? {
    let isBraced = scanner.take(openingBrace)
    var words: [[UInt8]] = []
    repeat {
      scanner.skipBlanks()
      words.append(scanner.word(until: " \t,})"))
      scanner.skipBlanks()
      if let most, words.count > most { return nil }
    } while isBraced && scanner.take(UInt8(ascii: ","))
    if isBraced {
      guard scanner.take(closingBrace) else { return nil }
      scanner.skipBlanks()
    }
    return words
  }
}

/// Goes through the bytes of a line.
struct Scanner {
  let bytes: [UInt8]
  var index: Int

  mutating func skipBlanks() {
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  mutating func word(until ends: String) -> [UInt8] {
    let ends = Array(ends.utf8)
    let start = index
    while index < bytes.count, !ends.contains(bytes[index]) { index += 1 }
    return Array(bytes[start..<index])
  }
}
