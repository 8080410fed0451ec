// From text to values, through Yams' composer, safe for any input: sizes and depth are limited
// beforehand, and anchors, aliases and tags cannot exist.

internal import Yams

struct YAMLDocument {
  private var diagnostics: Diagnostics
  private let source: SourceText
  /// The text that Yams sees: scalar for scalar at the same places as in the file.
  private var scalars: [Unicode.Scalar]
  /// Where each line begins in `scalars`.
  private var lineStarts: [Int] = []
  private var duplicates: [Unicode.Scalar: String] = [:]

  static let deepest = 32
  /// Of lines and commas in a file, and of Unicode scalars in a line: a plan has hundreds of values,
  /// and each has a place that is looked up in its line.
  static let mostPlaces = 20_000
  static let longestLine = 10_000

  /// `&`, `*` and `!` are shown to Yams as these, so that nothing in a document can be an anchor, an
  /// alias or a tag; they are put back in every text that comes out.
  private static let disguises: [Unicode.Scalar: Unicode.Scalar] = [
    "&": "\u{f8f0}", "*": "\u{f8f1}", "!": "\u{f8f2}",
  ]
  private static let disguised: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{f8f0}": "&", "\u{f8f1}": "*", "\u{f8f2}": "!",
  ]

  private init(_ source: SourceText, _ diagnostics: Diagnostics) {
    self.source = source
    self.diagnostics = diagnostics
    scalars = source.text.unicodeScalars.map { Self.disguises[$0] ?? $0 }
    var start = 0
    for line in source.lines {
      lineStarts.append(start)
      start += line.unicodeScalars.count + 1
      if start < scalars.count, scalars[start - 1] == "\r", scalars[start] == "\n" { start += 1 }
    }
  }

  /// The document's root; nil when the text cannot be read at all.
  static func root(_ source: SourceText, _ diagnostics: inout Diagnostics) -> YAMLValue? {
    var document = YAMLDocument(source, diagnostics)
    let root = document.root()
    diagnostics = document.diagnostics
    return root
  }

  private mutating func root() -> YAMLValue? {
    guard isWithinLimits() else { return nil }
    // Yams stops at a key that stands twice. Each round reports one and gives it another name.
    for _ in 0..<20 {
      do {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        guard let node = try compose(yaml: String(text), .basic) else {
          diagnostics.report(.missingKey, at: Span(line: 1, column: 1), "the file is empty")
          return nil
        }
        return value(node, depth: 0)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        guard renameFirst(of: keys, at: context.mark) else { return nil }
      } catch let error as YamlError {
        report(error)
        return nil
      } catch {
        diagnostics.report(.notYAML, at: Span(line: 1, column: 1), "\(error)")
        return nil
      }
    }
    diagnostics.report(
      .duplicateKey, at: Span(line: 1, column: 1), "more than 20 keys stand twice in this file")
    return nil
  }
}

// MARK: - Limits

