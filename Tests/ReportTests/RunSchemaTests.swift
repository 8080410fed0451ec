// The schemas of what a run leaves agree with what is written: every line of a journal, every results.json.

internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TestSupport
internal import Testing

@Suite struct `The schemas of a run` {
  private static let scenarios = [
    Scenario.gracefulStop(), Scenario.crash(), withEverything,
  ]

  /// What the other scenarios do not have.
  private static var withEverything: Scenario {
    var scenario = Scenario.gracefulStop()
    scenario.site.machines = [Machine(name: "desk", reach: Reach(host: "desk"))]
    scenario.site.windows = [TimeWindow("Mon-Fri 22:00-06:00")].compactMap { $0 }
    scenario.site.nodes[0].services = [
      "keepalived": .unit("keepalived"),
      "own": .commands(
        ServiceCommands(
          start: Command("a"), stop: Command("b"), isActive: Command("c"),
          mainProcess: Command("d"))),
      "cluster": .windows("ClusSvc"),
    ]
    scenario.site.nodes[0].outside = Outside(acts: [
      .power: .init(break: Command("a"), mend: Command("b"), isBroken: Command("c"))
    ])
    let promise = Forecast.Promise(taker: "b", formula: "f", meanwhile: .both)
    let events: [Event] = [
      .forecast(Forecast(plan: 0, trial: 0, holder: "a", reader: "r", .promised(promise))),
      .forecast(Forecast(plan: 0, trial: 0, holder: "b", reader: "r", .silent("why"))),
      .note(Note("n")), .processorPause(ProcessorPause(processor: 1)),
      .command(CommandSeen(plan: "p", watch: "w", status: 0)),
      .processes(
        ServiceProcessesSeen(
          node: "a", services: [.init(name: "s", processes: [.init(id: 1, start: 2)])])),
      .neighbour(NeighbourEntry(vantage: "client", address: .v4(1), mac: nil, state: .failed)),
      .clock(ClockReading(clock: "a", realtime: 1, means: "date")),
      .procedure(
        NodeProcedure(
          node: "a", fault: FaultUse(kind: "link-down", arguments: Arguments([:])),
          procedure: Procedure(
            inject: [Command("a")], confirm: [], heal: [], confirmHealed: [], silences: "eth0",
            requirements: [Requirement(Command("c"), otherwise: "cannot")], place: .outside))),
      .connection(
        ConnectionSeen(
          vantage: "client", keeping: .held, address: Scenario.address, connection: 1, end: .reset)),
      .request(
        RequestSeen(
          vantage: "client", keeping: .pooled, address: Scenario.address, connection: 1,
          sequence: 0, sent: Scenario.at(7100), period: 1, fate: .pending)),
      .ledger(
        LedgerEntry(
          vantage: "client", address: Scenario.address, outcome: .acknowledged, server: "a",
          rows: [LedgerRange(1, 2)], count: 2,
          first: .init(sent: Scenario.at(7100), arrived: Interval(at: Scenario.at(7101))),
          last: .init(sent: Scenario.at(7100), arrived: Interval(at: Scenario.at(7101))))),
      .databaseReading(
        DatabaseReading(
          node: "a", server: "a", takesWrites: true,
          rows: [LedgerRows(server: "a", ranges: [LedgerRange(1, 2)])])),
      .havipBinding(
        HavipBinding(address: Scenario.address, havip: "havip-1", node: "a", associated: ["i"])),
      .fabricDecision(
        FabricDecision(address: Scenario.address, node: "a", port: "a", decision: .bound)),
      .daemonView(
        DaemonView(
          node: "a", daemon: "keepalived 2.2.7", means: "JSON",
          instances: [
            .init(
              name: "VI_1", interface: "eth0", vrid: 51, state: .master, priority: 100,
              effectivePriority: 100, addresses: [Scenario.address],
              counters: .init(
                received: 1, sent: 2, becameMaster: 1, releasedMaster: 0,
                refused: [.authenticationFailure: 3]))
          ])),
    ]
    scenario.extra = events.enumerated().map {
      Observation(
        when: Interval(at: Scenario.at(7100 + Double($0.offset))), source: "run",
        event: $0.element)
    }
    return scenario
  }

  @Test func `know every line that a journal may have`() throws {
    let checker = try SchemaChecker(try JournalSchema.text())
    for scenario in Self.scenarios {
      // Of each word some: a scenario has thousands of advertisements and probes.
      var left = Dictionary(uniqueKeysWithValues: EventWord.allCases.map { ($0, 20) })
      for observation in scenario.observations where left[observation.event.word] != 0 {
        left[observation.event.word]? -= 1
        let line = try JSONEncoder().encode(observation)
        let complaints = try checker.complaints(about: line)
        #expect(complaints.isEmpty, "\(complaints): \(String(decoding: line, as: UTF8.self))")
      }
    }
  }

  @Test func `refuse lines that no journal has`() throws {
    let checker = try SchemaChecker(try JournalSchema.text())
    for line in [
      "{}", "7", #"{"when":[1,2],"source":"run","event":"no-such-event"}"#,
      #"{"when":[1],"source":"run","event":"note","text":"x"}"#,
      #"{"when":[1,2],"source":"run","event":"note"}"#,
      #"{"when":[1,2],"source":"run","event":"note","text":7}"#,
      #"{"when":[1,2],"source":"run","event":"note","text":"x","more":1}"#,
      #"{"when":[1,2],"source":"run","event":"healed","node":"a","outcome":"good","detail":""}"#,
    ] {
      #expect(try !checker.complaints(about: Data(line.utf8)).isEmpty, "\(line)")
    }
    let whole = #"{"when":[1,2],"source":"run","event":"note","text":"x"}"#
    #expect(try checker.complaints(about: Data(whole.utf8)).isEmpty)
  }

  @Test func `name every event with what it means`() throws {
    let text = try JournalSchema.text()
    for word in EventWord.allCases { #expect(text.contains("\"const\": \"\(word.rawValue)\"")) }
    #expect(text == (try JournalSchema.text()), "the same every time")
  }

  @Test func `know everything in results.json`() throws {
    let checker = try SchemaChecker(ResultsSchema.text)
    var reports = try Self.scenarios.map { try $0.judged() }
    reports.append(try GoldenReports.mixed())
    for report in reports {
      let complaints = try checker.complaints(about: Data(ResultsReport().render(report)))
      #expect(complaints.isEmpty, "\(complaints)")
    }
  }

  @Test func `refuse other results`() throws {
    let checker = try SchemaChecker(ResultsSchema.text)
    let good = String(
      decoding: ResultsReport().render(try GoldenReports.healthy()), as: UTF8.self)
    #expect(try checker.complaints(about: Data(good.utf8)).isEmpty)
    for (from, to) in [
      ("\"format\": 1", "\"format\": 2"), ("\"outcome\": \"pass\"", "\"outcome\": \"good\""),
      ("\"trials\": [", "\"tests\": ["), ("\"repetition\": 1", "\"repetition\": \"1\""),
    ] {
      let bad = good.replacing(from, with: to)
      #expect(bad != good)
      #expect(try !checker.complaints(about: Data(bad.utf8)).isEmpty, "\(to)")
    }
  }
}
