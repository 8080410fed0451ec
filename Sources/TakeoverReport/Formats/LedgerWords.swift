// The ledger in words: the same in every format that people read.

internal import TakeoverModel

enum LedgerWords {
  static let noLedger =
    "No ledger was kept: the site names no database, or no vantage point of this machine."

  /// `1,024`
  static func count(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (number < 0 ? "-" : "") + ([digits[...]] + groups).joined(separator: ",")
  }

  /// `1 row`, `1,024 rows`
  static func rows(_ number: Int) -> String { count(number) + (number == 1 ? " row" : " rows") }

  /// With a capital letter and a full stop.
  static func sentence(_ words: String) -> String {
    words.isEmpty ? "" : words.prefix(1).uppercased() + words.dropFirst() + "."
  }

  /// Numbers that follow each other, together.
  static func merged(_ ranges: [LedgerRange]) -> [LedgerRange] {
    ranges.sorted { ($0.first, $0.last) < ($1.first, $1.last) }.reduce(into: []) { all, range in
      if let last = all.last, range.first <= last.last.saturatingPlus(1) {
        all[all.count - 1] = LedgerRange(last.first, max(last.last, range.last))
      } else {
        all.append(range)
      }
    }
  }

  /// As rows of times and counts.
  static func rows(_ trial: TrialTimeline) -> [MarkRow] {
    guard let ledger = trial.ledger else { return [] }
    var rows: [MarkRow] = []
    func add(_ words: String, _ value: String) {
      rows.append(MarkRow(mark: "", words: words, value: value))
    }
    if ledger.before.length > .zero {
      add(
        "rows acknowledged in the last \(TimeText.value(ledger.before.length, knownTo: .milliseconds(1))) "
          + "before the blow", count(ledger.before.rows))
    }
    add("rows acknowledged after the blow", count(ledger.acknowledged))
    if let pause = ledger.pause {
      add(
        "longest time without an acknowledged row",
        pause.until == nil ? TimeText.least(pause.length.atLeast) : pause.length.description)
    }
    for span in ledger.readOnly {
      add(
        "\(span.node ?? "a database") answered and took no writes",
        span.until == nil ? TimeText.least(span.length.atLeast) : span.length.description)
    }
    if let audit = ledger.audit {
      add("acknowledged rows gone from \(audit.node)", count(audit.lostCount))
      add("rows without an answer in \(audit.node)", count(audit.unacknowledgedCount))
    }
    if !ledger.readings.isEmpty {
      let writers = ledger.writers
      add(
        "takes writes at the end", writers.isEmpty ? "nobody" : writers.joined(separator: " and "))
    }
    return rows
  }
}
