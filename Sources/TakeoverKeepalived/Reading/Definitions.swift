// `$NAME=text` and its uses (keepalived.conf(5), "Parameter substitution").

/// What a name stands for. A definition of several lines keeps them parted by line ends; it is used
/// only where the name ends a line.
struct Definition {
  var value: [UInt8]
  var hasLines: Bool
  /// `_RANDOM` takes a range.
  var takesRange = false
}

/// The names, in no order: a later definition takes the place of an earlier one.
struct Definitions {
  private(set) var byName: [[UInt8]: Definition] = [:]
  /// `_RANDOM`'s value is the daemon's secret; whoever reads the use has to say so.
  static let random = Array("_RANDOM".utf8)
  static let directory = Array("_PWD".utf8)

  init(instance: String?) {
    byName[Self.directory] = Definition(value: [], hasLines: false)
    byName[Array("_INSTANCE".utf8)] = Definition(
      value: Array((instance ?? "").utf8), hasLines: false)
    byName[Self.random] = Definition(value: [UInt8(ascii: "0")], hasLines: false, takesRange: true)
    byName[Array("_HASH".utf8)] = Definition(value: [UInt8(ascii: "#")], hasLines: false)
    byName[Array("_BANG".utf8)] = Definition(value: [UInt8(ascii: "!")], hasLines: false)
  }

  subscript(name: [UInt8]) -> Definition? {
    get { byName[name] }
    set { byName[name] = newValue }
  }

  mutating func set(_ name: [UInt8], _ value: [UInt8]) {
    byName[name] = Definition(value: value, hasLines: false)
  }

  /// `$NAME=text` at the start of a line, without a blank before the `=`; nil: it is no definition.
  /// A backslash at the end says that more lines follow.
  static func parse(_ line: [UInt8]) -> (name: [UInt8], Definition)? {
    guard line.count > 2, line[0] == dollar, isNameByte(line[1]), !isDigit(line[1]),
      let equals = line.firstIndex(of: UInt8(ascii: "=")),
      line[1..<equals].allSatisfy(isNameByte)
    else { return nil }
    var value = Array(line[(equals + 1)...].drop(while: isBlank))
    let hasLines = value.last == backslash
    if hasLines {
      value.removeLast()
      while value.count > 1, let last = value.last, isBlank(last) { value.removeLast() }
      value = value.allSatisfy(isBlank) ? [] : value + [UInt8(ascii: "\n")]
    }
    return (Array(line[1..<equals]), Definition(value: value, hasLines: hasLines))
  }

  /// A use that starts at `index` (a `$`): the name, and how far it goes. nil: no name stands there.
  struct Use {
    var name: [UInt8]
    var end: Int
    /// `${_RANDOM 1 5}`: the digits.
    var range: [UInt8]?
  }

  static func use(in line: [UInt8], at index: Int) -> Use? {
    var start = index + 1
    let isBraced = start < line.count && line[start] == openingBrace
    if isBraced { start += 1 }
    guard start < line.count, isNameByte(line[start]), !isDigit(line[start]) else { return nil }
    var end = start + 1
    while end < line.count, isNameByte(line[end]) { end += 1 }
    let name = Array(line[start..<end])
    guard isBraced else {
      let isOver = end == line.count || " \t,)".utf8.contains(line[end])
      return isOver ? Use(name: name, end: end) : nil
    }
    let afterName = end
    while end < line.count, line[end] == 0x20 || isDigit(line[end]) { end += 1 }
    guard end < line.count, line[end] == closingBrace else { return nil }
    let range = Array(line[afterName..<end].drop { $0 == 0x20 })
    if let last = range.last, last == 0x20 { return nil }
    return Use(name: name, end: end + 1, range: range.isEmpty ? nil : range)
  }
}
