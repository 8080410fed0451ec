// As much of JSON Schema (draft-07) as Takeover's own schemas use, to hold documents against them.

package import Foundation

package struct SchemaChecker {
  private let schema: Any
  private let definitions: [String: Any]

  package init(_ text: String) throws {
    schema = try JSONSerialization.jsonObject(with: Data(text.utf8))
    definitions = (schema as? [String: Any])?["definitions"] as? [String: Any] ?? [:]
  }

  package func complaints(about document: [UInt8]) throws -> [String] {
    try complaints(about: Data(document))
  }

  /// What is wrong with the document, and where; empty: it is valid.
  package func complaints(about document: Data) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: document, options: .fragmentsAllowed)
    return complaints(value, schema, "$")
  }

  /// Keywords that say nothing about validity, or are looked at together with others.
  private static let silent: Set = [
    "$schema", "title", "description", "definitions", "if", "then", "properties",
    "patternProperties", "additionalProperties",
  ]

  private func complaints(_ value: Any, _ schema: Any, _ place: String) -> [String] {
    guard let schema = schema as? [String: Any] else {
      return (schema as? Bool) == false ? ["\(place): nothing may be here"] : []
    }
    var found = keys(value, schema, place)
    for (word, rule) in schema where !Self.silent.contains(word) {
      found += complaints(value, word, rule, place)
    }
    if let condition = schema["if"], complaints(value, condition, place).isEmpty {
      found += schema["then"].map { complaints(value, $0, place) } ?? []
    }
    return found
  }

  private func keys(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let object = value as? [String: Any] else { return [] }
    let known = schema["properties"] as? [String: Any] ?? [:]
    let patterns = schema["patternProperties"] as? [String: Any] ?? [:]
    return object.sorted { $0.key < $1.key }.flatMap { key, inner -> [String] in
      var rules = patterns.filter { key.range(of: $0.key, options: .regularExpression) != nil }
        .map(\.value)
      if let own = known[key] { rules.append(own) }
      if rules.isEmpty, let rest = schema["additionalProperties"] { rules.append(rest) }
      return rules.flatMap { complaints(inner, $0, "\(place).\(key)") }
    }
  }

  private func complaints(
    _ value: Any, _ word: String, _ rule: Any, _ place: String
  ) -> [String] {
    func wrong(_ isRight: Bool) -> [String] { isRight ? [] : ["\(place): \(word) \(rule)"] }
    let list = value as? [Any]
    let object = value as? [String: Any]
    let rules = rule as? [Any] ?? []
    let limit = (rule as? NSNumber)?.doubleValue ?? 0
    switch word {
    case "type":
      let types = rule as? [String] ?? [rule as? String ?? ""]
      return wrong(types.contains { Self.isType($0, value) })
    case "enum": return wrong(rules.contains { Self.isEqual($0, value) })
    case "const": return wrong(Self.isEqual(rule, value))
    case "required":
      return wrong(
        object.map { object in rules.allSatisfy { object[$0 as? String ?? ""] != nil } } ?? true)
    case "items":
      return (list ?? []).enumerated().flatMap {
        complaints($0.element, rule, "\(place)[\($0.offset)]")
      }
    case "minItems": return wrong(list.map { Double($0.count) >= limit } ?? true)
    case "maxItems": return wrong(list.map { Double($0.count) <= limit } ?? true)
    case "minProperties": return wrong(object.map { Double($0.count) >= limit } ?? true)
    case "pattern":
      let text = value as? String
      return wrong(
        text.map { $0.range(of: rule as? String ?? "", options: .regularExpression) != nil } ?? true
      )
    case "minimum": return wrong(Self.number(value).map { $0 >= limit } ?? true)
    case "maximum": return wrong(Self.number(value).map { $0 <= limit } ?? true)
    case "exclusiveMaximum": return wrong(Self.number(value).map { $0 < limit } ?? true)
    case "allOf": return rules.flatMap { complaints(value, $0, place) }
    case "anyOf":
      return wrong(rules.contains { complaints(value, $0, place).isEmpty })
    case "$ref":
      let name = (rule as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
      return definitions[name].map { complaints(value, $0, place) } ?? ["\(place): no \(rule)"]
    default: return ["\(place): the keyword \(word) is not known here"]
    }
  }

  /// JSONSerialization gives one of two objects for true and false, and to `is Bool` 0 and 1 are the same.
  private static func isBoolean(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return number === NSNumber(value: true) || number === NSNumber(value: false)
  }

  private static func number(_ value: Any) -> Double? {
    isBoolean(value) ? nil : (value as? NSNumber)?.doubleValue
  }

  private static func isType(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": isBoolean(value)
    case "null": value is NSNull
    case "number": number(value) != nil
    case "integer": number(value).map { $0 == $0.rounded() } ?? false
    default: false
    }
  }

  /// Of plain values: what the schemas name are words, numbers and flags.
  private static func isEqual(_ one: Any, _ other: Any) -> Bool {
    if isBoolean(one) || isBoolean(other) {
      return isBoolean(one) && isBoolean(other) && one as? Bool == other as? Bool
    }
    if let one = number(one), let other = number(other) { return one == other }
    return one is String && one as? String == other as? String
  }
}
