// `track_file` and `vrrp_track_process` (keepalived 2.2.7, trackers/track_file.c,
// vrrp/vrrp_parser.c).

extension KeywordTable<TrackFile> {
  static let trackFile = KeywordTable([
    Keyword("file") { file, statement, reading in
      guard let word = reading.argument(statement, isLookedFor: true),
        reading.isFirst(file.path?.place, statement)
      else { return }
      file.path = Placed(word.text, at: statement.place)
    },
    Keyword("weight", apply: weight),
    Keyword("init_file", apply: initial),
  ])

  @Sendable private static func weight(
    _ file: inout TrackFile, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement, isLookedFor: true) else { return }
    // The daemon sees by the value that a weight is written, and 1 is what it starts with.
    let earlier = file.weight.flatMap { $0.value == 1 ? nil : $0.place }
    guard reading.isFirst(earlier, statement) else { return }
    let number = Number.signed(word.bytes, -254...254, lenient: true)
    let value =
      reading.take(number, statement, otherwise: "the daemon takes 1", at: word.place) ?? 1
    file.weight = Placed(value, at: statement.place)
    file.isReversed = reading.isReversed(statement) || file.isReversed
  }

  @Sendable private static func initial(
    _ file: inout TrackFile, _ statement: Statement, _ reading: inout Reading
  ) {
    file.initial = Placed(0, at: statement.place)
    for word in statement.arguments where word != "overwrite" {
      guard let first = word.bytes.first(where: { !isSpace($0) }),
        isDigit(first) || first == UInt8(ascii: "-")
      else {
        reading.remarks.error(
          "init_file does not know \(quoted(word.bytes)): it is left out", at: word.place,
          remedy: "Write a number and overwrite, both or either.")
        continue
      }
      let number = Number.signed(word.bytes, Int(Int32.min)...Int(Int32.max), lenient: false)
      let value =
        reading.take(number, statement, otherwise: "the daemon takes 0", at: word.place) ?? 0
      file.initial = Placed(value, at: statement.place)
      guard abs(value) > 254 else { continue }
      reading.remarks.error(
        "init_file: \(value) is more than a weight of 1 can say, and is taken", at: word.place,
        remedy: "Write -254 to 254.")
    }
  }
}

extension KeywordTable<TrackProcess> {
  static let trackProcess = KeywordTable([
    Keyword("process") { process, statement, reading in
      guard reading.isFirst(process.process?.place, statement),
        let word = reading.argument(statement)
      else { return }
      let words = [word.text] + statement.arguments.dropFirst().map(\.text)
      process.process = Placed(words.joined(separator: " "), at: statement.place)
    },
    Keyword("weight", apply: weight),
    .number("quorum", \.quorum, 1...65_535),
    .number("quorum_max", \.quorumMax, 0...65_535),
    .decimal("delay", \.delay, 1...3_600_000_000),
    .decimal("terminate_delay", \.terminateDelay, 1...3_600_000_000),
    .decimal("fork_delay", \.forkDelay, 1...3_600_000_000),
    Keyword("param_match") { _, statement, reading in
      guard let word = statement.arguments.first, word != "initial", word != "partial" else {
        return
      }
      reading.remarks.error(
        "param_match does not know \(quoted(word.bytes)): it is left out", at: word.place,
        remedy: "Write initial, partial, or nothing.")
    },
    .known("full_command"),
  ])

  @Sendable private static func weight(
    _ process: inout TrackProcess, _ statement: Statement, _ reading: inout Reading
  ) {
    guard let word = reading.argument(statement, isLookedFor: true) else { return }
    let earlier = process.weight.flatMap { $0.value == 0 ? nil : $0.place }
    guard reading.isFirst(earlier, statement) else { return }
    let number = Number.signed(word.bytes, -254...254, lenient: true)
    guard let value = reading.take(number, statement, otherwise: "it is left out", at: word.place)
    else { return }
    process.weight = Placed(value, at: statement.place)
    process.isReversed = reading.isReversed(statement) || process.isReversed
  }
}

extension Reading {
  /// What may be said once: whether this is it.
  mutating func isFirst(_ earlier: Place?, _ statement: Statement) -> Bool {
    guard let earlier else { return true }
    remarks.error(
      "\(statement.keyword.text) is written above already (\(earlier)): this one is left out",
      at: statement.place, remedy: "Keep one of them.")
    return false
  }
}
