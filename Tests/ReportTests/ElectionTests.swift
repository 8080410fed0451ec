// VRRP's arithmetic beside what was measured: from which advertisement the phase counts, and what a
// daemon's timer is allowed.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `What was due` {
  private func election(_ scenario: Scenario) throws -> Election {
    try #require(try scenario.timeline().election)
  }

  /// a crashes at 8000; its last advertisement was at 7400, b's first comes at 11010, which is 625 µs
  /// more than the master-down interval of 3609.375 ms.
  @Test func `is an interval that allows for the daemon's timer`() throws {
    let election = try election(.crash())
    #expect(election.promised == .microseconds(3_609_375), "the RFC's number stays what it is")
    #expect(election.residual == Elapsed(exactly: .microseconds(625)))
    // The last advertisement was 600 to 600.4 ms before the blow.
    #expect(
      election.dueAfterBlow
        == Elapsed(atLeast: .microseconds(3_008_975), atMost: .microseconds(3_009_875)))
  }

  @Test func `counts from an advertisement that came while the blow was on its way`() throws {
    var scenario = Scenario.crash()
    scenario.advertising = [
      .init(node: "a", from: 3000.2, to: 8000.2), .init(node: "b", from: 11_609.875, to: 20000),
    ]
    scenario.held[1].from = 11_610
    scenario.announcements = [(node: "b", at: 11_610.3)]
    let election = try election(scenario)
    #expect(election.residual == Elapsed(exactly: .microseconds(300)))
    let within = Elapsed(atLeast: .microseconds(-200), atMost: .microseconds(200))
    #expect(election.sinceAdvertisement == within)
  }

  // MARK: Waiting for a processor

  private func waits(
    _ at: Double, _ tasks: [Int: Int64], of node: String = "b", began: Int64 = 5,
    trouble: String = ""
  ) -> Observation {
    Observation(
      when: Interval(Scenario.at(at), Scenario.at(at + 20)), source: "run",
      event: .processorWaits(
        ProcessorWaits(
          node: node, service: "keepalived",
          tasks: tasks.sorted { $0.key < $1.key }.map {
            .init(process: $0.key, thread: $0.key, began: began, waited: $0.value)
          }, trouble: trouble)))
  }

  private func crash(_ waits: Observation...) -> Scenario {
    var scenario = Scenario.crash()
    scenario.extra = waits
    return scenario
  }

  private func row(_ scenario: Scenario) throws -> String {
    let report = String(decoding: MarkdownReport().render(try scenario.judged()), as: UTF8.self)
    let lines = report.split(separator: "\n").filter { $0.contains("waited for a processor") }
    return String(try #require(lines.first))
  }

  @Test func `allows in addition what the taker's daemon waited for a processor`() throws {
    let scenario = crash(
      waits(7_300, [41: 900_000_000, 42: 7_000_000]), waits(7_300, [41: 1], of: "a"),
      waits(13_500, [41: 900_100_000, 42: 10_100_000]), waits(13_500, [41: 77_000_000], of: "a"))
    let election = try election(scenario)
    #expect(election.processorWait == .microseconds(3_100), "the longest of its processes")
    #expect(
      election.dueAfterBlow
        == Elapsed(atLeast: .microseconds(3_008_975), atMost: .microseconds(3_012_975)))
    #expect(try row(scenario).contains("b's daemon waited for a processor | up to 3.100 ms, all"))
  }

  @Test func `allows nothing where the waiting is not known on both sides`() throws {
    let before = waits(7_300, [41: 1_000, 42: 1_000])
    let after = waits(13_500, [41: 2_000, 42: 3_000_000])
    let cases: [(Scenario, String)] = [
      (crash(), "it was not read on both sides of the takeover"),
      (crash(before), "it was not read on both sides of the takeover"),
      // b counts from a's advertisement at 7400: what it waited before a later reading is lost.
      (crash(waits(7_390, [42: 0]), after), "it was not read on both sides of the takeover"),
      (crash(before, waits(10_000, [42: 0])), "it was not read on both sides of the takeover"),
      (crash(before, waits(13_500, [42: 3_000])), "a process of it has ended meanwhile"),
      (
        crash(before, waits(13_500, [41: 2_000, 42: 3_000], began: 6)),
        "a process of it has ended meanwhile"
      ),
      (crash(waits(7_300, [:], trouble: "no counter"), after), "no counter"),
    ]
    for (scenario, why) in cases {
      let election = try election(scenario)
      #expect(election.processorWait == nil)
      #expect(election.processorWaitTrouble == why)
      #expect(election.dueAfterBlow?.atMost == .microseconds(3_009_875))
      #expect(try row(scenario).contains("not known (\(why)): nothing is allowed for it"))
    }
  }

  // MARK: Pauses of this machine's processors

  /// b's timer was due at 11009.375, and its advertisement came at 11010.
  private func paused(
    _ pauses: (from: Double, to: Double)..., watched: [Double] = [1, 2], trouble: String = "",
    sharing: Bool? = true
  ) throws -> Election {
    var scenario = Scenario.crash()
    scenario.sharesKernel = sharing
    scenario.extra =
      watched.enumerated().map { processor, at in
        seen(at, at, .processorWatched(ProcessorWatched(processor: processor, trouble: trouble)))
      }
      + pauses.map { seen($0.from, $0.to, .processorPause(ProcessorPause(processor: 0))) }
    return try election(scenario)
  }

  private func seen(_ from: Double, _ to: Double, _ event: Event) -> Observation {
    Observation(
      when: Interval(Scenario.at(from), Scenario.at(to)), source: "processor-pauses", event: event)
  }

  @Test func `allows for pauses when the taker had to act, and what they share counts once`() throws
  {
    let election = try paused(
      // Before it counted, while it only waited, and afterwards: nothing was due then.
      (7_390, 7_399.5), (9_000, 9_050), (11_010, 11_020),
      // Over the advertisement that it counts from, and over the end of its timer, on both processors.
      (7_399, 7_400.25), (11_009, 11_009.75), (11_009.5, 11_009.875))
    #expect(election.machinePause == .microseconds(250 + 500))
    #expect(
      election.dueAfterBlow
        == Elapsed(atLeast: .microseconds(3_008_975), atMost: .microseconds(3_010_625)))
  }

  @Test func `a pause that keeps the taker from reading counts to its end`() throws {
    let election = try paused(
      // a's advertisement came at 7400. The second pause, of another processor, begins within the first.
      (7_390, 7_403.5), (7_403, 7_405),
      // The reader was free by then.
      (7_406, 7_408))
    #expect(election.machinePause == .milliseconds(5))
  }

  @Test func `knows that there was no pause only where somebody watched from the beginning`() throws
  {
    let none = try paused()
    #expect(none.machinePause == .zero && none.machinePauseTrouble.isEmpty)
    for (election, why) in [
      (try paused((11_000, 11_010), watched: []), "nobody watched them"),
      (try paused((11_000, 11_010), watched: [1, 7_500]), "nobody watched them"),
      (try paused((11_000, 11_010), trouble: "not allowed"), "not allowed"),
      (try paused((11_000, 11_010), sharing: false), "not on this machine's processors"),
      (try paused((11_000, 11_010), sharing: nil), "not on this machine's processors"),
    ] {
      #expect(election.machinePause == nil)
      #expect(election.machinePauseTrouble == why)
      #expect(election.dueAfterBlow?.atMost == .microseconds(3_009_875))
    }
  }
}
