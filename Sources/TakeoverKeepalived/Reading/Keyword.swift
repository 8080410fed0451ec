// A keyword and what it does to what is being read. The tables of this folder have one line for each.

/// Something that an instance or a group may have once.
private struct Seen: Hashable {
  var block: Int
  var what: String
  var name: String
}

/// What every keyword may look at and speak to.
struct Reading {
  let host: Host
  var remarks: Remarks
  /// Names that a track_… block may use, with what was read of them.
  var scripts: [String: Script] = [:]
  var files: Set<String> = []
  var processes: Set<String> = []
  /// What the instance or group that is being read has already, by where it stands.
  fileprivate var seen: [Seen: Place] = [:]
  fileprivate var block = 0
  /// enable_script_security, script_user: they hold from the start of the file to its end.
  var globals = Globals()
  /// Where the first script that runs is named.
  var firstScript: Place?

  init(host: Host, remarks: Remarks) {
    self.host = host
    self.remarks = remarks
  }
}

extension Reading {
  /// From here on another instance or group is read.
  mutating func startBlock() { block += 1 }

  /// Where this instance or group has it already; nil: it has it from now on.
  mutating func earlier(_ what: String, _ name: String, at place: Place) -> Place? {
    let key = Seen(block: block, what: what, name: name)
    if let earlier = seen[key] { return earlier }
    seen[key] = place
    return nil
  }
}

struct Keyword<Subject>: Sendable {
  let name: String
  let shape: Shape
  let since: DaemonVersion
  let apply: @Sendable (inout Subject, Statement, inout Reading) -> Void

  init(
    _ name: String, _ shape: Shape = .line, since: DaemonVersion = DaemonVersion(0, 0, 0),
    apply: @escaping @Sendable (inout Subject, Statement, inout Reading) -> Void
  ) {
    self.name = name
    self.shape = shape
    self.since = since
    self.apply = apply
  }
}

/// The keywords of one place.
struct KeywordTable<Subject>: Sendable {
  let keywords: [Keyword<Subject>]
  let grammar: Grammar
  private let byName: [String: Keyword<Subject>]

  init(_ keywords: [Keyword<Subject>]) {
    self.keywords = keywords
    byName = Dictionary(keywords.map { ($0.name, $0) }) { first, _ in first }
    grammar = Grammar(shapes: byName.mapValues { ($0.shape, $0.since) })
  }

  func apply(_ statements: [Statement], to subject: inout Subject, _ reading: inout Reading) {
    for statement in statements {
      byName[statement.keyword.text]?.apply(&subject, statement, &reading)
    }
  }
}

extension Reading {
  /// The word after the keyword; nil: it is missing. The daemon's process ends there and then, except
  /// where the keyword looks first.
  mutating func argument(_ statement: Statement, isLookedFor: Bool = false) -> Word? {
    if statement.words.count > 1 { return statement.words[1] }
    let name = statement.keyword.text
    if isLookedFor {
      remarks.error(
        "\(name) has no value, and is left out", at: statement.place,
        remedy: "Write the value on the same line.")
    } else {
      remarks.fatal(
        "\(name) has no value: the daemon ends here", at: statement.place,
        remedy: "Write the value on the same line.")
    }
    return nil
  }

  /// Says that a value is written twice; the daemon takes the later without a word.
  mutating func noteRepeat(_ earlier: Place?, _ statement: Statement) {
    guard let earlier, earlier != statement.place else { return }
    let name = statement.keyword.text
    remarks.silent(
      "\(name) is written above, too (\(earlier)): this one counts", at: statement.place,
      remedy: "Keep one of them.")
  }

  mutating func take(
    _ number: Number.Reading<Int>, _ statement: Statement, otherwise: String, at place: Place
  ) -> Int? {
    if let complaint = number.complaint {
      let outcome = number.value.map { "the daemon takes \($0)" } ?? otherwise
      remarks.error(
        "\(statement.keyword.text): \(complaint); \(outcome)", at: place,
        remedy: "Write a number that is allowed there (keepalived.conf(5)).")
    }
    return number.value
  }

  /// `on`, `true`, `yes`, `off`, `false`, `no`, or nothing, which is yes; nil: something else.
  mutating func toggle(_ statement: Statement) -> Bool? {
    guard let word = statement.arguments.first else { return true }
    if ["true", "on", "yes"].contains(where: { word == $0 }) { return true }
    if ["false", "off", "no"].contains(where: { word == $0 }) { return false }
    remarks.error(
      "\(statement.keyword.text) is on or off, and not \(quoted(word.bytes)): it is left out",
      at: word.place, remedy: "Write on or off.")
    return nil
  }
}

// MARK: Kinds of keywords

extension Keyword {
  typealias Path<Value> = WritableKeyPath<Subject, Value> & Sendable

