// Holds values against their shape, reports everything that does not fit, and goes on.

internal import TakeoverModel

struct ShapeReader {
  var diagnostics: Diagnostics

  mutating func read(_ value: YAMLValue, as shape: Shape) -> Checked? {
    if case .refused = value.content { return nil }
    return switch shape {
    case .scalar(let scalar): readScalar(value, as: scalar)
    case .list(let element, let least): readList(value, of: element, atLeast: least)
    case .fields(let fields): readFields(value, as: fields)
    case .named(let element, let noun, let least):
      readNamed(value, as: element, noun: noun, atLeast: least)
    case .kinds(let kinds): readKinds(value, as: kinds)
    case .either(let shapes): readEither(value, as: shapes)
    case .unchecked: Checked(value: .list([]), span: value.span)
    }
  }

  private mutating func readList(
    _ value: YAMLValue, of element: Shape, atLeast least: Int
  ) -> Checked? {
    guard case .list(let values) = value.content else {
      let example = if case .scalar = value.content { "a list is written [one, two]" } else { "" }
      diagnostics.report(
        .wrongForm, at: value.span, "a list belongs here, not \(value.described)",
        suggestion: example)
      return nil
    }
    if values.count < least {
      diagnostics.report(.tooFew, at: value.span, "the list is empty")
    }
    var list: [Checked] = []
    for value in values {
      if let checked = read(value, as: element) { list.append(checked) }
    }
    return Checked(value: .list(list), span: value.span)
  }

  private mutating func readNamed(
    _ value: YAMLValue, as element: Shape, noun: String, atLeast least: Int
  ) -> Checked? {
    guard let entries = entries(of: value, noun: "\(noun)s by name") else { return nil }
    if entries.count < least {
      diagnostics.report(
        .tooFew, at: value.span, "at least \(least) \(noun)s belong here, not \(entries.count)")
    }
    var named: [Checked.Named] = []
    for entry in entries {
      if !ScalarText.isName(entry.key) {
        reportName(entry.key, at: entry.span, noun: noun)
      } else if let checked = read(entry.value, as: element) {
        named.append(Checked.Named(name: entry.key, span: entry.span, value: checked))
      }
    }
    return Checked(value: .named(named), span: value.span)
  }

  private mutating func readFields(_ value: YAMLValue, as fields: Shape.Fields) -> Checked? {
    guard let entries = entries(of: value, noun: fields.noun) else { return nil }
    if let empty = fields.empty, entries.isEmpty {
      diagnostics.report(
        empty, at: value.span, "\(fields.noun) is empty",
        allowed: Self.listed(fields.keys, fields.list.map(\.name)))
      return nil
    }
    let names = fields.list.map(\.name)
    var read: [String: Checked] = [:]
    for entry in entries {
      guard let field = fields.list.first(where: { $0.name == entry.key }) else {
        diagnostics.report(
          fields.unknown, at: entry.span,
          "unknown \(fields.keys.dropLast()) \"\(entry.key)\" in \(fields.noun)",
          suggestion: Spelling.suggestion(for: entry.key, among: names),
          allowed: Self.listed(fields.keys, names))
        continue
      }
      read[entry.key] = self.read(entry.value, as: field.shape)
    }
    reportMissing(fields.list, in: entries, of: fields.noun, at: value.span)
    return Checked(value: .fields(read), span: value.span)
  }

