// What was due is an interval: the daemon's timer and a machine that stood still may make it late, and
// only where it mattered.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `The lateness of what was due` {
  /// a crashes at 8000; its last advertisement was at 7400, b's first comes at 11010, which is 625 µs
  /// more than the master-down interval of 3609.375 ms.
  private func crash(_ stretches: (at: Double, worst: Int64)...) -> Scenario {
    var scenario = Scenario.crash()
    scenario.extra = stretches.map { at, worst in
      let from = Scenario.at(at)
      return Observation(
        when: Interval(from, from + .microseconds(worst)), source: "metronome",
        event: .lateness(Lateness(processor: 0, worst: worst * 1_000, count: 1)))
    }
    return scenario
  }

  private func election(_ scenario: Scenario) throws -> Election {
    try #require(try scenario.timeline().election)
  }

  @Test func `a journal without a metronome allows for the daemon's timer alone`() throws {
    let election = try election(crash())
    #expect(election.promised == .microseconds(3_609_375))
    #expect(election.machineLateness == .zero)
    #expect(election.residual == Elapsed(exactly: .microseconds(625)))
    #expect(!election.agrees)
    // The last advertisement was 600 to 600.4 ms before the blow.
    #expect(
      election.dueAfterBlow
        == Elapsed(atLeast: .microseconds(3_008_975), atMost: .microseconds(3_009_875)))
    #expect(
      election.sinceBlow == Elapsed(atLeast: .microseconds(3_009_600), atMost: .milliseconds(3010)))
    #expect(election.agreesAfterBlow == true)
  }

  @Test func `the worst lateness at either side is added to the other's`() throws {
    let one = try election(crash((7401, 130)))
    #expect(one.machineLateness == .microseconds(130))
    #expect(one.agrees, "625 µs of 630")
    let both = try election(crash((7401, 130), (7403, 90), (10_995, 300), (11_009.5, 390)))
    #expect(both.machineLateness == .microseconds(520))
    #expect(both.lateness == .microseconds(1020))
    #expect(both.dueAfterBlow?.atMost == .microseconds(3_010_395))
    #expect(both.promised == .microseconds(3_609_375), "what the RFC says stays what it is")
  }

  @Test func `what was late at another time does not count`() throws {
    let elsewhere = crash((7399, 900), (7405.1, 900), (9000, 9000), (10_989, 900), (11_010.1, 900))
    #expect(try election(elsewhere).machineLateness == .zero)
    // Begun before, but still going on.
    #expect(try election(crash((7399, 1001))).machineLateness == .microseconds(1001))
    #expect(try election(crash((10_985, 5001))).machineLateness == .microseconds(5001))
  }

  @Test func `nobody who is too early agrees`() throws {
    var early = crash((7401, 900), (11_009, 900))
    early.advertising[1].from = 11_009
    let election = try election(early)
    #expect(election.residual == Elapsed(exactly: .microseconds(-375)))
    #expect(!election.agrees)
  }

  @Test func `an advertisement that comes while the blow is on its way is counted from`() throws {
    var scenario = crash()
    scenario.advertising = [
      .init(node: "a", from: 3000.2, to: 8000.2), .init(node: "b", from: 11_609.875, to: 20000),
    ]
    scenario.held[1].from = 11_610
    scenario.announcements = [(node: "b", at: 11_610.3)]
    let election = try election(scenario)
    #expect(election.residual == Elapsed(exactly: .microseconds(300)))
    let within = Elapsed(atLeast: .microseconds(-200), atMost: .microseconds(200))
    #expect(election.sinceAdvertisement == within)
    #expect(election.agreesAfterBlow == true)
  }

  @Test func `the report says what is allowed for, and why`() throws {
    let report = try crash((7401, 130), (11_009.5, 260)).judged()
    let text = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    let allowed = "500 µs for the daemon's timer and 390 µs by which this machine itself was late"
    #expect(text.contains("| residual, (t2 − t1) − M | 0.625 ms ± 0 ns: agrees (\(allowed)) |"))
    #expect(
      text.contains(
        "| t2 − t0, beside M − φ | 3.0098 s ± 200 µs: agrees, due 3.00897 … 3.01027 s after the "
          + "blow (incl. \(allowed)) |"))
    let json = String(decoding: ResultsReport().render(report), as: UTF8.self)
    #expect(json.contains("\"daemon\": 500000"))
    #expect(json.contains("\"machine\": 390000"))
    let agrees = try #require(json.split(separator: "\"agrees\": ").last)
    #expect(
      agrees.prefix(80).filter { !$0.isWhitespace }
        .hasPrefix("{\"sinceAdvertisement\":true,\"sinceBlow\":true}"))
  }

  @Test func `a metronome that may not watch casts no doubt`() throws {
    var scenario = crash()
    scenario.extra = [
      Observation(
        when: Interval(at: Scenario.at(10)), source: "metronome",
        event: .note(Note("how late this machine is was not watched: not permitted")))
    ]
    #expect(try scenario.timeline().doubts == [])
  }
}
