// Lines put together to statements: a keyword, its words, its block. Which keyword opens which kind
// of block is said by the keyword tables; the daemon's parser does not go by braces alone, and what it
// makes of a keyword that it does not know follows from that (lib/parser.c, process_stream).

/// A keyword with its words, and the statements of its block.
struct Statement {
  /// The keyword first.
  var words: [Word]
  /// As it stands, for commands, which are parted in another way.
  var line: TextLine
  var block: [Statement] = []

  var keyword: Word { words[0] }
  var place: Place { words[0].place }
  var arguments: ArraySlice<Word> { words.dropFirst() }

  /// The statement's text, without what is nobody's business.
  var shown: String {
    if keyword == "auth_pass" { return "auth_pass" }
    return String(decoding: line.bytes, as: UTF8.self)
  }
}

/// What a keyword opens.
indirect enum Shape: Sendable {
  /// Nothing.
  case line
  /// A block whose lines are values.
  case values
  /// A block of keywords. `named`: it has a name that no other one has, or is skipped.
  case block(Grammar, named: Bool = false)
  /// A block, if there is one, that this reader does not read.
  case skipped
}

/// The keywords that are known at one place, each with what it opens and the first version that has it.
struct Grammar: Sendable {
  var shapes: [String: (shape: Shape, since: DaemonVersion)]
}

/// The lines of a text, with the depth of its braces seen.
struct StatementReader {
  private let lines: [TextLine]
  private let version: DaemonVersion
  /// As the daemon's other processes read: no block is theirs.
  private let isOutline: Bool
  private var next = 0
  private var level = 0
  /// Braces to skip; -1: the opening one is still to come.
  private var skipping = 0
  private var names: [String: Set<[UInt8]>] = [:]
  private(set) var unknown: [Placed<String>] = []

  init(_ lines: [TextLine], version: DaemonVersion, isOutline: Bool) {
    self.lines = lines
    self.version = version
    self.isOutline = isOutline
  }

  mutating func read(_ grammar: Grammar, _ remarks: inout Remarks) -> [Statement] {
    block(grammar, of: nil, &remarks).statements
  }

  private mutating func nextLine(_ remarks: inout Remarks) -> (words: [Word], line: TextLine)? {
    while next < lines.count {
      let line = lines[next]
      next += 1
      let words = line.words(&remarks)
      if !words.isEmpty { return (words, line) }
    }
    return nil
  }

  private mutating func block(
    _ grammar: Grammar, of owner: Word?, _ remarks: inout Remarks
  ) -> (statements: [Statement], isSkipped: Bool) {
    var statements: [Statement] = []
    var needsBrace = owner != nil
    while let (words, line) = nextLine(&remarks) {
      let first = words[0]
      if skipping == -1 {
        skipping = first == "{" ? 1 : 0
        if skipping == 1 {
          needsBrace = false
          continue
        }
      }
      if skipping > 0 {
        if skip(words), level > 0 { return (statements, true) }
        continue
      }
      if needsBrace {
        needsBrace = false
        if first == "{" { continue }
        remarks.error(
          "\(quoted(owner?.bytes ?? [])) opens a block, and no { follows", at: first.place,
          remedy: "Write { after the name.")
      } else if first == "{" {
        remarks.error(
          "a { opens no block of the daemon's, which reads the lines after it as if it were not"
            + " there", at: first.place, remedy: "Take it and its } away.")
        continue
      }
      if first == "}", level > 0 { return (statements, false) }
      if let statement = statement(words, line, grammar, &remarks) { statements.append(statement) }
    }
    return (statements, false)
  }

  /// Counts braces while a block is skipped; whether it ends here.
  private mutating func skip(_ words: [Word]) -> Bool {
    for word in words {
      if word == "{" { skipping += 1 }
      if word == "}" {
        skipping -= 1
        if skipping == 0 { return true }
      }
    }
    return false
  }

  private mutating func statement(
    _ words: [Word], _ line: TextLine, _ grammar: Grammar, _ remarks: inout Remarks
  ) -> Statement? {
    var statement = Statement(words: words, line: line)
    let keyword = words[0]
    let entry = grammar.shapes[keyword.text]
    guard let entry, entry.since <= version else {
      unknown(statement, since: entry?.since, &remarks)
      return nil
    }
    switch entry.shape {
    case .line: break
    case .values where isOutline, .block where isOutline, .skipped:
      skipping = -1
      unknown.append(Placed(keyword.text, at: keyword.place))
    case .values: statement.block = values(statement, &remarks)
    case .block(let inner, let isNamed):
      let isKept = !isNamed || isNewName(statement, &remarks)
      if !isKept { skipping = -1 }
      level += 1
      let (block, isSkipped) = block(inner, of: keyword, &remarks)
      level -= 1
      statement.block = block
      if !isKept || isSkipped { return nil }
    }
    return statement
  }

  private mutating func unknown(
    _ statement: Statement, since: DaemonVersion?, _ remarks: inout Remarks
  ) {
    let keyword = statement.keyword
    unknown.append(Placed(statement.shown, at: keyword.place))
    let remedy =
      since.map { "keepalived \($0) is the first that knows it." }
      ?? "Take it away, or look for the keyword that is meant in keepalived.conf(5)."
    remarks.error(
      "no keyword is called \(quoted(keyword.bytes)) here", at: keyword.place, remedy: remedy)
  }

  private mutating func isNewName(_ statement: Statement, _ remarks: inout Remarks) -> Bool {
    let kind = statement.keyword.text
    guard statement.words.count == 2 else {
      remarks.error(
        "\(kind) needs one name, and has \(statement.words.count - 1): its block is skipped",
        at: statement.place, remedy: "Write one name, in quotes if it has a blank.")
      return false
    }
    guard names[kind, default: []].insert(statement.words[1].bytes).inserted else {
      remarks.error(
        "there is another \(kind) \(quoted(statement.words[1].bytes)) above: this one is skipped",
        at: statement.place, remedy: "Give each a name of its own.")
      return false
    }
    return true
  }

  /// A block whose lines are values: all up to the next }.
  private mutating func values(_ statement: Statement, _ remarks: inout Remarks) -> [Statement] {
    if statement.words.count > 1 {
      remarks.error(
        "\(statement.keyword.text) takes a block, and the words before it are left out",
        at: statement.words[1].place, remedy: "Write the words on lines of the block.")
    }
    var values: [Statement] = []
    var needsBrace = true
    while let (words, line) = nextLine(&remarks) {
      if needsBrace {
        needsBrace = false
        if words[0] == "{" { continue }
        remarks.logged(
          "\(statement.keyword.text) opens a block, and no { follows: the daemon reads on as if"
            + " there was one", at: words[0].place,
          remedy: "Write { after \(statement.keyword.text).")
      }
      if words[0] == "}" { break }
      values.append(Statement(words: words, line: line))
    }
    return values
  }
}
