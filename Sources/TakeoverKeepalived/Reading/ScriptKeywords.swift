// `vrrp_script`, and the commands of every other keyword (keepalived 2.2.7, vrrp/vrrp_parser.c,
// lib/notify.c).

extension KeywordTable<Script> {
  static let script = KeywordTable([
    Keyword("script", apply: command),
    Keyword("interval") { setTime($1, \.interval, &$0, &$2) },
    Keyword("timeout") { setTime($1, \.timeout, &$0, &$2) },
    .number("fall", \.fall, 1...2_147_483_647, otherwise: 1),
    .number("rise", \.rise, 1...2_147_483_647, otherwise: 1),
    Keyword("weight", apply: weight),
    Keyword("user", apply: user),
    .flag("init_fail", \.startsFailed),
  ])

  @Sendable private static func command(
    _ script: inout Script, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let (words, rest) = reading.command(statement) else { return }
    reading.noteRepeat(script.command?.place, statement)
    script.command = Placed(words, at: statement.place)
    guard let first = rest.first else { return }
    reading.remarks.silent(
      "\(quoted(first)) and what follows it are no part of the command, which is one word",
      at: statement.place, remedy: "Put the whole command in quotes.")
  }

  /// Whole seconds up to 2.2; from 2.3 on with three decimal places. 0 is taken as 1.
  private static func setTime(
    _ statement: Statement, _ path: WritableKeyPath<Script, Placed<Duration>?>,
    _ script: inout Script, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    let hasDecimals = reading.host.version >= DaemonVersion(2, 3, 0)
    var number =
      hasDecimals
      ? Number.decimal(word.bytes, 0...4_294_000, places: 3)
      : Number.unsigned(word.bytes, 0...4_294, lenient: true)
    if !hasDecimals { number.value = number.value.map { $0 * 1_000 } }
    if let complaint = number.complaint {
      let outcome =
        number.value.map { "the daemon takes \(Duration.milliseconds(max($0, 1)))" }
        ?? "it is left out"
      reading.remarks.error(
        "\(statement.keyword.text): \(complaint); \(outcome)", at: word.place,
        remedy: hasDecimals ? "Write seconds." : "Write whole seconds: decimals need 2.3.")
    }
    guard var value = number.value else { return }
    if value == 0 {
      value = 1_000
      reading.remarks.error(
        "\(statement.keyword.text) must be above 0: the daemon takes 1 s", at: word.place,
        remedy: "Write 1.")
    }
    reading.noteRepeat(script[keyPath: path]?.place, statement)
    script[keyPath: path] = Placed(.milliseconds(value), at: statement.place)
  }

  /// A weight that is out of range is complained of, and taken.
  @Sendable private static func weight(
    _ script: inout Script, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    let value = Number.taken(word.bytes)
    if let complaint = Number.signed(word.bytes, -253...253, lenient: true).complaint {
      reading.remarks.error(
        "weight: \(complaint); the daemon takes \(value)", at: word.place,
        remedy: "Write -253 to 253.")
    }
    reading.noteRepeat(script.weight?.place, statement)
    script.weight = Placed(value, at: statement.place)
    script.isReversed = reading.isReversed(statement) || script.isReversed
  }

  @Sendable private static func user(
    _ script: inout Script, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement) else { return }
    reading.noteRepeat(script.user?.place, statement)
    script.user = Placed(word.text, at: statement.place)
  }
}

extension Reading {
  /// The third word of a weight.
  mutating func isReversed(_ statement: Statement) -> Bool {
    guard statement.words.count > 2 else { return false }
    let word = statement.words[2]
    if word == "reverse" { return true }
    remarks.error(
      "a weight can be followed by reverse, and not by \(quoted(word.bytes))", at: word.place,
      remedy: "Write reverse, or nothing.")
    return false
  }

  /// The command of a statement: its second word, parted again, and the words after it. nil: there is
  /// none, and the daemon leaves the statement out.
  mutating func command(_ statement: Statement) -> (words: [String], rest: [[UInt8]])? {
    let keeps = host.version >= DaemonVersion(2, 3, 0)
    do {
      let parts = try CommandWords.split(statement.line.bytes, keepingEscapes: keeps)
      guard parts.count > 1 else { return nil }
      let words = try CommandWords.split(parts[1], keepingEscapes: false)
      guard !words.isEmpty else { return nil }
      return (words.map { String(decoding: $0, as: UTF8.self) }, Array(parts.dropFirst(2)))
    } catch {
      let what = error == .openQuote ? "leaves a quote open" : "ends with a backslash"
      let sentence = "the command \(what): \(statement.keyword.text) is left out"
      let remedy = "Put the whole command in double quotes, and quotes in it in single ones."
      if error == .openQuote {
        remarks.error(sentence, at: statement.place, remedy: remedy)
      } else {
        remarks.logged(sentence, at: statement.place, remedy: remedy)
      }
      return nil
    }
  }

  /// Whether there is somebody to run a script; what the daemon does without one.
  mutating func hasUser(_ statement: Statement, _ rest: [[UInt8]]) -> Bool {
    let name = statement.keyword.text
    if let user = rest.first.map({ String(decoding: $0, as: UTF8.self) }) {
      guard host.knowsNoUser(user) else { return true }
      remarks.logged(
        "\(name): the word after the command is a user, and none is called \(quoted(user)): it is"
          + " left out", at: statement.place, remedy: "Put the command and its words in quotes.")
      return false
    }
    guard lacksDefaultUser(at: statement.place) else { return true }
    remarks.logged(
      "\(name) has no user to run as, and is left out", at: statement.place,
      remedy: "Write script_user root in global_defs.")
    return false
  }

  /// Scripts run as script_user, or keepalived_script, or root; the last not where scripts are to be
  /// secure (keepalived.conf(5), script_user).
  mutating func lacksDefaultUser(at place: Place) -> Bool {
    if let user = globals.scriptUser { return host.knowsNoUser(user.value) }
    guard globals.scriptSecurity != nil, host.knowsNoUser("keepalived_script") else { return false }
    remarks.error(
      "enable_script_security without script_user needs a user keepalived_script, and there is none",
      at: globals.scriptSecurity?.place ?? place, remedy: "Write script_user root in global_defs.")
    return true
  }
}

extension Reading {
  /// Notes that a command runs, for what is to be said where nothing makes scripts secure.
  mutating func runs(_ words: [String], at place: Place) {
    guard let path = words.first, !isFileCheck(path), !host.missingScripts.contains(path),
      firstScript == nil
    else { return }
    firstScript = place
  }

  /// `</path` asks whether a file can be read; nothing runs.
  func isFileCheck(_ path: String) -> Bool {
    path.hasPrefix("<") && path.dropFirst().drop { " \t".contains($0) }.hasPrefix("/")
  }
}
