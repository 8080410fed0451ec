// A small writer of JSON: keys in the order of their bytes, so that the same report is the same
// bytes; an array of plain numbers stays on one line.

indirect enum JSONText: Sendable {
  case null
  case flag(Bool)
  case number(Int64)
  case text(String)
  case list([JSONText])
  case object([String: JSONText])

  static func text(optional value: String?) -> JSONText { value.map { .text($0) } ?? .null }

  /// The whole document, two spaces a level, with a line end.
  var document: [UInt8] {
    var result = ""
    write(into: &result, indent: "")
    return Array((result + "\n").utf8)
  }

  private var isPlain: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }

  private func write(into result: inout String, indent: String) {
    switch self {
    case .null: result += "null"
    case .flag(let value): result += value ? "true" : "false"
    case .number(let value): result += String(value)
    case .text(let value): result += Self.quoted(value)
    case .list(let values) where values.allSatisfy(\.isPlain):
      result += "["
      for (index, value) in values.enumerated() {
        if index > 0 { result += ", " }
        value.write(into: &result, indent: indent)
      }
      result += "]"
    case .list(let values):
      Self.write(values.map { (nil, $0) }, "[", "]", into: &result, indent: indent)
    case .object(let values):
      let pairs = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(pairs.map { ($0.key, $0.value) }, "{", "}", into: &result, indent: indent)
    }
  }

  private static func write(
    _ entries: [(key: String?, value: JSONText)], _ open: String, _ close: String,
    into result: inout String, indent: String
  ) {
    guard !entries.isEmpty else {
      result += open + close
      return
    }
    result += open + "\n"
    for (index, entry) in entries.enumerated() {
      result += indent + "  "
      if let key = entry.key { result += quoted(key) + ": " }
      entry.value.write(into: &result, indent: indent + "  ")
      result += index + 1 < entries.count ? ",\n" : "\n"
    }
    result += indent + close
  }

  /// RFC 8259, 7.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value >= 0x7F && !isPrintable(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Whether a terminal shows it, and nothing else.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0xA0 && !CleanText.isHidden(scalar)
  }
}
