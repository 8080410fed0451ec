// The ledger: numbered rows that a client writes into the pair's database through its address, and
// what became of each. Many rows are one entry, or a journal would have a thousand lines a second.

/// Rows whose numbers follow each other, both ends included.
package struct LedgerRange: Hashable, Sendable {
  package let first: Int64
  package let last: Int64

  /// The two ends in either order.
  package init(_ one: Int64, _ other: Int64) {
    first = min(one, other)
    last = max(one, other)
  }

  package var count: Int { Int(clamping: last.saturatingMinus(first).saturatingPlus(1)) }
}

extension LedgerRange: Codable {
  /// Written as `[first, last]`.
  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let one = try container.decode(Int64.self)
    self.init(one, try container.decode(Int64.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(first)
    try container.encode(last)
  }
}

extension LedgerRange: CustomStringConvertible {
  package var description: String { first == last ? "\(first)" : "\(first)–\(last)" }
}

/// The rows in one table that one server wrote.
package struct LedgerRows: Hashable, Sendable, Codable {
  package var server: String
  package var ranges: [LedgerRange]

  package init(server: String, ranges: [LedgerRange]) {
    self.server = server
    self.ranges = ranges
  }

  package var count: Int { ranges.reduce(0) { $0 + $1.count } }
}

/// What became of some rows, or of attempts to connect, that fared alike within a moment.
package struct LedgerEntry: Hashable, Sendable, Codable {
  package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// The server said that the row is committed.
    case acknowledged
    /// The server answered with an error. Without rows: to the attempt to connect.
    case refused
    /// The row was sent, and the connection ended before an answer: it may have been written.
    case unanswered
    /// Nobody took the connection.
    case unreached
  }

  /// One answer among them.
  package struct Answer: Hashable, Sendable, Codable {
    /// When the row, or the first packet of the connection, was sent.
    package var sent: Moment
    /// When the answer arrived here; without one, until when it was waited for.
    package var arrived: Interval

    package init(sent: Moment, arrived: Interval) {
      self.sent = sent
      self.arrived = arrived
    }
  }

  package var vantage: String
  package var address: IPAddress
  package var outcome: Outcome
  /// The answering server's name for itself; nil: nobody said one.
  package var server: String?
  /// The error's SQLSTATE, or why there was no connection; empty: there was none.
  package var code: String
  /// Empty: attempts to connect.
  package var rows: [LedgerRange]
  /// How many rows or attempts.
  package var count: Int
  /// The first and the last of the answers, in the order in which they arrived.
  package var first: Answer
  package var last: Answer

  package init(
    vantage: String, address: IPAddress, outcome: Outcome, server: String? = nil,
    code: String = "", rows: [LedgerRange] = [], count: Int, first: Answer, last: Answer
  ) {
    self.vantage = vantage
    self.address = address
    self.outcome = outcome
    self.server = server
    self.code = code
    self.rows = rows
    self.count = count
    self.first = first
    self.last = last
  }

  /// Whether a server was there and took no writes: a standby (25006, read_only_sql_transaction), or
  /// one that is still in recovery (57P03, cannot_connect_now).
  package var isReadOnly: Bool { outcome == .refused && ["25006", "57P03"].contains(code) }
}

/// The checks that need a ledger; a plan that expects one of them has one kept.
package enum LedgerPromise: String, CaseIterable, Sendable {
  case acknowledgedLost = "acknowledged-lost"
  case readOnlyWithin = "read-only-within"
  case oneWriter = "one-writer"
  case writesResumeWithin = "writes-resume-within"

  /// Whether one of the trials expects one of them.
  package static func isAsked(by plans: [Plan]) -> Bool {
    plans.contains { $0.trials.contains(where: \.asksForLedger) }
  }
}

extension Trial {
  /// Whether it expects a check that needs a ledger.
  package var asksForLedger: Bool {
    expectations.contains { LedgerPromise(rawValue: $0.check) != nil }
  }
}
