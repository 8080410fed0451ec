// The checks of the ledger: each on a pair that keeps the promise, and on one that breaks it.

import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

@Suite struct `The ledger's checks` {
  /// What a ledger of 1,000 rows a second saw: a acknowledges until `dies`, nobody is there until
  /// `refuses`, then b refuses until `writes` and acknowledges from then on.
  struct Story {
    var dies = 8_000.0
    var refuses = 8_700.0
    var writes = 9_000.0
    var ends = 19_400.0
    /// Rows that b's database does not have at the end.
    var gone: ClosedRange<Int64>?
    var aTakesWrites: Bool? = false
    var bTakesWrites: Bool? = true
    var aTrouble = ""
    /// nil: b's rows could not be read.
    var bReads = true
    /// The databases of both have this name.
    var oneName: String?
    var isRead = true
    var isKept = true
  }

  private static func entry(
    _ time: Double, _ outcome: LedgerEntry.Outcome, _ server: String? = nil, code: String = "",
    rows: ClosedRange<Int64>? = nil
  ) -> Observation {
    func answer(_ time: Double) -> LedgerEntry.Answer {
      .init(
        sent: Scenario.at(time - 2),
        arrived: Interval(Scenario.at(time - 1), Scenario.at(time)))
    }
    let entry = LedgerEntry(
      vantage: "client", address: Scenario.address, outcome: outcome, server: server, code: code,
      rows: rows.map { [LedgerRange($0.lowerBound, $0.upperBound)] } ?? [],
      count: rows?.count ?? 5, first: answer(time), last: answer(time + 45))
    return Observation(
      when: Interval(entry.first.arrived.earliest, entry.last.arrived.latest),
      source: "client/ledger", event: .ledger(entry))
  }

  private static func observations(_ story: Story) -> [Observation] {
    var all: [Observation] = []
    var row: Int64 = 1
    func server(_ node: String) -> String { story.oneName ?? node }
    for time in stride(from: 3_000.0, to: story.ends, by: 50) {
      let rows = row...(row + 49)
      if time + 45 < story.dies {
        all.append(entry(time, .acknowledged, server("a"), rows: rows))
      } else if time < story.refuses {
        all.append(entry(time, .unreached, code: "no answer"))
        continue
      } else if time < story.writes {
        all.append(entry(time, .refused, server("b"), code: "25006", rows: rows))
      } else {
        all.append(entry(time, .acknowledged, server("b"), rows: rows))
      }
      row += 50
    }
    guard story.isKept else { return [] }
    guard story.isRead else { return all }
    let last = row - 1
    let refused = all.compactMap { observation -> LedgerRange? in
      guard case .ledger(let entry) = observation.event, entry.outcome == .refused else {
        return nil
      }
      return entry.rows.first
    }
    let holes = (refused.map { $0.first...$0.last } + [story.gone].compactMap { $0 })
      .sorted { $0.lowerBound < $1.lowerBound }
    var ranges: [LedgerRange] = []
    var next: Int64 = 1
    for hole in holes {
      if hole.lowerBound > next { ranges.append(LedgerRange(next, hole.lowerBound - 1)) }
      next = max(next, hole.upperBound + 1)
    }
    if next <= last { ranges.append(LedgerRange(next, last)) }
    let a = DatabaseReading(
      node: "a", server: story.aTakesWrites == nil ? nil : server("a"),
      takesWrites: story.aTakesWrites,
      rows: story.aTakesWrites == nil
        ? nil : [LedgerRows(server: "a", ranges: [LedgerRange(1, 5_000)])],
      trouble: story.aTrouble)
    let b = DatabaseReading(
      node: "b", server: server("b"), takesWrites: story.bTakesWrites,
      rows: story.bReads ? [LedgerRows(server: "b", ranges: ranges)] : nil,
      trouble: story.bReads ? "" : "psql ended with status 1")
    return all
      + [a, b].map { reading in
        Observation(
          when: Interval(Scenario.at(19_500), Scenario.at(19_600)), source: "run",
          event: .databaseReading(reading))
      }
  }

