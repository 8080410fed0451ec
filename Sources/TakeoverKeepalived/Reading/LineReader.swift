// Lines as the daemon's parser takes them: conditions decided, names replaced, sequences unrolled,
// braces on lines of their own (lib/parser.c, read_line).

struct LineReader {
  private let host: Host
  private var source: LineSource
  private var definitions: Definitions
  private var sequences: [LineSequence] = []
  /// What follows a brace on its line.
  private var rest: TextLine?
  /// A definition of several lines that is being used, and those it stands in.
  private var unrolled: Unrolled?
  private var outer: [Unrolled] = []
  private var sequencesBefore = 0
  /// A definition whose lines are still being read.
  private var defining: (name: [UInt8], definition: Definition)?
  private(set) var depth = 0
  private var budget = Budget()

  private struct Unrolled {
    var lines: ArraySlice<UInt8>
    var place: Place
    var sequences = 0
  }

  /// What keeps a few lines from standing for more than anybody meant.
  private struct Budget {
    var lines = 200_000
    /// For lines that stand in no file: bytes, a hundred for each line beside its own.
    var made = 1 << 20
    var bytes = 16 << 20
  }

  /// `isCopy`: as the daemon's processes read what their parent has read.
  init(host: Host, files: ConfigurationFiles, isCopy: Bool) {
    self.host = host
    source = LineSource(files: files, isCopy: isCopy)
    definitions = Definitions(instance: host.configID)
  }

  mutating func start(_ path: String, _ bytes: [UInt8], _ remarks: inout Remarks) {
    source.start(path, bytes, in: host.directory, &remarks)
  }

  var differsInCopy: Bool { source.differsInCopy }

  /// Where reading stands, for what is missing at the end.
  var place: Place { source.place }

  /// The next line; braces stand alone. nil: everything is read.
  mutating func next(_ remarks: inout Remarks) -> TextLine? {
    while let raw = nextUnread(&remarks) {
      guard spend(raw, &remarks) else { return nil }
      if defining != nil {
        continueDefinition(raw)
        continue
      }
      guard !raw.isEmpty, let line = resolve(raw, &remarks), !line.isEmpty else { continue }
      if include(line, &remarks) { continue }
      return parted(line, &remarks)
    }
    return nil
  }

  private mutating func spend(_ line: TextLine, _ remarks: inout Remarks) -> Bool {
    budget.lines -= 1
    budget.bytes -= line.bytes.count
    guard budget.lines < 0 || budget.bytes < 0 || budget.made < 0 else { return true }
    remarks.fatal(
      budget.made < 0
        ? "definitions and sequences make more than 1 MiB of lines, and it is read no further"
        : "there are more than 200,000 lines or 16 MiB, and it is read no further", at: line.place,
      remedy: "Look for a definition that contains itself, or a sequence without an end.")
    return false
  }

  private mutating func nextUnread(_ remarks: inout Remarks) -> TextLine? {
    if let line = rest {
      rest = nil
      return line
    }
    if sequences.count > sequencesBefore, let last = sequences.indices.last {
      let (values, isLast) = sequences[last].next()
      for (name, value) in values { definitions.set(name, value) }
      let text = sequences[last].text
      budget.made -= 100 + text.bytes.count
      if isLast { sequences.removeLast() }
      return text
    }
    if let line = nextUnrolled() { return line }
    let isDefining = defining != nil
    return source.next(givingEmpty: { isDefining }, &remarks)
  }

  private mutating func nextUnrolled() -> TextLine? {
    guard let current = unrolled else { return nil }
    let line: ArraySlice<UInt8>
    if let end = current.lines.firstIndex(of: 0x0a) {
      line = current.lines[..<end]
      unrolled?.lines = current.lines[(end + 1)...]
    } else {
      line = current.lines
      unrolled = outer.popLast()
      sequencesBefore = unrolled?.sequences ?? 0
    }
    budget.made -= 100 + line.count
    var text = TextLine(Array(line), file: current.place.file, line: current.place.line)
    text.columns = text.columns.map { _ in Int32(truncatingIfNeeded: current.place.column) }
    return text
  }

  // MARK: Definitions

  private mutating func continueDefinition(_ line: TextLine) {
    var bytes = line.bytes
    var goesOn = false
    if bytes.last == backslash {
      bytes.removeLast()
      while let last = bytes.last, isBlank(last) { bytes.removeLast() }
      bytes.append(0x0a)
      goesOn = true
    }
    if bytes.count >= 2 || (!bytes.isEmpty && !goesOn) { defining?.definition.value += bytes }
    guard !goesOn else { return }
    if defining?.definition.value.isEmpty ?? false { defining?.definition.hasLines = false }
    if let (name, definition) = defining { definitions[name] = definition }
    defining = nil
  }

  /// What is left of a line after its condition, its definition or sequence, and its names; nil:
  /// nothing.
  private mutating func resolve(_ line: TextLine, _ remarks: inout Remarks) -> TextLine? {
    var line = line
    // Each turn replaces names; a name that stands for itself keeps the daemon here for ever.
    for _ in 0..<64 {
      if line.bytes.first == UInt8(ascii: "@") {
        guard let chosen = chosen(line) else { return nil }
        line = chosen
      }
      if let (name, definition) = Definitions.parse(line.bytes) {
        if definition.hasLines {
          defining = (name, definition)
        } else {
          definitions[name] = definition
        }
        return nil
      }
      if isSequence(line.bytes) {
        unroll(line, &remarks)
        return nil
      }
      guard line.bytes.first != UInt8(ascii: "~"), line.bytes.contains(dollar) else { return line }
      guard substitute(&line, &remarks) else { return line }
      if line.decomment() {
        remarks.error(
          "what the names stand for leaves a quote open on this line", at: line.place,
          remedy: "Close the quote in the definition.")
      }
      guard line.bytes.first == UInt8(ascii: "@") || line.bytes.contains(dollar) else {
        return line
      }
    }
    remarks.fatal(
      "a definition contains itself: the daemon never gets past this line", at: line.place,
      remedy: "Give the definition another name than the one it uses.")
    return nil
  }