  private mutating func readKinds(_ value: YAMLValue, as kinds: Shape.Kinds) -> Checked? {
    guard let entries = entries(of: value, noun: kinds.noun) else { return nil }
    let words = kinds.cases.map(\.word)
    var chosen: Shape.Kinds.Case?
    var read: [String: Checked] = [:]
    if let entry = entries.first(where: { $0.key == kinds.key }) {
      let choice = self.read(entry.value, as: .scalar(.form(.text)))
      chosen = kinds.cases.first { $0.word == choice?.text }
      read[kinds.key] = choice
      if let word = choice?.text, chosen == nil {
        diagnostics.report(
          kinds.unknown, at: entry.value.span, "unknown \(kinds.key) \"\(word)\"",
          suggestion: Spelling.suggestion(for: word, among: words),
          allowed: Self.listed("\(kinds.key)s", words))
      }
    } else {
      diagnostics.report(
        .missingKey, at: value.span, "\(kinds.noun) needs the key \"\(kinds.key)\"",
        allowed: Self.listed("\(kinds.key)s", words))
    }
    let known = kinds.common + (chosen?.fields ?? [])
    for entry in entries where entry.key != kinds.key {
      if let field = known.first(where: { $0.name == entry.key }) {
        read[entry.key] = self.read(entry.value, as: field.shape)
      } else {
        reportUnknown(entry, chosen: chosen, of: kinds)
      }
    }
    reportMissing(known, in: entries, of: kinds.noun, at: value.span)
    return Checked(value: .fields(read), span: value.span)
  }

  private mutating func reportUnknown(
    _ entry: YAMLValue.Entry, chosen: Shape.Kinds.Case?, of kinds: Shape.Kinds
  ) {
    let owners = kinds.cases.filter { kind in kind.fields.contains { $0.name == entry.key } }
    // A parameter cannot be judged when its fault is not known: that has been reported already.
    if chosen == nil, !owners.isEmpty { return }
    let common = [kinds.key] + kinds.common.map(\.name)
    guard let chosen else {
      diagnostics.report(
        .unknownKey, at: entry.span, "unknown key \"\(entry.key)\" in \(kinds.noun)",
        suggestion: Spelling.suggestion(for: entry.key, among: common),
        allowed: Self.listed("keys", common))
      return
    }
    let own = chosen.fields.map(\.name)
    let elsewhere =
      owners.isEmpty ? "" : " (it belongs to \(owners.map(\.word).joined(separator: ", ")))"
    diagnostics.report(
      kinds.unknownParameter, at: entry.span,
      "\"\(entry.key)\" is no key of a trial with \(chosen.word)\(elsewhere)",
      suggestion: Spelling.suggestion(for: entry.key, among: own + common),
      allowed: Self.listed("keys", own + common))
  }

  private mutating func readEither(_ value: YAMLValue, as shapes: [Shape]) -> Checked? {
    let before = diagnostics
    var best: Diagnostics?
    // What helps is what is wrong with the alternative that comes nearest: of the same form (a list,
    // a mapping, a word), with the fewest errors.
    let alike = shapes.filter { $0.takes(value.content) }
    for shape in alike.isEmpty ? shapes : alike {
      diagnostics = before
      let checked = read(value, as: shape)
      if diagnostics.count == before.count { return checked }
      if diagnostics.count < best?.count ?? .max { best = diagnostics }
    }
    diagnostics = best ?? before
    return nil
  }

  private mutating func entries(of value: YAMLValue, noun: String) -> [YAMLValue.Entry]? {
    guard case .map(let entries) = value.content else {
      diagnostics.report(
        .wrongForm, at: value.span, "\(noun) belongs here, not \(value.described)",
        suggestion: "a mapping is written key: value")
      return nil
    }
    return entries
  }

  private mutating func reportMissing(
    _ fields: [Shape.Field], in entries: [YAMLValue.Entry], of noun: String, at span: Span
  ) {
    for field in fields where field.required && !entries.contains(where: { $0.key == field.name }) {
      diagnostics.report(
        .missingKey, at: span, "\(noun) needs the key \"\(field.name)\"",
        suggestion: "\(field.name): \(field.summary)")
    }
  }

  static func listed(_ noun: String, _ words: [String]) -> String {
    "\(noun): \(words.joined(separator: ", "))"
  }
}

extension Shape {
  /// Whether the form of the value (scalar, list, mapping) is this shape's.
  fileprivate func takes(_ content: YAMLValue.Content) -> Bool {
    switch (self, content) {
    case (.scalar, .scalar), (.list, .list), (.fields, .map), (.named, .map), (.kinds, .map): true
    case (.either(let shapes), _): shapes.contains { $0.takes(content) }
    default: false
    }
  }
}
