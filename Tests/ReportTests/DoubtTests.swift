// What is not known may not pass; what was seen to fail stays failed.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct DoubtTests {
  private static let healthy = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
  private static let failing = Scenario.crash(.singleHolder(.zero))

  private func expectDoubt(
    _ words: String, _ location: SourceLocation = #_sourceLocation,
    _ spoil: (inout Scenario) -> Void
  ) throws {
    var scenario = Self.healthy
    spoil(&scenario)
    let finding = try scenario.finding()
    #expect(finding.outcome == .unknown, sourceLocation: location)
    #expect(finding.sentence.contains(words), "\(finding.sentence)", sourceLocation: location)
    var bad = Self.failing
    spoil(&bad)
    #expect(try bad.finding().outcome == .fail, sourceLocation: location)
  }

  @Test func `the healthy trial has no doubts`() throws {
    #expect(try Self.healthy.timeline().doubts == [])
    #expect(try Self.healthy.result().outcome == .pass)
    #expect(try Self.failing.timeline().doubts == [])
  }

  @Test func `lost frames`() throws {
    try expectDoubt("the capture at port-b lost 3 frames") {
      let state = CaptureState(port: "port-b", received: 9000, dropped: 3)
      $0.extra = [
        Observation(
          when: Interval(at: Scenario.at(9000)), source: "wire/port-b", event: .captureState(state))
      ]
    }
  }

  @Test func `a capture that says no more how it fares`() throws {
    try expectDoubt("the capture at port-a did not say how it fares in the last 11.000 s") {
      $0.capturesUntil = 9000
    }
    var late = Self.healthy
    late.capturesUntil = 18_000
    #expect(try late.result().outcome == .pass, "it says so once a second, more or less")
  }

  @Test func `a dead observer`() throws {
    try expectDoubt("an observer died: wire/port-b: interface gone") {
      $0.extra = [
        Observation(
          when: Interval(at: Scenario.at(9000)), source: "wire/port-b",
          event: .observerDied(Note("interface gone")))
      ]
    }
  }

  @Test func `an observer that died before the blow and came back is no doubt`() throws {
    var scenario = Self.healthy
    scenario.extra = [
      Observation(
        when: Interval(at: Scenario.at(3500)), source: "wire/port-a",
        event: .observerDied(Note("interface gone")))
    ]
    #expect(try scenario.result().outcome == .pass)
  }

  @Test func `frames that were lost before the blow are no doubt`() throws {
    var scenario = Self.healthy
    let state = CaptureState(port: "port-b", received: 9000, dropped: 3)
    scenario.extra = [
      Observation(
        when: Interval(Scenario.at(6000), Scenario.at(7000)), source: "wire/port-b",
        event: .captureState(state))
    ]
    #expect(try scenario.result().outcome == .pass)
  }

  @Test func `frames that were lost are known only after the trial`() throws {
    try expectDoubt("the capture at port-b lost 3 frames") {
      let state = CaptureState(port: "port-b", received: 9000, dropped: 3)
      $0.extra = [
        Observation(
          when: Interval(Scenario.at(19500), Scenario.at(25000)), source: "wire/port-b",
          event: .captureState(state))
      ]
    }
  }

  @Test func `no capture`() throws {
    var scenario = Self.healthy
    scenario.captures = false
    let finding = try scenario.finding()
    #expect(finding.outcome == .unknown)
    #expect(finding.sentence.contains("nothing was captured at port-a when the blow fell"))
  }

  @Test func `no probes`() throws {
    var scenario = Self.healthy
    scenario.probes = false
    let finding = try scenario.finding()
    #expect(finding.outcome == .unknown)
    #expect(finding.sentence.contains("client/arp asked nothing"))
  }

  @Test func `an unconfirmed blow makes everything unknown, failures too`() throws {
    for outcome in [nil, Outcome.fail, .unknown] {
      var scenario = Self.failing
      scenario.confirmed = outcome
      let finding = try scenario.finding()
      #expect(finding.outcome == .unknown)
      #expect(finding.sentence.hasPrefix("No verdict: the blow on a was not shown to be in force."))
    }
  }

  @Test func `a clock that went back`() throws {
    var observations = Self.healthy.observations
    let healing = try #require(
      observations.firstIndex { if case .healing = $0.event { true } else { false } })
    // Written after the healing began, though its time is three seconds before.
    observations.insert(
      Scenario.run(11000, .prepared(Step(node: "b", outcome: .pass))), at: healing + 1)
    let finding = try Judge().judge(observations).trials.first?.findings.first
    #expect(finding?.outcome == .unknown)
    #expect(finding?.sentence.contains("the coordinator's clock went back by 3s") == true)
  }

  @Test func `what the run says of its clock`() throws {
    try expectDoubt("the clock stepped by 2s") {
      $0.extra = [
        Observation(
          when: Interval(at: Scenario.at(9000)), source: "clock",
          event: .note(Note("the clock stepped by 2s")))
      ]
    }
  }

  @Test func `a run that was killed in the middle of a trial`() throws {
    var scenario = Self.healthy
    scenario.ends = nil
    scenario.runEnd = nil
    let report = try scenario.judged()
    let result = try #require(report.trials.first)
    #expect(report.end == nil)
    #expect(result.state == .broken)
    #expect(result.outcome == .unknown)
    #expect(result.reason.contains("the journal stops before the run's end"))
    // What had been seen to fail by then has failed.
    var bad = Self.failing
    bad.ends = nil
    bad.runEnd = nil
    #expect(try bad.finding().outcome == .fail)
  }

  @Test func `trials that never began are unreached`() throws {
    var scenario = Self.healthy
    scenario.repetitions = 3
    scenario.runEnd = RunEnd(reason: .interrupted, detail: "SIGINT")
    let report = try scenario.judged()
    #expect(report.trials.map(\.state) == [.judged, .unreached, .unreached])
    #expect(
      report.trials[2].reason == "The trial was not reached: the run was interrupted (SIGINT).")
    #expect(report.outcome == .unknown)
  }

  @Test func `a pair that was not ready has no blow and no verdict`() throws {
    var scenario = Self.healthy
    scenario.expectations = [.takeoverWithin(.seconds(1))]
    let refused = Scenario.run(7000, .gateRefused(Note("two nodes advertise")))
    let observations = scenario.observations.filter {
      switch $0.event {
      case .blow, .gatePassed, .confirmed, .healing, .healed, .restored: false
      default: true
      }
    }
    let report = try Judge().judge(observations + [refused])
    let result = try #require(report.trials.first)
    #expect(result.state == .broken)
    #expect(result.reason.contains("the pair was not ready: two nodes advertise"))
    #expect(result.findings.map(\.outcome) == [.unknown])
  }

  @Test func `a healing that failed is told, and the verdict stays`() throws {
    var scenario = Self.healthy
    scenario.healed = .fail
    let result = try scenario.result()
    #expect(result.outcome == .pass)
    #expect(result.timeline.healingConfirmed == .fail)
    #expect(result.timeline.aftermath == ["a was not healed: exit 1: not today"])
  }

  @Test func `a trial that expects nothing is unknown`() throws {
    #expect(try Scenario.gracefulStop().result().outcome == .unknown)
  }

  @Test func `observations without a run are refused`() {
    #expect(throws: Complaint.self) { try Judge().judge([]) }
  }

  // MARK: When frames were lost

  private func state(
    _ from: Double, _ to: Double, dropped: Int, trouble: [String] = [],
    counts: [String: Int]? = nil
  ) -> Observation {
    Observation(
      when: Interval(Scenario.at(from), Scenario.at(to)), source: "wire/port-b",
      event: .captureState(
        CaptureState(
          port: "port-b", received: 9000, dropped: dropped, trouble: trouble, counts: counts)))
  }

  @Test func `a total that stopped growing before the blow is no doubt`() throws {
    var scenario = Self.healthy
    scenario.extra = [state(6000, 7000, dropped: 3)]
    for second in stride(from: 7000.0, to: 19000, by: 1000) {
      scenario.extra.append(state(second, second + 1000, dropped: 3))
    }
    #expect(try scenario.timeline().doubts == [])
    #expect(try scenario.result().outcome == .pass)
  }

  @Test func `only what was lost within the window is counted`() throws {
    try expectDoubt("the capture at port-b lost 4 frames") {
      $0.extra = [
        state(6000, 7000, dropped: 3), state(9000, 10000, dropped: 5),
        state(10000, 11000, dropped: 7), state(11000, 12000, dropped: 7),
      ]
    }
  }

  @Test func `trouble within the window says how often it came`() throws {
    try expectDoubt("the capture at port-b: truncated frame (5 times)") {
      $0.extra = [
        state(
          9000, 10000, dropped: 0, trouble: ["truncated frame"], counts: ["truncated frame": 2]),
        state(
          10000, 11000, dropped: 0, trouble: ["truncated frame"], counts: ["truncated frame": 3]),
      ]
    }
  }

  @Test func `trouble before the blow, or after the trial, is no doubt`() throws {
    var scenario = Self.healthy
    for (from, to) in [(6000.0, 7000.0), (21000, 22000)] {
      scenario.extra.append(state(from, to, dropped: 0, trouble: ["interface down"]))
    }
    #expect(try scenario.timeline().doubts == [])
  }

  /// The port that the next trial's blow takes down, and what else the same report tells.
  @Test(arguments: [
    ("b", "interface down", true), ("a", "interface down", false), ("b", "truncated frame", false),
  ])
  func `what the next trial cuts is no doubt of this one`(
    node: String, trouble: String, isExcused: Bool
  ) throws {
    var scenario = Self.healthy
    let ends = try #require(scenario.ends)
    let use = FaultUse(kind: "carrier-loss", arguments: Arguments())
    let blow = BlowStruck(node: node, fault: use, command: "true", status: 0, cutsPort: true)
    scenario.extra = [
      Scenario.run(ends + 1, .trialBegan(TrialHeader(plan: 0, trial: 0, repetition: 2))),
      Scenario.run(ends + 300, .blow(blow)),
      state(ends - 500, ends + 500, dropped: 0, trouble: [trouble]),
    ]
    #expect(try scenario.timeline().doubts.isEmpty == isExcused)
  }
}