  private static func report(
    _ check: LedgerPromise, _ value: ParameterValue, _ story: Story
  ) throws -> Report {
    var scenario = Scenario.gracefulStop(Expectation(check: check.rawValue, value: value))
    scenario.restoredTo = "b"
    scenario.extra += observations(story)
    return try Judge().judge(scenario.observations)
  }

  private static func result(
    _ check: LedgerPromise, _ value: ParameterValue, _ story: Story
  ) throws -> TrialResult { try #require(try report(check, value, story).trials.first) }

  private static func finding(
    _ check: LedgerPromise, _ value: ParameterValue, _ story: Story = Story()
  ) throws -> Finding {
    try #require(try result(check, value, story).findings.first)
  }

  private static let promises: [(LedgerPromise, ParameterValue)] = [
    (.acknowledgedLost, .text("none")), (.readOnlyWithin, .duration(.seconds(1))),
    (.oneWriter, .text("at the end")), (.writesResumeWithin, .duration(.seconds(2))),
  ]

  @Test func `a healthy pair keeps every promise`() throws {
    for (check, value) in Self.promises {
      let finding = try Self.finding(check, value)
      #expect(finding.outcome == .pass, "\(finding.sentence)")
    }
  }

  @Test func `results tell the ledger as their schema says`() throws {
    let schema = try SchemaChecker(ResultsSchema.text)
    for story in [Story(), Story(gone: 4_000...5_000, bTakesWrites: nil), Story(bReads: false)] {
      let results = ResultsReport().render(
        try Self.report(.acknowledgedLost, .text("none"), story))
      #expect(String(decoding: results, as: UTF8.self).contains("\"ledger\""))
      #expect(try schema.complaints(about: results) == [])
    }
  }

  @Test func `without a ledger, or a reading, nothing passes`() throws {
    for (check, value) in Self.promises {
      #expect(try Self.finding(check, value, Story(isKept: false)).outcome == .unknown)
    }
    for check in [LedgerPromise.acknowledgedLost, .oneWriter] {
      let value: ParameterValue = .text(check == .oneWriter ? "at the end" : "none")
      #expect(try Self.finding(check, value, Story(isRead: false)).outcome == .unknown)
    }
  }

  // MARK: acknowledged-lost

  @Test func `rows that are gone are counted, and their numbers told`() throws {
    let story = Story(gone: 4_901...4_912)
    let finding = try Self.finding(.acknowledgedLost, .text("none"), story)
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.hasPrefix("12 of "), "\(finding.sentence)")
    #expect(finding.sentence.contains("gone from b's database: 4901–4912, acknowledged by a"))
    #expect(finding.hint == "a's database still has 12 of them.")
    #expect(try Self.finding(.acknowledgedLost, .text("at most 12"), story).outcome == .pass)
    #expect(try Self.finding(.acknowledgedLost, .text("at most 11"), story).outcome == .fail)
  }

  @Test func `a table that is not there has lost every row`() throws {
    let finding = try Self.finding(.acknowledgedLost, .text("none"), Story(gone: 1...1_000_000))
    #expect(finding.outcome == .fail)
    let all = finding.sentence.split(separator: " ")
    #expect(all[0] == all[2], "\(finding.sentence)")
  }

  @Test func `a refused row is not missed`() throws {
    let finding = try Self.finding(.acknowledgedLost, .text("none"), Story(writes: 12_000))
    #expect(finding.outcome == .pass, "\(finding.sentence)")
  }

  @Test func `a table that could not be read is no proof`() throws {
    let finding = try Self.finding(.acknowledgedLost, .text("none"), Story(bReads: false))
    #expect(finding.outcome == .unknown)
    #expect(finding.sentence.contains("psql ended with status 1"))
  }

  @Test(arguments: ["one", "at most", "at most -1", "at most x", "5", ""])
  func `what is no number of rows is refused`(text: String) {
    #expect(AcknowledgedLost.declaration.refusal(.text(text), []) != nil)
  }

  @Test(arguments: ["none", "at most 0", "at most 500"])
  func `what is a number of rows is not`(text: String) {
    #expect(AcknowledgedLost.declaration.refusal(.text(text), []) == nil)
  }

  // MARK: read-only-within

