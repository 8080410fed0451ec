// JSON as text, in the order in which it was put together: the same schema gives the same bytes.

indirect enum JSON {
  case text(String)
  case count(Int)
  case flag(Bool)
  case list([JSON])
  case object([(String, JSON)])

  /// Indented by two spaces; short lists of words stay on one line. No newline at the end.
  var pretty: String { pretty("") }

  private func pretty(_ indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .count(let count): return String(count)
    case .flag(let flag): return String(flag)
    case .list(let list):
      let flat = list.allSatisfy { if case .text = $0 { true } else { false } }
      let parts = list.map { $0.pretty(inner) }
      if flat { return "[\(parts.joined(separator: ", "))]" }
      return "[\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let parts = members.map { "\(inner)\(Self.quoted($0)): \($1.pretty(inner))" }
      return "{\n" + parts.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// RFC 8259, 7.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