extension YAMLDocument {
  /// Yams composes by recursion: the depth is bounded here, by what stands at the beginning of a
  /// line and by brackets, before it begins. (libyaml's own limit is 1000 levels.)
  private mutating func isWithinLimits() -> Bool {
    guard source.text.utf8.count <= SourceFile.largest else {
      diagnostics.report(
        .tooMuch, at: Span(line: 1, column: 1), "the file is larger than 1 MiB")
      return false
    }
    var open = 0
    var places = 0
    for (index, line) in source.lines.enumerated() {
      var lead = 0
      var leading = true
      let isTooLong = line.utf8.count > Self.longestLine
      places += 1 + line.utf8.count { $0 == UInt8(ascii: ",") }
      guard places <= Self.mostPlaces || isTooLong else {
        diagnostics.report(
          .tooMuch, at: Span(line: index + 1, column: 1),
          "more than \(Self.mostPlaces) lines and commas")
        return false
      }
      for (column, scalar) in line.unicodeScalars.enumerated() {
        if Self.disguised[scalar] != nil || ("\u{e000}"..."\u{e0ff}").contains(scalar) {
          diagnostics.report(
            .tooMuch, at: source.span(line: index + 1, scalar: column + 1, length: 1),
            "the private-use character U+\(String(scalar.value, radix: 16)) is not allowed")
          return false
        }
        guard !isTooLong || column < Self.longestLine else {
          diagnostics.report(
            .tooMuch, at: source.span(line: index + 1, scalar: column + 1, length: 1),
            "the line is longer than \(Self.longestLine) characters")
          return false
        }
        leading = leading && " -?:".unicodeScalars.contains(scalar)
        if leading { lead += 1 }
        if scalar == "[" || scalar == "{" { open += 1 }
        if scalar == "]" || scalar == "}" { open = max(open - 1, 0) }
        if lead > 200 || open > 100 {
          diagnostics.report(
            .tooMuch, at: source.span(line: index + 1, scalar: column + 1, length: 1),
            "nested too deep: at most \(Self.deepest) levels")
          return false
        }
      }
    }
    return true
  }
}

// MARK: - Values

extension YAMLDocument {
  private mutating func value(_ node: Node, depth: Int) -> YAMLValue {
    let span = span(node)
    let refused = YAMLValue(content: .refused, span: span)
    guard depth <= Self.deepest else {
      diagnostics.report(.tooMuch, at: span, "nested too deep: at most \(Self.deepest) levels")
      return refused
    }
    switch node {
    case .scalar(let scalar):
      let plain = scalar.style == .plain
      guard !plain || !refuses(scalar.string, at: span) else { return refused }
      return YAMLValue(content: .scalar(original(scalar.string), plain: plain), span: span)
    case .sequence(let sequence):
      return YAMLValue(
        content: .list(sequence.map { value($0, depth: depth + 1) }), span: span)
    case .mapping(let mapping):
      return YAMLValue(content: .map(entries(mapping, depth: depth)), span: span)
    case .alias: return refused
    }
  }

  private mutating func entries(_ mapping: Node.Mapping, depth: Int) -> [YAMLValue.Entry] {
    var entries: [YAMLValue.Entry] = []
    let renamed = mapping.compactMap { pair in
      pair.key.scalar.flatMap { $0.string.unicodeScalars.first }.flatMap { duplicates[$0] }
    }
    for pair in mapping {
      let span = span(pair.key)
      guard case .scalar(let scalar) = pair.key else {
        diagnostics.report(.wrongForm, at: span, "a list or a mapping cannot be a key")
        continue
      }
      if let first = scalar.string.unicodeScalars.first, duplicates[first] != nil { continue }
      guard scalar.style != .plain || !refuses(scalar.string, at: span) else { continue }
      let key = original(scalar.string)
      if scalar.style == .plain, key == "<<" {
        diagnostics.report(.noAnchors, at: span, "merge keys are not supported")
        continue
      }
      if renamed.contains(key) {
        let others = earlierPlaces(of: key, in: mapping)
        diagnostics.report(
          .duplicateKey, at: span, "the key \"\(key)\" stands twice",
          suggestion: "it already stands \(others)")
      }
      let value = value(pair.value, depth: depth + 1)
      entries.append(YAMLValue.Entry(key: key, span: span, value: value))
    }
    return entries
  }

  private func earlierPlaces(of key: String, in mapping: Node.Mapping) -> String {
    mapping.compactMap { pair -> String? in
      let first = pair.key.scalar?.string.unicodeScalars.first
      guard let first, duplicates[first] == key else { return nil }
      let place = span(pair.key)
      return "at \(place.line):\(place.column)"
    }.joined(separator: ", ")
  }

  private func span(_ node: Node) -> Span {
    guard let mark = node.mark else { return Span(line: 1, column: 1) }
    return source.span(line: mark.line, scalar: mark.column)
  }

