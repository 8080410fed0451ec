// The JSON Schemas (draft-07) that editors check files with, made from the same shapes that the
// readers use.

package import TakeoverModel

package enum Schema {
  package static func plan(
    faults: Catalog<any Fault.Type>, checks: [CheckDeclaration]
  ) -> String {
    text("Takeover plan", PlanShape(faults: faults, checks: checks).shape)
  }

  package static var site: String { text("Takeover site", SiteShape.shape) }
  package static var lab: String { text("Takeover lab", LabShape.shape) }

  private static func text(_ title: String, _ shape: Shape) -> String {
    let head: [(String, JSON)] = [
      ("$schema", .text("http://json-schema.org/draft-07/schema#")), ("title", .text(title)),
    ]
    guard case .object(let members) = json(shape, isNamed: false) else { return "" }
    var definitions: [(String, JSON)] = []
    collect(shape, into: &definitions)
    let tail = definitions.isEmpty ? [] : [("definitions", JSON.object(definitions))]
    return JSON.object(head + members + tail).pretty + "\n"
  }

  /// What stands in many places stands once, below `definitions`.
  private static func collect(_ shape: Shape, into found: inout [(String, JSON)]) {
    if let name = shape.definition {
      guard !found.contains(where: { $0.0 == name }) else { return }
      found.append((name, json(shape, isNamed: false)))
    }
    switch shape {
    case .scalar, .unchecked: break
    case .list(let element, _), .named(let element, _, _): collect(element, into: &found)
    case .either(let shapes): for one in shapes { collect(one, into: &found) }
    case .fields(let fields): for field in fields.list { collect(field.shape, into: &found) }
    case .kinds(let kinds):
      for field in kinds.common + kinds.cases.flatMap(\.fields) {
        collect(field.shape, into: &found)
      }
    }
  }

  private static func json(_ shape: Shape, isNamed: Bool = true) -> JSON {
    if isNamed, let name = shape.definition {
      return .object([("allOf", .list([.object([("$ref", .text("#/definitions/\(name)"))])]))])
    }
    switch shape {
    case .scalar(let scalar): return .object(scalar.members)
    case .list(let element, let least):
      return .object([
        ("type", .text("array")), ("items", json(element)), ("minItems", .count(least)),
      ])
    case .fields(let fields):
      let least: [(String, JSON)] = fields.empty == nil ? [] : [("minProperties", .count(1))]
      return object(fields.list, least)
    case .named(let element, _, let least):
      return .object([
        ("type", .text("object")), ("minProperties", .count(least)),
        ("patternProperties", .object([(ScalarText.namePattern, json(element))])),
        ("additionalProperties", .flag(false)),
      ])
    case .kinds(let kinds): return json(kinds)
    case .unchecked: return .object([])
    case .either(let shapes): return .object([("anyOf", .list(shapes.map { json($0) }))])
    }
  }

  /// The word at the key chooses which properties there are: one if/then for each.
  private static func json(_ kinds: Shape.Kinds) -> JSON {
    let words = JSON.list(kinds.cases.map { .text($0.word) })
    let choice = JSON.object([
      ("enum", words), ("description", .text(kinds.keySummary)),
    ])
    let branches = kinds.cases.map { kind -> JSON in
      let key = Shape.Field(
        kinds.key, .scalar(.form(.choice([kind.word]))), required: true, kind.summary)
      let found = JSON.object([
        ("properties", .object([(kinds.key, .object([("const", .text(kind.word))]))])),
        ("required", .list([.text(kinds.key)])),
      ])
      return .object([("if", found), ("then", object([key] + kind.fields + kinds.common))])
    }
    return .object([
      ("type", .text("object")), ("properties", .object([(kinds.key, choice)])),
      ("required", .list([.text(kinds.key)])), ("allOf", .list(branches)),
    ])
  }

  private static func object(_ fields: [Shape.Field], _ more: [(String, JSON)] = []) -> JSON {
    let properties = fields.map { field -> (String, JSON) in
      var summary = field.summary
      if let standard = field.standard { summary += " (standard: \(standard))" }
      guard case .object(let members) = json(field.shape) else { return (field.name, .flag(true)) }
      return (field.name, .object(members + [("description", .text(summary))]))
    }
    let required = fields.filter(\.required).map { JSON.text($0.name) }
    return .object(
      [("type", .text("object")), ("properties", .object(properties))]
        + (required.isEmpty ? [] : [("required", .list(required))]) + more
        + [("additionalProperties", .flag(false))])
  }
}

extension Shape {
  fileprivate var definition: String? {
    switch self {
    case .fields(let fields): fields.definition
    case .kinds(let kinds): kinds.definition
    case .scalar, .list, .named, .either, .unchecked: nil
    }
  }
}

extension Shape.Scalar {
  fileprivate var members: [(String, JSON)] {
    func pattern(_ text: String) -> [(String, JSON)] {
      [("type", .text("string")), ("pattern", .text(text))]
    }
    // A name of digits only is an integer to YAML.
    func word(_ text: String) -> [(String, JSON)] {
      [
        ("type", .list([.text("string"), .text("integer")])), ("minimum", .count(0)),
        ("pattern", .text(text)),
      ]
    }
    switch self {
    // A plain 1111 is a number to YAML; it is meant as text wherever text belongs.
    case .form(.text): return [("type", .list([.text("string"), .text("number")]))]
    case .form(.duration), .bounded: return pattern(DurationText.pattern)
    case .form(.flag): return [("type", .text("boolean"))]
    case .form(.address): return pattern("^([0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$")
    case .form(.count(let range)):
      let least: [(String, JSON)] = [
        ("type", .text("integer")), ("minimum", .count(range.lowerBound)),
      ]
      return range.upperBound == .max ? least : least + [("maximum", .count(range.upperBound))]
    case .form(.choice(let words)): return [("enum", .list(words.map { .text($0) }))]
    case .name, .target: return word(ScalarText.namePattern)
    case .interface: return word(ScalarText.interfacePattern)
    case .unit: return word(ScalarText.unitPattern)
    case .network: return pattern("^[0-9a-fA-F:.]+/[0-9]{1,3}$")
    case .version: return [("const", .count(1))]
    case .window: return pattern(ScalarText.windowPattern)
    case .timezone: return pattern("^(UTC|[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)+)$")
    case .phase:
      return [
        (
          "anyOf",
          .list([
            .object([("enum", .list([.text("any"), .text("stratified")]))]),
            .object([
              ("type", .text("number")), ("minimum", .count(0)), ("exclusiveMaximum", .count(1)),
            ]),
          ])
        )
      ]
    }
  }
}
