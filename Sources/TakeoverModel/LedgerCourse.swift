// How the ledger of one trial went: what the report room makes of the entries and the readings, and the
// checks judge. Servers are called by their nodes' names, where these are known.

package struct LedgerCourse: Hashable, Sendable {
  package var vantage: String
  package var address: IPAddress
  /// Within the window: rows that were acknowledged, and rows that got no answer.
  package var acknowledged = 0
  package var unanswered = 0
  /// Within the window: errors that rows and attempts to connect were answered with, by SQLSTATE.
  package var refusals: [String: Int] = [:]
  /// What was acknowledged in the last seconds before the blow.
  package var before = Before(rows: 0, length: .zero)
  /// The longest time in the window without an acknowledged row; nil: there was none before.
  package var pause: WritePause?
  /// The times in which a server answered at the address and took no writes, in order.
  package var readOnly: [ReadOnlySpan] = []
  /// What each database said at the trial's end, in the site's order.
  package var readings: [DatabaseReading] = []
  /// The acknowledged rows beside those of the database that serves at the end; nil: none was read.
  package var audit: LedgerAudit?
  /// Why there is none, in words; empty: there is one.
  package var auditTrouble = ""

  package init(vantage: String, address: IPAddress) {
    self.vantage = vantage
    self.address = address
  }

  package struct Before: Hashable, Sendable {
    package var rows: Int
    package var length: Duration

    package init(rows: Int, length: Duration) {
      self.rows = rows
      self.length = length
    }
  }

  /// The nodes whose databases take writes at the end.
  package var writers: [String] { readings.filter { $0.takesWrites == true }.map(\.node) }
}

/// Between two acknowledged rows.
package struct WritePause: Hashable, Sendable {
  /// Who acknowledged the last row before, and the first after; nil: nobody knows, or nobody did.
  package var old: String?
  package var new: String?
  package var from: Interval
  /// nil: it was not seen to end.
  package var until: Interval?
  package var length: Elapsed

  package init(
    old: String?, new: String?, from: Interval, until: Interval?, length: Elapsed
  ) {
    self.old = old
    self.new = new
    self.from = from
    self.until = until
    self.length = length
  }
}

/// A server answered at the address, and refused each row or each connection.
package struct ReadOnlySpan: Hashable, Sendable {
  /// Who; nil: it did not come to that.
  package var node: String?
  package var refusals: Int
  package var from: Interval
  /// When a row was acknowledged again, or nobody answered any more; nil: neither was seen.
  package var until: Interval?
  package var length: Elapsed

  package init(
    node: String?, refusals: Int, from: Interval, until: Interval?, length: Elapsed
  ) {
    self.node = node
    self.refusals = refusals
    self.from = from
    self.until = until
    self.length = length
  }
}

/// The acknowledged rows beside those that a database has.
package struct LedgerAudit: Hashable, Sendable {
  /// Rows that one server acknowledged, and that are gone.
  package struct Lost: Hashable, Sendable {
    package var rows: LedgerRange
    /// Who acknowledged them.
    package var server: String
    /// When they were acknowledged.
    package var acknowledged: Interval

    package init(rows: LedgerRange, server: String, acknowledged: Interval) {
      self.rows = rows
      self.server = server
      self.acknowledged = acknowledged
    }
  }

  /// Whose database it is.
  package var node: String
  /// Acknowledged rows that were looked for: all since the run began, but those that were gone when
  /// an earlier trial ended.
  package var rows: Int
  package var lost: [Lost] = []
  /// How many of the lost rows another node's database has.
  package var elsewhere: [String: Int] = [:]
  /// Rows that got no answer, and are there.
  package var unacknowledged: [LedgerRange] = []
  /// How many rows each server has written, by the node whose database they are in.
  package var writers: [String: [String: Int]] = [:]

  package init(node: String, rows: Int) {
    self.node = node
    self.rows = rows
  }

  package var lostCount: Int { lost.reduce(0) { $0 + $1.rows.count } }
  package var unacknowledgedCount: Int { unacknowledged.reduce(0) { $0 + $1.count } }
}
