// What is said of the services' processes, of entries that lead astray, and of a failback that comes
// too early.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct DaemonTests {
  private typealias Process = ServiceProcessesSeen.Process

  /// keepalived with a first process and a child on both nodes, looked at twice a second; `other`:
  /// what a node has instead from some time on.
  private static func daemons(
    _ word: String, other: (node: String, from: Double, has: [Process])...,
    until last: Double = 20_000
  ) -> Scenario {
    var scenario = Scenario.gracefulStop(.one("daemon-stays", .text(word)))
    for index in scenario.site.nodes.indices {
      scenario.site.nodes[index].services = ["keepalived": .unit("keepalived")]
    }
    for node in ["a", "b"] {
      for time in Swift.stride(from: 5100.0, to: last, by: 500) {
        let changed = other.last { $0.node == node && $0.from <= time }
        let has = changed?.has ?? [Process(id: 40, start: 7), Process(id: 41, start: 8)]
        scenario.extra.append(
          Observation(
            when: Interval(Scenario.at(time), Scenario.at(time + 4)), source: "\(node)/processes",
            event: .processes(
              ServiceProcessesSeen(
                node: node, services: [.init(name: "keepalived", processes: has)]))))
      }
    }
    return scenario
  }

  @Test func `processes that stay what they are pass`() throws {
    let finding = try Self.daemons("everywhere").finding()
    #expect(finding.outcome == .pass)
    #expect(finding.sentence == "No process of the services of a and b died or began.")
  }

  @Test func `a child that died and came again under another id is a change`() throws {
    let new = [Process(id: 40, start: 7), Process(id: 77, start: 900)]
    let scenario = Self.daemons("spared", other: (node: "b", from: 10_000, has: new))
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "Process 41 of b's keepalived went away 1.9 s ± 260 ms after the blow "
        + "(2 such changes in all).", "\(finding.sentence)")
  }

  @Test func `the same id with another start is another process`() throws {
    let new = [Process(id: 40, start: 7), Process(id: 41, start: 900)]
    let scenario = Self.daemons("everywhere", other: (node: "b", from: 10_000, has: new))
    #expect(try scenario.finding().outcome == .fail)
  }

  @Test func `what is seen once only is a script of the daemon's`() throws {
    let usual = [Process(id: 40, start: 7), Process(id: 41, start: 8)]
    let scenario = Self.daemons(
      "everywhere", other: (node: "b", from: 10_000, has: usual + [Process(id: 99, start: 950)]),
      (node: "b", from: 10_500, has: usual))
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `where the fault hit, the daemon may go but must come again`() throws {
    let back = [Process(id: 80, start: 990), Process(id: 81, start: 991)]
    let mended = Self.daemons(
      "spared", other: (node: "a", from: 8100, has: []), (node: "a", from: 14_200, has: back))
    #expect(try mended.finding().outcome == .pass)
    let gone = try Self.daemons("spared", other: (node: "a", from: 8100, has: [])).finding()
    #expect(gone.outcome == .fail)
    #expect(
      gone.sentence
        == "a's keepalived ran when the blow fell, and does not at the trial's end.")
  }

  @Test func `what nobody looked at is unknown`() throws {
    #expect(try Self.daemons("spared", until: 12_000).finding().outcome == .unknown)
    let none = Scenario.gracefulStop(.one("daemon-stays", .text("spared")))
    #expect(try none.finding().outcome == .unknown)
    // Between the last look before the blow and the first after it.
    let new = [Process(id: 40, start: 7)]
    let close = Self.daemons("everywhere", other: (node: "b", from: 8000, has: new))
    #expect(try close.finding().outcome == .unknown)
  }

  // MARK: stale-within

  private static func entries(
    _ limit: Duration, of scenario: Scenario, _ entries: (at: Double, node: String)...
  ) -> Scenario {
    var scenario = scenario
    scenario.expectations = [.one("stale-within", .duration(limit))]
    scenario.extra = entries.map { entry in
      Observation(
        when: Interval(Scenario.at(entry.at - 5), Scenario.at(entry.at)),
        source: "client/neighbour-table",
        event: .neighbour(
          NeighbourEntry(
            vantage: "client", address: Scenario.address, mac: Scenario.mac(entry.node),
            state: .stale)))
    }
    return scenario
  }

  @Test func `an entry that follows the holder is not stale`() throws {
    let finding = try Self.entries(
      .milliseconds(50), of: .gracefulStop(), (at: 100, node: "a"), (at: 8690, node: "b")
    ).finding()
    #expect(finding.outcome == .pass, "\(finding.sentence)")
  }

  @Test func `an entry that stays with the loser after the way back is stale`() throws {
    let scenario = Self.entries(
      .seconds(1), of: .failback(), (at: 100, node: "a"), (at: 8690, node: "b"))
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "client's entry of 172.17.16.3 led to b for 2.392000 s ± 0 ns while a was the holder; "
        + "the limit is 1s.", "\(finding.sentence)")
  }

  @Test func `an entry that nobody watched is unknown`() throws {
    #expect(try Self.entries(.seconds(1), of: .gracefulStop()).finding().outcome == .unknown)
  }

  // MARK: failback-not-before

  @Test func `a failback is judged by its distance from the healing`() throws {
    func finding(_ limit: Duration) throws -> Finding {
      try Scenario.failback(.one("failback-not-before", .duration(limit))).finding()
    }
    #expect(try finding(.seconds(3)).outcome == .pass)
    let early = try finding(.seconds(5))
    #expect(early.outcome == .fail)
    #expect(
      early.sentence
        == "172.17.16.3 went back to a 3.608000 s ± 0 ns after the healing began; it may after 5s.",
      "\(early.sentence)")
    let none = Scenario.expecting("failback-not-before", .duration(.seconds(5)))
    #expect(try Scenario.gracefulStop(none).finding().outcome == .pass)
    #expect(try Scenario.noTakeover(none).finding().outcome == .unknown)
  }
}
