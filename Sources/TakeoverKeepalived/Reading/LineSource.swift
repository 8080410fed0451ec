// The files of a configuration as one stream of lines without comments, includes opened in place.

/// A root file, and what it includes, line by line as fgets(3) gives them to the daemon.
struct LineSource {
  private struct OpenFile {
    var path: String
    var bytes: [UInt8]
    var position = 0
    var line = 1
    /// Relative includes start here.
    var directory: String
    /// What `include_check` said when the file was opened: it is said again when it ends.
    var checks: IncludeChecks
    /// The other matches of the same include, in reverse.
    var others: [ConfigurationFiles.Match]
  }

  /// The daemon's buffer, MAXBUF: a line of more bytes is read as several.
  static let longestLine = 1_023
  static let deepest = 64
  static let most = 1_024

  let files: ConfigurationFiles
  /// From 2.2 on the parent process writes what it has read, without comments, and the others read
  /// that: they take comments away from it once more.
  let isCopy: Bool
  /// Whether that makes a difference to this text.
  private(set) var differsInCopy = false
  private var open: [OpenFile] = []
  private var opened = 0
  var checks: IncludeChecks = []

  init(files: ConfigurationFiles, isCopy: Bool) {
    self.files = files
    self.isCopy = isCopy
  }

  /// The daemon's working directory: that of the file it reads.
  var directory: String { open.last?.directory ?? "/" }

  var place: Place {
    Place(file: open.last?.path ?? "", line: open.last?.line ?? 1, column: 1)
  }

  mutating func start(
    _ path: String, _ bytes: [UInt8], in directory: String, _ remarks: inout Remarks
  ) {
    push(.init(path: path, bytes: bytes), others: [], from: directory, &remarks)
  }

  private mutating func push(
    _ file: ConfigurationFiles.Match, others: [ConfigurationFiles.Match], from directory: String,
    _ remarks: inout Remarks
  ) {
    guard var bytes = file.bytes else { return }
    let place = Place(file: file.path, line: 1, column: 1)
    if bytes.count > ConfigurationReader.fileLimit {
      bytes.removeSubrange(ConfigurationReader.fileLimit...)
      remarks.fatal(
        "the file is longer than 1 MiB, and is read no further", at: place,
        remedy: "Part it, or look what is in it: no configuration is that long.")
    }
    opened += 1
    let slash = file.path.utf8.lastIndex(of: UInt8(ascii: "/"))
    var inside = directory
    if let slash {
      let parent = String(file.path[..<slash])
      inside = parent.hasPrefix("/") || file.path.hasPrefix("/") ? parent : directory + "/" + parent
      if inside.isEmpty { inside = "/" }
    }
    open.append(
      OpenFile(
        path: file.path, bytes: bytes, directory: inside, checks: checks, others: others))
  }

  /// The next line without comments that is not empty; an empty one where `givesEmpty`, since it ends
  /// a definition of several lines. nil: everything is read.
  mutating func next(givingEmpty givesEmpty: () -> Bool, _ remarks: inout Remarks) -> TextLine? {
    while !open.isEmpty {
      guard var line = nextRaw(&remarks) else {
        close(&remarks)
        continue
      }
      if line.isEmpty {
        if givesEmpty() { return line }
        continue
      }
      decomment(&line, &remarks)
      if !line.isEmpty { return line }
    }
    return nil
  }

  private mutating func decomment(_ line: inout TextLine, _ remarks: inout Remarks) {
    let place = line.place
    let isComment = line.bytes.first { !isBlank($0) }.map { "!#".utf8.contains($0) } ?? false
    if line.decomment() {
      remarks.error(
        "a quote is opened and not closed on this line", at: place,
        remedy: "Close it: no quote goes on on the next line.")
    }
    if isComment, line.bytes == [backslash] {
      remarks.error(
        "the backslash that ends this comment is not part of it: the daemon reads it as a keyword",
        at: place, remedy: "Take the backslash away.")
    }
    let once = line
    _ = line.decomment()
    guard once.bytes != line.bytes else { return }
    differsInCopy = true
    if isCopy {
      remarks.silent(
        "the daemon reads its own copy of the text, where \\# and \\! are # and ! already: what"
          + " follows is a comment", at: place, remedy: "Put the text in quotes.")
    } else {
      line = once
    }
  }

