// A run that was killed at any point: its journal ends anywhere, and what had been finished until
// then stands as if nothing had happened. TAKEOVER_FUZZ: at every line, and at 2,000 bytes.

import Foundation
import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

@Suite struct `A journal that ends anywhere` {
  private static let isWhole = Fuzz.count != nil
  private static let journal = ThreeTrials.observations

  @Test func `cut after any line, finished trials stand, the one in flight is an error`() throws {
    let full = try Story(Self.journal)
    #expect(full.statuses == [["passed"], ["failure"], ["passed"]])
    #expect(full.outcome == .fail)
    let lines = Self.isWhole ? Array(1...Self.journal.count) : Self.turns
    for count in lines {
      let cut = Array(Self.journal.prefix(count))
      try check(try Story(cut), whole: cut.count, against: full, "\(count) lines")
    }
  }

  @Test func `cut at any byte, too`() throws {
    let full = try Story(Self.journal)
    let lines = try Self.journal.map { try JournalReaderTests.bytes([$0]) }
    let bytes = Array(lines.joined())
    var random = SplitMix(state: 5)
    var counts = (0..<(Self.isWhole ? 2_000 : 20)).map { _ in
      Int.random(in: lines[0].count...bytes.count, using: &random)
    }
    counts += Self.turns.map { count in lines[..<count].reduce(0) { $0 + $1.count } + 20 }
    for count in counts.map({ min($0, bytes.count) }) {
      var whole = 0
      var reached = 0
      while whole < lines.count, reached + lines[whole].count <= count {
        reached += lines[whole].count
        whole += 1
      }
      // A line without its end is a line, when nothing but the end is missing.
      if whole < lines.count, reached + lines[whole].count == count + 1 { whole += 1 }
      let story = try Story(try JournalReader.read(Array(bytes.prefix(count))))
      try check(story, whole: whole, against: full, "\(count) bytes")
    }
  }

  @Test func `cut within its first line, it is refused, never judged`() throws {
    let first = try JournalReaderTests.bytes([Self.journal[0]])
    for count in stride(from: 0, to: first.count - 1, by: Self.isWhole ? 1 : 17) {
      #expect(throws: Complaint.self) { try JournalReader.read(Array(first.prefix(count))) }
    }
  }

  /// After every line with which a trial begins or ends, the line before it, and the next one.
  private static let turns: [Int] = journal.indices.flatMap { (index) -> [Int] in
    switch journal[index].event {
    case .trialBegan, .trialEnded, .restored, .runEnded: [index, index + 1, index + 2]
    case .blow, .healed: [index + 1]
    default: []
    }
  }.filter { journal.indices.contains($0 - 1) }

  /// `whole`: how many of the journal's lines are there.
  private func check(_ cut: Story, whole: Int, against full: Story, _ place: String) throws {
    #expect(cut.cases.count == 3, "\(place)")
    var outcomes: [Outcome] = []
    for trial in 0..<3 {
      let cases = cut.cases[trial]
      let known = Self.journal.prefix(whole)
      if known.contains(where: { $0.event == .trialEnded(ThreeTrials.header(trial)) }) {
        #expect(cases == full.cases[trial], "trial \(trial) after \(place)")
        outcomes.append(full.outcomes[trial])
      } else if known.contains(where: { $0.event == .trialBegan(ThreeTrials.header(trial)) }) {
        // Redundant again, all that is missing is the line that says so: it may be judged.
        let isOver = known.contains { ThreeTrials.ends(trial, with: $0) }
        #expect(isOver || cases.allSatisfy { $0.status == "error" }, "trial \(trial), \(place)")
        outcomes.append(isOver ? cut.outcomes[trial] : .unknown)
        #expect(isOver || cut.outcomes[trial] != .pass)
      } else {
        // A run that came to no trial at all is an error: a CI passes over what was skipped.
        let begun = known.contains { if case .trialBegan = $0.event { true } else { false } }
        let expected = trial == 0 && !begun ? "error" : "skipped"
        #expect(cases.map(\.status) == [expected], "trial \(trial) after \(place)")
        outcomes.append(.unknown)
      }
    }
    if outcomes.contains(.unknown) { #expect(cut.outcome != .pass, "\(place)") }
    if outcomes.contains(.fail) { #expect(cut.outcome == .fail, "\(place)") }
  }

  /// What is told of a journal: for each trial its cases in JUnit, and its outcome.
  private struct Story {
    var cases: [[JUnitDocument.Case]]
    var outcomes: [Outcome]
    var outcome: Outcome

    var statuses: [[String]] { cases.map { $0.map(\.status) } }

    init(_ observations: [Observation]) throws {
      let report = try Judge().judge(observations)
      outcome = report.outcome
      outcomes = report.trials.map(\.outcome)
      let document = try JUnitDocument(JUnitReport().render(report))
      cases = report.trials.map { trial in
        document.cases.filter { $0.name.hasPrefix(trial.name + ":") }
      }
      // Markdown and JSON are written as well.
      for format in FormatCatalog.formats().kinds { _ = try format.render(report) }
    }
  }
}

/// A run of three trials, one after the other: passed, failed, passed.
enum ThreeTrials {
  private static let stories: [(name: String, scenario: Scenario)] = [
    ("one", .gracefulStop(.takeoverWithin(.seconds(1)))),
    ("two", .crash(.takeoverWithin(.seconds(1)))),
    ("three", .failback(.takeoverWithin(.seconds(2)))),
  ]

  static func header(_ trial: Int) -> TrialHeader {
    TrialHeader(plan: 0, trial: trial, repetition: 1)
  }

  static func ends(_ trial: Int, with observation: Observation) -> Bool {
    guard case .restored = observation.event else { return false }
    return observation.when.earliest == Scenario.at(19_999 + Double(trial) * 20_000)
  }

  /// As written; probes are asked a fifth as often as elsewhere, so that it is short.
  static var observations: [Observation] {
    var all: [Observation] = []
    for (index, story) in stories.enumerated() {
      for observation in story.scenario.observations {
        guard let taken = taken(observation, at: index) else { continue }
        all.append(taken)
      }
    }
    guard case .runBegan(var header)? = all.first?.event else { return [] }
    header.plans[0].trials = stories.map { story in
      var trial = story.scenario.plan.trials[0]
      trial.name = story.name
      return trial
    }
    all[0].event = .runBegan(header)
    return all
  }

  /// The observation in its place of the run; nil: it stands there once, or is left out.
  private static func taken(_ observation: Observation, at index: Int) -> Observation? {
    let isFirst = index == 0
    let shift = Duration.seconds(20 * index)
    var moved = observation
    moved.when = Interval(observation.when.earliest + shift, observation.when.latest + shift)
    switch observation.event {
    case .runBegan, .nodeDescribed, .captureBegan: return isFirst ? moved : nil
    case .runEnded: return index == stories.count - 1 ? moved : nil
    case .trialBegan: moved.event = .trialBegan(header(index))
    case .trialEnded: moved.event = .trialEnded(header(index))
    case .probe(var probe):
      guard probe.sequence % 5 == 0 else { return nil }
      probe.sent = probe.sent + shift
      probe.period *= 5
      probe.answers = probe.answers.map { Probe.Answer(at: $0.at + shift, mac: $0.mac) }
      moved.event = .probe(probe)
    default: break
    }
    return moved
  }
}