  /// `@NAME line` and `@^NAME line`; nil: the line is not for this host.
  private func chosen(_ line: TextLine) -> TextLine? {
    let isReversed = line.bytes.count > 1 && line.bytes[1] == UInt8(ascii: "^")
    let start = isReversed ? 2 : 1
    guard let blank = line.bytes.indices.dropFirst(start).first(where: { isBlank(line.bytes[$0]) })
    else { return nil }
    let isOurs = host.configID.map { $0.utf8.elementsEqual(line.bytes[start..<blank]) } ?? false
    guard isOurs != isReversed else { return nil }
    return line.part(line.afterBlanks(blank)..<line.bytes.count)
  }

  private func isSequence(_ line: [UInt8]) -> Bool {
    line.starts(with: "~SEQ".utf8) || (line.starts(with: "~LST".utf8) && host.version.readsCopy)
  }

  private mutating func unroll(_ line: TextLine, _ remarks: inout Remarks) {
    let known = definitions
    let sequence = LineSequence(line) { bytes in
      var part = TextLine(bytes, file: line.file, line: line.line)
      var unsaid = Remarks(version: host.version)
      _ = Substitution.replace(&part, known, directory: source.directory, &unsaid)
      return part.bytes.contains(0x0a) ? nil : part.bytes
    }
    guard let sequence else {
      remarks.error(
        "\(quoted(line.bytes.prefix(4))) is not written as the daemon reads it: the line is left out",
        at: line.place, remedy: "Write ~SEQ(NAME, START, STEP, END) or ~LST(NAME, A, B), then text."
      )
      return
    }
    sequences.append(sequence)
  }

  /// Replaces names; whether there was one.
  private mutating func substitute(_ line: inout TextLine, _ remarks: inout Remarks) -> Bool {
    let place = line.place
    guard
      let used = Substitution.replace(&line, definitions, directory: source.directory, &remarks)
    else { return false }
    guard let lines = used.lines else { return true }
    if var current = unrolled {
      current.sequences = sequencesBefore
      outer.append(current)
    }
    sequencesBefore = sequences.count
    unrolled = Unrolled(lines: lines, place: place)
    return true
  }

  // MARK: Includes and braces

  /// Opens the file that an include names; false: the line is none.
  private mutating func include(_ line: TextLine, _ remarks: inout Remarks) -> Bool {
    let word = Array("include".utf8)
    guard line.bytes.starts(with: word), line.bytes.count > word.count else { return false }
    var kind: IncludeChecks = []
    var end = word.count
    if !isSpace(line.bytes[end]) {
      guard end + 1 < line.bytes.count, isSpace(line.bytes[end + 1]), host.version.readsCopy,
        let letter = IncludeChecks(letter: line.bytes[end])
      else { return noteChecks(line) }
      kind = letter
      end += 1
    }
    let pattern = line.bytes[line.afterBlanks(end + 1)...]
    source.include(
      String(decoding: pattern, as: UTF8.self), kind, at: line.place, &remarks)
    return true
  }

  /// `include_check` is a keyword of `global_defs`, and tells the includes after it how to behave.
  private mutating func noteChecks(_ line: TextLine) -> Bool {
    let words = line.bytes.split(whereSeparator: isSpace)
    guard host.version.readsCopy, words.first?.elementsEqual("include_check".utf8) ?? false else {
      return false
    }
    if words.count == 1 { source.checks = .all }
    for word in words.dropFirst() {
      let (adds, removes) = (word.first == UInt8(ascii: "+"), word.first == UInt8(ascii: "-"))
      let name = String(decoding: adds || removes ? word.dropFirst() : word, as: UTF8.self)
      let names: [String: IncludeChecks] = [
        "read": .reading, "match": .match, "wildcard_match": .wildcard, "brace_match": .braces,
      ]
      guard let check = names[name] else { continue }
      if adds {
        source.checks.insert(check)
      } else if removes {
        source.checks.remove(check)
      } else {
        source.checks = [.reading, check]
      }
    }
    return false
  }

  /// The line up to its first brace outside of quotes, or the brace; the rest is kept for later.
  private mutating func parted(_ line: TextLine, _ remarks: inout Remarks) -> TextLine {
    var line = line
    if let brace = firstBrace(line.bytes) {
      let end = brace == 0 ? line.afterBlanks(1) : brace
      if end < line.bytes.count {
        var rest = line.part(end..<line.bytes.count)
        rest.trimBlanksAtEnd()
        self.rest = rest
        line = line.part(0..<end)
      }
    }
    line.trimBlanksAtEnd()
    if line.bytes == [openingBrace] {
      depth += 1
    } else if line.bytes == [closingBrace] {
      depth -= 1
      if depth < 0 {
        depth = 0
        remarks.error(
          "a } closes nothing", at: line.place, remedy: "Take it away, or open its block.")
      }
    }
    return line
  }

  private func firstBrace(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case openingBrace, closingBrace: return index
      case quote:
        guard let end = bytes[(index + 1)...].firstIndex(of: quote) else { return nil }
        index = end
      default: break
      }
      index += 1
    }
    return nil
  }
}
