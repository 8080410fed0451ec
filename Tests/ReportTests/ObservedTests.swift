// The check of what the plan's own commands told: from results in a journal to a finding.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct ObservedTests {
  /// One result every 500 ms from 5 s to 20 s (the blow is at 8 s), each answered in 20 ms:
  /// `status` and `output` by the time of asking; a status of nil is no answer.
  private static func scenario(
    status: (Double) -> Int? = { _ in 0 }, output: (Double) -> String = { _ in "1" },
    until: Double = 20_000
  ) -> Scenario {
    var scenario = Scenario.gracefulStop()
    scenario.extra += stride(from: 5_000, to: until, by: 500.0).map { time in
      let seen = CommandSeen(
        plan: scenario.plan.name, watch: "primary", status: status(time), output: output(time),
        trouble: status(time) == nil ? "no road" : "")
      return Observation(
        when: Interval(Scenario.at(time), Scenario.at(time + 20)), source: "observe/primary",
        event: .command(seen))
    }
    return scenario
  }

  private static func finding(_ promise: String, _ scenario: Scenario) throws -> Finding {
    var scenario = scenario
    scenario.expectations = [
      Expectation(check: "observed", value: .text("primary: \(promise)"))
    ]
    let report = try Judge().judge(scenario.observations)
    return try #require(report.trials.first?.findings.first)
  }

  private static func outcome(_ promise: String, _ scenario: Scenario) throws -> Outcome {
    try finding(promise, scenario).outcome
  }

  private static let promises = [
    "good within 5s", "bad at most 2s", "never bad", "good at the end", "output stays",
    "output is 1",
  ]

  @Test(arguments: promises) func `a healthy command keeps every promise`(promise: String) throws {
    let finding = try Self.finding(promise, Self.scenario())
    #expect(finding.outcome == .pass, "\(finding.sentence)")
  }

  @Test(arguments: promises) func `a command that stays bad breaks every promise`(promise: String)
    throws
  {
    let broken = Self.scenario(status: { $0 < 8_000 ? 0 : 1 }, output: { $0 < 8_000 ? "1" : "2" })
    let limit = promise.replacing("5s", with: "3s")
    let finding = try Self.finding(limit, broken)
    #expect(finding.outcome == .fail, "\(finding.sentence)")
  }

  @Test func `a stretch that is open is said to be so at the end where it is`() throws {
    let promise = "bad at most 2s"
    let comes = Self.scenario(status: { $0 < 12_000 ? 1 : 0 })
    #expect(try Self.finding(promise, comes).sentence.contains("nobody saw it begin"))
    let goes = Self.scenario(status: { $0 < 7_000 || $0 > 12_000 ? 1 : 0 })
    #expect(try Self.finding(promise, goes).sentence.contains("nobody saw it end"))
  }

  @Test(arguments: promises) func `what was not heard is not known`(promise: String) throws {
    let mute = Self.scenario(status: { $0 < 8_000 ? 0 : nil })
    #expect(try Self.outcome(promise, mute) == .unknown)
    #expect(try Self.outcome(promise, Self.scenario(until: 5_000)) == .unknown)
    #expect(try Self.outcome(promise, Self.scenario(until: 9_000)) == .unknown)
  }

  @Test func `a stretch is known to the results around it`() throws {
    // Bad at 8.5, 9 and 9.5 s: for 0.98 s at least, from 8 s to 10.02 s at most.
    let dip = Self.scenario(status: { 8_200..<9_800 ~= $0 ? 3 : 0 })
    let finding = try Self.finding("bad at most 2100ms", dip)
    #expect(finding.measured == Elapsed(atLeast: .milliseconds(980), atMost: .milliseconds(2_020)))
    #expect(finding.outcome == .pass)
    #expect(try Self.outcome("bad at most 1500ms", dip) == .unknown)
    #expect(try Self.outcome("bad at most 900ms", dip) == .fail)
    #expect(try Self.outcome("never bad", dip) == .fail)
    #expect(try Self.outcome("good at the end", dip) == .pass)
  }

  @Test func `good again is from the last bad result to the next good one`() throws {
    let dip = Self.scenario(status: { 8_200..<9_800 ~= $0 ? 3 : 0 })
    let finding = try Self.finding("good within 2100ms", dip)
    #expect(finding.outcome == .pass, "\(finding.sentence)")
    #expect(try #require(finding.measured).atMost == .milliseconds(2_020))
    #expect(try Self.outcome("good within 1800ms", dip) == .unknown)
    #expect(try Self.outcome("good within 1s", dip) == .fail)
    let again = Self.scenario(status: { 8_200..<9_800 ~= $0 || $0 == 11_500 ? 3 : 0 })
    #expect(try Self.outcome("good within 3s", again) == .fail)
  }

  @Test func `no answer is neither good nor bad`() throws {
    let hole = Self.scenario(status: { 8_200..<9_800 ~= $0 ? nil : 0 })
    #expect(try Self.outcome("bad at most 2100ms", hole) == .pass)
    #expect(try Self.outcome("bad at most 1s", hole) == .unknown)
    #expect(try Self.outcome("never bad", hole) == .unknown)
    #expect(try Self.outcome("output stays", hole) == .unknown)
    #expect(try Self.outcome("good within 1s", hole) == .unknown)
  }

  @Test func `what is shorter than the time between two results is not seen`() throws {
    #expect(try Self.outcome("bad at most 100ms", Self.scenario()) == .unknown)
    #expect(try Self.outcome("bad at most 520ms", Self.scenario()) == .pass)
  }

  @Test func `outputs are compared whole`() throws {
    let flip = Self.scenario(output: { 9_000..<9_400 ~= $0 ? "2" : "1" })
    let finding = try Self.finding("output stays", flip)
    #expect(finding.outcome == .fail)
    #expect(finding.sentence == "primary said \"1\" before the blow and \"2\" after it.")
    #expect(try Self.outcome("output is 1", flip) == .pass)
    #expect(try Self.outcome("output is 2", flip) == .fail)
  }

  @Test func `a command of that name in another plan is another command`() throws {
    var other = Self.scenario()
    other.extra = other.extra.map { observation in
      guard case .command(var seen) = observation.event else { return observation }
      seen.plan = "another"
      return Observation(
        when: observation.when, source: observation.source, event: .command(seen))
    }
    #expect(try Self.outcome("never bad", other) == .unknown)
  }
}