  /// Known to the daemon, and of no concern here.
  static func known(_ name: String, _ shape: Shape = .line, since: DaemonVersion = .init(0, 0, 0))
    -> Keyword
  { Keyword(name, shape, since: since) { _, _, _ in } }

  static func flag(
    _ name: String, _ path: any Path<Placed<Bool>?>, _ value: Bool = true,
    since: DaemonVersion = .init(0, 0, 0)
  ) -> Keyword {
    Keyword(name, since: since) { subject, statement, _ in
      subject[keyPath: path] = Placed(value, at: statement.place)
    }
  }

  /// `keyword [on|off]`.
  static func toggle(
    _ name: String, _ path: any Path<Placed<Bool>?>, since: DaemonVersion = .init(0, 0, 0)
  ) -> Keyword {
    Keyword(name, since: since) { subject, statement, reading in
      guard let value = reading.toggle(statement) else { return }
      reading.noteRepeat(subject[keyPath: path]?.place, statement)
      subject[keyPath: path] = Placed(value, at: statement.place)
    }
  }

  static func word(
    _ name: String, _ path: any Path<Placed<String>?>, isLookedFor: Bool = false
  ) -> Keyword {
    Keyword(name) { subject, statement, reading in
      guard let word = reading.argument(statement, isLookedFor: isLookedFor) else { return }
      reading.noteRepeat(subject[keyPath: path]?.place, statement)
      subject[keyPath: path] = Placed(word.text, at: statement.place)
    }
  }

  /// A whole number without a sign. `least`: what a smaller one is raised to, with a word about it.
  static func number(
    _ name: String, _ path: any Path<Placed<Int>?>, _ range: ClosedRange<Int>, lenient: Bool = true,
    least: Int? = nil, otherwise: Int? = nil, since: DaemonVersion = .init(0, 0, 0)
  ) -> Keyword {
    Keyword(name, since: since) { subject, statement, reading in
      guard let word = reading.argument(statement) else { return }
      let outcome = otherwise.map { "the daemon takes \($0)" } ?? "it is left out"
      let read = reading.take(
        Number.unsigned(word.bytes, range, lenient: lenient), statement, otherwise: outcome,
        at: word.place)
      guard var value = read ?? otherwise else { return }
      if let least, value < least {
        value = least
        reading.remarks.error(
          "\(name) must be at least \(least), and the daemon takes that", at: word.place,
          remedy: "Write \(least) or more.")
      }
      reading.noteRepeat(subject[keyPath: path]?.place, statement)
      subject[keyPath: path] = Placed(value, at: statement.place)
    }
  }

  /// Whole seconds.
  static func seconds(
    _ name: String, _ path: any Path<Placed<Duration>?>, upTo most: Int = 4_294,
    otherwise: Int? = nil
  ) -> Keyword {
    Keyword(name) { subject, statement, reading in
      guard let word = reading.argument(statement) else { return }
      let outcome = otherwise.map { "the daemon takes \($0) s" } ?? "it is left out"
      let read = reading.take(
        Number.unsigned(word.bytes, 0...most, lenient: true), statement, otherwise: outcome,
        at: word.place)
      guard let value = read ?? otherwise else { return }
      reading.noteRepeat(subject[keyPath: path]?.place, statement)
      subject[keyPath: path] = Placed(.seconds(value), at: statement.place)
    }
  }

  /// Seconds with up to six decimal places; the range in microseconds. `large`: from here on the
  /// daemon's log calls it very large.
  static func decimal(
    _ name: String, _ path: any Path<Placed<Duration>?>, _ range: ClosedRange<Int>,
    large: Int? = nil,
    otherwise: Int? = nil, since: DaemonVersion = .init(0, 0, 0)
  ) -> Keyword {
    Keyword(name, since: since) { subject, statement, reading in
      guard let word = reading.argument(statement) else { return }
      let number = Number.decimal(word.bytes, range)
      var shown = number
      shown.value = nil
      if let value = number.value {
        let outcome = "the daemon takes \(Duration.microseconds(value))"
        _ = reading.take(shown, statement, otherwise: outcome, at: word.place)
      } else {
        let outcome = otherwise.map { "the daemon takes \(Duration.microseconds($0))" }
        _ = reading.take(shown, statement, otherwise: outcome ?? "it is left out", at: word.place)
      }
      guard let value = number.value ?? otherwise else { return }
      if let large, value >= large {
        reading.remarks.logged(
          "\(name) is very large: \(Duration.microseconds(value))", at: word.place,
          remedy: "Look at the unit: it is in seconds.")
      }
      reading.noteRepeat(subject[keyPath: path]?.place, statement)
      subject[keyPath: path] = Placed(.microseconds(value), at: statement.place)
    }
  }
}
