// The JSON Schema (draft-07) of one line of journal.jsonl: which keys each event has, as its type says.

internal import TakeoverModel

package enum JournalSchema {
  package static func text() throws -> String {
    let lines = try EventWord.allCases.map(line)
    let head: [String: JSONText] = [
      "$schema": .text(SchemaText.draft),
      "title": .text("A line of a Takeover journal (journal.jsonl)"),
      "description": .text(
        "Each line is one object. `when` is an interval in nanoseconds on the run's axis, whose origin "
          + "the first line (run-began) tells."),
      "type": .text("object"),
      "required": .list(["when", "source", "event"].map { .text($0) }),
      "properties": .object(common),
      "allOf": .list(lines),
    ]
    return String(decoding: JSONText.object(head).document, as: UTF8.self)
  }

  private static var common: [String: JSONText] {
    [
      "when": SchemaText.json(.list(.integer, exactly: 2)),
      "source": .object(["type": .text("string"), "description": .text("who says so")]),
      "event": .object(["enum": .list(EventWord.allCases.map { .text($0.rawValue) })]),
    ]
  }

  private static func line(_ word: EventWord) throws -> JSONText {
    guard case .object(let keys, let required) = try CodedShape.of(word.payload) else {
      throw Complaint("\(word.rawValue) is no object", remedy: "report this")
    }
    let own: JSONText = .object([
      "type": .text("object"),
      "title": .text(word.title),
      "description": .text(word.explanation),
      "properties": .object(
        keys.mapValues(SchemaText.json).merging(
          ["when": .object([:]), "source": .object([:]), "event": .object([:])]
        ) { mine, _ in mine }),
      "required": .list(required.sorted().map { .text($0) }),
      "additionalProperties": .flag(false),
    ])
    let isThis: JSONText = .object([
      "properties": .object(["event": .object(["const": .text(word.rawValue)])]),
      "required": .list([.text("event")]),
    ])
    return .object(["if": isThis, "then": own])
  }
}

/// Shapes as JSON Schema.
enum SchemaText {
  static let draft = "http://json-schema.org/draft-07/schema#"

  static func json(_ shape: CodedShape) -> JSONText {
    switch shape {
    case .text: typed("string")
    case .integer: typed("integer")
    case .number: typed("number")
    case .flag: typed("boolean")
    case .words(let words): .object(["enum": .list(words.map { .text($0) })])
    case .list(let element, nil): .object(["type": .text("array"), "items": json(element)])
    case .list(let element, let count?):
      .object([
        "type": .text("array"), "items": json(element), "minItems": .number(Int64(count)),
        "maxItems": .number(Int64(count)),
      ])
    case .map(let element):
      .object(["type": .text("object"), "additionalProperties": json(element)])
    case .object(let keys, let required):
      .object([
        "type": .text("object"), "properties": .object(keys.mapValues(json)),
        "required": .list(required.sorted().map { .text($0) }),
        "additionalProperties": .flag(false),
      ])
    case .either(let shapes): .object(["anyOf": .list(shapes.map(json))])
    }
  }

  private static func typed(_ word: String) -> JSONText { .object(["type": .text(word)]) }
}
