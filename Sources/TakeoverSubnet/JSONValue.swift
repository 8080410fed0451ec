// JSON (RFC 8259) as the control plane speaks it: answers in the order in which they were put together,
// questions whatever their order.

internal import FoundationEssentials

package indirect enum JSONValue: Sendable {
  case null
  case flag(Bool)
  case number(Int64)
  case fraction(Double)
  case text(String)
  case list([JSONValue])
  case object([(String, JSONValue)])

  /// nil: it is no JSON, or a number in it is too large for the control plane.
  package init?(_ bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
      return nil
    }
    self = value
  }

  /// Whether lists and objects are nested at most 32 deep, as anything that is asked here: whoever reads
  /// JSON by calling himself must not be led further.
  package static func isShallow(_ bytes: [UInt8]) -> Bool {
    var (depth, inText, isEscaped) = (0, false, false)
    for byte in bytes {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where inText: isEscaped = true
      case UInt8(ascii: "\""): inText.toggle()
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += inText ? 0 : 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= inText ? 0 : 1
      default: break
      }
      if depth > 32 { return false }
    }
    return true
  }

  /// In one line.
  package var text: String {
    switch self {
    case .null: "null"
    case .flag(let flag): String(flag)
    case .number(let number): String(number)
    case .fraction(let number): number.isFinite ? String(number) : "null"
    case .text(let text): Self.quoted(text)
    case .list(let list): "[" + list.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0) + ":" + $1.text }.joined(separator: ",") + "}"
    }
  }

  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension JSONValue: Decodable {
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Name.self) {
      self = .object(
        try container.allKeys.map {
          ($0.stringValue, try container.decode(JSONValue.self, forKey: $0))
        })
      return
    }
    if var container = try? decoder.unkeyedContainer() {
      var list: [JSONValue] = []
      while !container.isAtEnd { list.append(try container.decode(JSONValue.self)) }
      self = .list(list)
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else if let number = try? container.decode(Double.self) {
      self = .fraction(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }
}