  private mutating func nextRaw(_ remarks: inout Remarks) -> TextLine? {
    guard let last = open.indices.last, open[last].position < open[last].bytes.count else {
      return nil
    }
    let start = open[last].position
    let bytes = open[last].bytes
    let end = min(start + Self.longestLine, bytes.count)
    let newline = bytes[start..<end].firstIndex(of: 0x0a)
    let stop = newline ?? end
    var column = start
    while column > 0, bytes[column - 1] != 0x0a, start - column < Self.longestLine { column -= 1 }
    var content = bytes[start..<stop]
    if let zero = content.firstIndex(of: 0) { content = content[..<zero] }
    while content.last == 0x0d { content.removeLast() }
    let line = TextLine(
      Array(content), file: open[last].path, line: open[last].line, column: start - column + 1)
    open[last].position = newline.map { $0 + 1 } ?? end
    if newline != nil {
      open[last].line += 1
    } else if end < bytes.count {
      remarks.silent(
        "the line is longer than \(Self.longestLine) bytes: the daemon reads the rest as a line of"
          + " its own", at: line.place, remedy: "Part the line where it has a block or a word list."
      )
    }
    return line
  }

  private mutating func close(_ remarks: inout Remarks) {
    guard let file = open.popLast() else { return }
    checks = file.checks
    var others = file.others
    while let next = others.popLast() {
      guard canOpen(next, at: place, checks, &remarks) else { continue }
      push(next, others: others, from: open.last?.directory ?? "/", &remarks)
      return
    }
  }

  /// Opens what an include names.
  mutating func include(
    _ pattern: String, _ kind: IncludeChecks, at place: Place, _ remarks: inout Remarks
  ) {
    guard open.count < Self.deepest else {
      remarks.fatal(
        "includes stand more than \(Self.deepest) deep, and are read no further", at: place,
        remedy: "Look whether a file includes itself.")
      return
    }
    let asked = checks.union(kind)
    let path = pattern.hasPrefix("/") ? pattern : directory + "/" + pattern
    let matches = files.matching(path)
    if matches.isEmpty { missing(pattern, asked, at: place, &remarks) }
    var others: [ConfigurationFiles.Match] = matches.reversed()
    while let next = others.popLast() {
      guard canOpen(next, at: place, asked, &remarks) else { continue }
      push(next, others: others, from: directory, &remarks)
      return
    }
  }

  private func missing(
    _ pattern: String, _ asked: IncludeChecks, at place: Place, _ remarks: inout Remarks
  ) {
    let check: IncludeChecks =
      if GlobPattern.hasWildcard(pattern) { .wildcard } else if GlobPattern.isPattern(pattern) {
        .braces
      } else { .match }
    // A pattern that matches nothing is not worth a word to the daemon, unless it is told to look.
    guard check != .wildcard || asked.contains(.wildcard) else { return }
    say(
      "no file is \(quoted(pattern)): the daemon reads on without it", check, asked, at: place,
      &remarks)
  }

  private func canOpen(
    _ file: ConfigurationFiles.Match, at place: Place, _ asked: IncludeChecks,
    _ remarks: inout Remarks
  ) -> Bool {
    guard opened < Self.most else {
      remarks.fatal(
        "more than \(Self.most) files are included, and are read no further", at: place,
        remedy: "Look whether files include each other.")
      return false
    }
    guard file.bytes == nil else { return true }
    say(
      "\(quoted(file.path)) is no file that can be read and that nobody may execute: the daemon"
        + " skips it", .reading, asked, at: place, &remarks)
    return false
  }

  /// What the daemon only logs, or refuses to start with, as the include asks.
  private func say(
    _ sentence: String, _ check: IncludeChecks, _ asked: IncludeChecks, at place: Place,
    _ remarks: inout Remarks
  ) {
    let remedy = "Name a file that is there, or leave the include out."
    if asked.isDisjoint(with: check) {
      remarks.logged(sentence, at: place, remedy: remedy)
    } else {
      remarks.fatal(sentence, at: place, remedy: remedy)
    }
  }
}

/// What an include must find: `include_check`, and the letter after `include`.
struct IncludeChecks: OptionSet {
  let rawValue: Int
  static let reading = IncludeChecks(rawValue: 1)
  static let match = IncludeChecks(rawValue: 2)
  static let wildcard = IncludeChecks(rawValue: 4)
  static let braces = IncludeChecks(rawValue: 8)
  static let all: IncludeChecks = [.reading, .match, .wildcard, .braces]

  /// `includer`, `includem`, `includew`, `includeb`, `includea`.
  init?(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "r"): self = .reading
    case UInt8(ascii: "m"): self = [.reading, .match]
    case UInt8(ascii: "w"): self = [.reading, .match, .wildcard]
    case UInt8(ascii: "b"): self = [.reading, .braces]
    case UInt8(ascii: "a"): self = .all
    default: return nil
    }
  }

  init(rawValue: Int) { self.rawValue = rawValue }
}
