// Parameters of kinds: declared once; YAML, validation, schema and help follow from it.

package struct Parameter: Sendable {
  package enum Form: Hashable, Sendable {
    case text, duration, flag, address
    case count(ClosedRange<Int>)
    case choice([String])
  }

  package let name: String
  package let form: Form
  package let required: Bool
  /// What it is when the plan does not say; nil: the kind finds out by itself.
  package let standard: ParameterValue?
  package let summary: String

  package init(
    _ name: String, _ form: Form, required: Bool = false, standard: ParameterValue? = nil,
    summary: String
  ) {
    self.name = name
    self.form = form
    self.required = required
    self.standard = standard
    self.summary = summary
  }
}

package enum ParameterValue: Hashable, Sendable {
  case text(String)
  case duration(Duration)
  case count(Int)
  case flag(Bool)
}

/// Checked values by parameter name; standards are filled in.
package struct Arguments: Hashable, Sendable, Codable {
  package var values: [String: ParameterValue]

  package init(_ values: [String: ParameterValue] = [:]) { self.values = values }

  package func text(_ name: String) -> String? {
    if case .text(let value) = values[name] { value } else { nil }
  }

  package func duration(_ name: String) -> Duration? {
    if case .duration(let value) = values[name] { value } else { nil }
  }

  package func count(_ name: String) -> Int? {
    if case .count(let value) = values[name] { value } else { nil }
  }

  package func flag(_ name: String) -> Bool? {
    if case .flag(let value) = values[name] { value } else { nil }
  }
}

extension ParameterValue: Codable {
  private enum Key: String, CodingKey { case text, nanoseconds, count, flag }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let value = try container.decodeIfPresent(String.self, forKey: .text) {
      self = .text(value)
    } else if let value = try container.decodeIfPresent(Int64.self, forKey: .nanoseconds) {
      self = .duration(.nanoseconds(value))
    } else if let value = try container.decodeIfPresent(Int.self, forKey: .count) {
      self = .count(value)
    } else {
      self = .flag(try container.decode(Bool.self, forKey: .flag))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .text(let value): try container.encode(value, forKey: .text)
    case .duration(let value): try container.encode(value.nanoseconds, forKey: .nanoseconds)
    case .count(let value): try container.encode(value, forKey: .count)
    case .flag(let value): try container.encode(value, forKey: .flag)
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// As a plan spells it.
  package var description: String {
    switch self {
    case .text(let value): value
    case .duration(let value): TimeText.chosen(value)
    case .count(let value): String(value)
    case .flag(let value): String(value)
    }
  }
}

/// The explicit, ordered list of the kinds of something. No registry: what is not in it is not.
package struct Catalog<Kind: Sendable>: Sendable {
  package let kinds: [Kind]
  package init(_ kinds: [Kind]) { self.kinds = kinds }
}