  private func original(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text.unicodeScalars.map { Self.disguised[$0] ?? $0 })
    return String(view)
  }

  /// A plain text that began with `&`, `*` or `!` was meant as an anchor, an alias or a tag.
  private mutating func refuses(_ text: String, at span: Span) -> Bool {
    guard let first = text.unicodeScalars.first, let sign = Self.disguised[first] else {
      return false
    }
    let kind = ["&": "anchors", "*": "aliases", "!": "tags"][sign] ?? ""
    diagnostics.report(
      .noAnchors, at: span, "\(kind) are not supported",
      suggestion: "write the value out, or quote the text")
    return true
  }
}

// MARK: - What Yams refuses

extension YAMLDocument {
  /// Gives the first of two equal keys another name of the same length, so that reading goes on.
  private mutating func renameFirst(of keys: [String], at mark: Mark) -> Bool {
    let place = source.span(line: mark.line, scalar: mark.column)
    guard let key = keys.first, lineStarts.indices.contains(mark.line - 1),
      let substitute = Unicode.Scalar(0xe000 + UInt32(duplicates.count)), !key.isEmpty
    else {
      diagnostics.report(.duplicateKey, at: place, "a key stands twice")
      return false
    }
    var start = lineStarts[mark.line - 1] + mark.column - 1
    if scalars.indices.contains(start), "\"'".unicodeScalars.contains(scalars[start]) { start += 1 }
    let end = start + key.unicodeScalars.count
    guard scalars.indices.contains(start), end <= scalars.count,
      scalars[start..<end].elementsEqual(key.unicodeScalars)
    else {
      diagnostics.report(.duplicateKey, at: place, "the key \"\(original(key))\" stands twice")
      return false
    }
    duplicates[substitute] = original(key)
    scalars.replaceSubrange(start..<end, with: repeatElement(substitute, count: end - start))
    return true
  }

  private mutating func report(_ error: YamlError) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let span = source.span(line: min(mark.line, source.lines.count), scalar: mark.column)
      guard !blamesAnchor(upTo: mark.line) else { return }
      let what = [context?.text, problem].compactMap { $0 }.joined(separator: ": ")
      let hint = hint(mark)
      diagnostics.report(.notYAML, at: span, "not YAML: \(what)", suggestion: hint)
    case .reader(_, let offset, _, _):
      let place = offset.map(place(ofCharacter:)) ?? Span(line: 1, column: 1)
      diagnostics.report(.tooMuch, at: place, "a control character is not allowed here")
    default:
      diagnostics.report(.notYAML, at: Span(line: 1, column: 1), "not YAML: \(error)")
    }
  }

  /// A syntax error that follows an anchor or a tag comes from it: it is what is reported.
  private mutating func blamesAnchor(upTo last: Int) -> Bool {
    for number in stride(from: min(last, source.lines.count), to: max(last - 3, 0), by: -1) {
      let line = Array(source.line(number).unicodeScalars)
      for (column, scalar) in line.enumerated() where Self.disguises[scalar] != nil {
        let before = line[..<column].last { $0 != " " }
        guard before.map({ ":-?[{,".unicodeScalars.contains($0) }) ?? true else { continue }
        let place = source.span(line: number, scalar: column + 1)
        return refuses(String(Self.disguises[scalar] ?? scalar), at: place)
      }
    }
    return false
  }

  private func hint(_ mark: Mark) -> String {
    let line = source.line(mark.line)
    if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
      return "indent with spaces, not with tabs"
    }
    return ""
  }

  /// Yams counts the characters from the beginning of the text.
  private func place(ofCharacter offset: Int) -> Span {
    var line = 1
    var column = 1
    for character in source.text.prefix(offset) {
      if character.isNewline { (line, column) = (line + 1, 1) } else { column += 1 }
    }
    return Span(line: line, column: column)
  }
}
