// What the ledger writes down, at which pace it writes, and what a node says of its database.

import TakeoverModel
import Testing

@testable import TakeoverLedger

@Suite struct `The ledger's book` {
  private static func at(_ milliseconds: Int64) -> Moment {
    Moment(nanoseconds: milliseconds * 1_000_000)
  }

  private static func answer(_ milliseconds: Int64) -> LedgerEntry.Answer {
    .init(
      sent: at(milliseconds - 2),
      arrived: Interval(at(milliseconds - 1), at(milliseconds)))
  }

  private static func entries(_ observations: [Observation]) -> [LedgerEntry] {
    observations.compactMap { if case .ledger(let entry) = $0.event { entry } else { nil } }
  }

  private static let acknowledged = Fate(outcome: .acknowledged, server: "a")

  @Test func `rows that fared alike within a moment are one entry`() {
    var book = LedgerBook(vantage: "client", address: .v4(1))
    for row in [Int64(3), 1, 2, 7, 8] {
      book.add(row, Self.acknowledged, Self.answer(100 + row), at: Self.at(110))
    }
    let early = book.due(at: Self.at(159))
    #expect(early.isEmpty)
    let due = book.due(at: Self.at(160))
    #expect(due.map(\.when) == [Interval(Self.at(100), Self.at(108))])
    #expect(due.map(\.source) == ["client/ledger"])
    let entry = Self.entries(due).first
    #expect(entry?.rows == [LedgerRange(1, 3), LedgerRange(7, 8)])
    #expect(entry?.count == 5)
    #expect(entry?.first == Self.answer(101))
    #expect(entry?.last == Self.answer(108))
    let left = book.due(at: Self.at(1_000), all: true)
    #expect(left.isEmpty)
  }

  @Test func `what fared otherwise is another entry, and so is an attempt to connect`() {
    var book = LedgerBook(vantage: "client", address: .v4(1))
    book.add(1, Self.acknowledged, Self.answer(10), at: Self.at(10))
    book.add(
      2, Fate(outcome: .refused, server: "b", code: "25006"), Self.answer(9), at: Self.at(10))
    book.add(nil, Fate(outcome: .unreached, code: "refused"), Self.answer(11), at: Self.at(11))
    let entries = Self.entries(book.due(at: Self.at(12), all: true))
    #expect(entries.map(\.outcome) == [.refused, .acknowledged, .unreached])
    #expect(entries.map(\.rows) == [[LedgerRange(2, 2)], [LedgerRange(1, 1)], []])
    #expect(entries.map(\.isReadOnly) == [true, false, false])
  }

  @Test func `no row is forgotten, however they come`() {
    var book = LedgerBook(vantage: "client", address: .v4(1))
    var found: [Int64] = []
    for row in Int64(1)...5_000 {
      let place = (row * 7_919) % 5_000 + 1
      book.add(place, Self.acknowledged, Self.answer(row), at: Self.at(row))
      for entry in Self.entries(book.due(at: Self.at(row), all: row == 5_000)) {
        #expect(entry.count == entry.rows.reduce(0) { $0 + $1.count })
        found += entry.rows.flatMap { Array($0.first...$0.last) }
      }
    }
    #expect(found.sorted() == Array(1...5_000))
  }

  @Test func `rows are due at their pace, and what was missed is not made up for`() {
    var pace = Pace(rate: 1_000, from: Self.at(0))
    let due = [0, 4, 4, 20, 3_000, 3_010].map { pace.due(at: Self.at($0)) }
    #expect(due == [1, 4, 0, 16, 1, 10])
  }
}

@Suite struct `What a node says of its database` {
  private static func reading(
    _ text: String, error: String = "", status: Int = 0, withRows: Bool = true
  ) -> DatabaseReading {
    PostgresReading.reading(
      of: "a", withRows: withRows,
      CommandResult(
        status: status, output: Array(text.utf8), errorOutput: Array(error.utf8)))
  }

  @Test func `is whether it takes writes, who follows it, and which rows it has`() {
    let reading = Self.reading(
      "server|a|f|off|2|1\ntable|t\nrows|a|1|100\nrows|b|101|101\nrows|a|103|110\nend\n")
    #expect(
      reading
        == DatabaseReading(
          node: "a", server: "a", takesWrites: true, standbys: 2, synchronousStandbys: 1,
          rows: [
            LedgerRows(server: "a", ranges: [LedgerRange(1, 100), LedgerRange(103, 110)]),
            LedgerRows(server: "b", ranges: [LedgerRange(101, 101)]),
          ]))
    #expect(reading.rows?.reduce(0) { $0 + $1.count } == 109)
  }

  @Test func `a standby, and a primary that is fenced, take no writes`() {
    #expect(Self.reading("server|a|t|on|0|0\nend\n", withRows: false).takesWrites == false)
    #expect(Self.reading("server|a|f|on|0|0\nend\n", withRows: false).takesWrites == false)
    #expect(Self.reading("server|a|f|off|0|0\nend\n", withRows: false).takesWrites == true)
  }

  @Test func `a table that is not there has no rows, and one that cannot be read is not known`() {
    let missing = Self.reading(
      "server|b|f|off|0|0\ntable|f\nend\n", error: "ERROR:  42P01\n")
    #expect(missing.rows == [] && missing.trouble.isEmpty)
    let empty = Self.reading("server|b|f|off|0|0\ntable|t\nend\n")
    #expect(empty.rows == [] && empty.trouble.isEmpty)
    let denied = Self.reading(
      "server|b|f|off|0|0\ntable|t\nend\n", error: "ERROR:  42501\n")
    #expect(denied.rows == nil && denied.trouble == "ERROR:  42501")
  }

  @Test func `a server that is not there takes no writes; an answer that is cut off says nothing`()
  {
    let dead = Self.reading("", error: "psql: error: no such file", status: 2)
    #expect(dead.takesWrites == false && dead.server == nil && dead.rows == nil)
    #expect(dead.trouble == "psql: error: no such file")
    let missing = Self.reading("", error: "sh: psql: not found", status: 127)
    #expect(missing.takesWrites == nil && missing.trouble == "sh: psql: not found")
    let cut = Self.reading("server|a|f|off|1|1\ntable|t\nrows|a|1|100\n")
    #expect(cut.rows == nil && !cut.trouble.isEmpty)
  }

  @Test func `psql is run as the site says, with the questions behind it`() throws {
    let plain = PostgresReading(of: Database(psql: Command("psql", "-U", "x")))
    let words = plain.command(withRows: false).arguments
    #expect(words.prefix(4) == ["psql", "-U", "x", "-AtXq"])
    #expect(words.suffix(2) == ["-c", "select 'end'"])
    let script = PostgresReading(of: Database(psql: .script("sudo -n -u postgres psql -p 5433")))
    let given = try #require(script.command(withRows: true).asScript)
    #expect(given.body == "sudo -n -u postgres psql -p 5433 \"$@\"")
    #expect(given.parameters.first == "-AtXq")
  }
}