  @Test func `a standby that answers for too long breaks the promise`() throws {
    let story = Story(writes: 13_000)
    let finding = try Self.finding(.readOnlyWithin, .duration(.seconds(3)), story)
    #expect(finding.outcome == .fail, "\(finding.sentence)")
    let length = try #require(finding.measured)
    #expect(length.atLeast > .milliseconds(4_150) && length.atMost < .milliseconds(4_400))
    #expect(finding.sentence.hasPrefix("b's database answered at 172.17.16.3 and refused"))
    #expect(finding.hint.contains("waits to be promoted"))
    #expect(try Self.finding(.readOnlyWithin, .duration(.seconds(5)), story).outcome == .pass)
    let inside = Duration.milliseconds(4_300)
    #expect(try Self.finding(.readOnlyWithin, .duration(inside), story).outcome == .unknown)
  }

  @Test func `a standby that nobody promotes breaks it, too`() throws {
    let finding = try Self.finding(
      .readOnlyWithin, .duration(.seconds(3)), Story(writes: 60_000, bTakesWrites: false))
    #expect(finding.outcome == .fail, "\(finding.sentence)")
    #expect(finding.measured == nil)
  }

  @Test func `where nobody is, nobody refuses`() throws {
    let finding = try Self.finding(
      .readOnlyWithin, .duration(.milliseconds(100)), Story(refuses: 12_000, writes: 12_000))
    #expect(finding.outcome == .pass, "\(finding.sentence)")
  }

  // MARK: one-writer

  @Test func `two that take writes are one too many`() throws {
    let finding = try Self.finding(
      .oneWriter, .text("at the end"), Story(aTakesWrites: true))
    #expect(finding.outcome == .fail)
    #expect(finding.sentence == "The databases of a and b both take writes at the end.")
    #expect(finding.hint.contains("a's table has 5,000 by a"), "\(finding.hint)")
  }

  @Test func `nobody is not one, and somebody who did not say may be another`() throws {
    let nobody = try Self.finding(
      .oneWriter, .text("at the end"), Story(bTakesWrites: false))
    #expect(nobody.outcome == .fail)
    let silent = try Self.finding(
      .oneWriter, .text("at the end"), Story(aTakesWrites: nil, aTrouble: "no road"))
    #expect(silent.outcome == .unknown)
    #expect(silent.sentence.contains("no road"))
  }

  // MARK: writes-resume-within

  @Test func `the longest pause between two acknowledged rows is what counts`() throws {
    let story = Story(refuses: 11_000, writes: 13_000)
    let finding = try Self.finding(.writesResumeWithin, .duration(.seconds(4)), story)
    #expect(finding.outcome == .fail, "\(finding.sentence)")
    let length = try #require(finding.measured)
    #expect(length.atLeast >= .milliseconds(5_000) && length.atMost <= .milliseconds(5_110))
    #expect(finding.sentence.contains("a acknowledged the last one before it, b the next"))
    #expect(try Self.finding(.writesResumeWithin, .duration(.seconds(6)), story).outcome == .pass)
  }

  @Test func `writes that do not come back break the promise, if it was long enough to tell`()
    throws
  {
    let story = Story(refuses: 60_000, writes: 60_000)
    let finding = try Self.finding(.writesResumeWithin, .duration(.seconds(4)), story)
    #expect(finding.outcome == .fail, "\(finding.sentence)")
    #expect(
      try Self.finding(.writesResumeWithin, .duration(.seconds(60)), story).outcome == .unknown)
  }

  // MARK: Doubts

  @Test func `servers of one name, and a ledger that was silent before the blow, are doubted`()
    throws
  {
    let same = try Self.result(.acknowledgedLost, .text("none"), Story(oneName: "main"))
    #expect(same.findings.first?.outcome == .unknown)
    #expect(same.timeline.doubts.contains { $0.contains("have one name, \"main\"") })
    let silent = try Self.result(
      .writesResumeWithin, .duration(.seconds(60)), Story(dies: 5_000))
    #expect(silent.findings.first?.outcome == .unknown)
    #expect(silent.timeline.doubts.contains { $0.contains("right before the blow") })
  }
}
