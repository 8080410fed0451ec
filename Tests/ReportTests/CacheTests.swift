// How clients' neighbour entries are classed, and what caches-healed says of them. In the scenarios
// b advertises at 11010 and announces at 11010.5.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct CacheTests {
  private static let a = Scenario.mac("a")
  private static let b = Scenario.mac("b")

  /// An entry that changed between two looks, 5 ms apart.
  private func entry(
    _ milliseconds: Double, _ mac: MACAddress?, _ state: NeighbourEntry.State
  ) -> Observation {
    Observation(
      when: Interval(Scenario.at(milliseconds - 5), Scenario.at(milliseconds)),
      source: "client/neighbour-table",
      event: .neighbour(
        NeighbourEntry(vantage: "client", address: Scenario.address, mac: mac, state: state)))
  }

  private func crash(_ entries: Observation...) -> Scenario {
    var scenario = Scenario.crash(
      Expectation(check: "caches-healed", value: .duration(.seconds(1))))
    scenario.extra = entries
    return scenario
  }

  private func repair(_ scenario: Scenario) throws -> CacheRepair? {
    try scenario.result().timeline.repairs.first
  }

  @Test func `an entry that the announcement changes is healed at once, and passes`() throws {
    let scenario = crash(entry(100, Self.a, .reachable), entry(11_012, Self.b, .stale))
    let repair = try #require(try repair(scenario))
    #expect(repair.way == .announced)
    #expect(repair.length?.contains(.milliseconds(0.6)) == true)
    let finding = try scenario.finding()
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "client's entry of 172.17.16.3 led to b 1 ms ± 1.0 ms after the takeover, "
        + "by announcement; the limit is 1s.", "\(finding.sentence)")
  }

  @Test func `an entry that the client's own asking changes is detected, and late`() throws {
    let scenario = crash(
      entry(100, Self.a, .reachable), entry(13_000, Self.a, .probe), entry(16_000, nil, .failed),
      entry(16_010, Self.b, .reachable))
    #expect(try repair(scenario)?.way == .detected)
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.contains("4.998 s ± 2.5 ms after the takeover, by unreachability"))
  }

  @Test func `an answer right after the announcement is the client's own asking`() throws {
    let scenario = crash(entry(100, Self.a, .reachable), entry(11_100, Self.b, .reachable))
    #expect(try repair(scenario)?.way == .detected)
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `a change long after the announcement is not its work`() throws {
    let scenario = crash(entry(100, Self.a, .reachable), entry(12_000, Self.b, .stale))
    #expect(try repair(scenario)?.way == .detected)
  }

  @Test func `an entry that keeps the old holder's MAC is not healed, and fails`() throws {
    let scenario = crash(entry(100, Self.a, .reachable), entry(12_000, Self.a, .stale))
    let repair = try #require(try repair(scenario))
    #expect(repair.way == .never)
    #expect(repair.last == "a")
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.contains("still led to a at least"), "\(finding.sentence)")
  }

  @Test func `a loser's last word undoes the repair`() throws {
    let scenario = crash(
      entry(100, Self.a, .reachable), entry(11_012, Self.b, .stale), entry(12_000, Self.a, .stale))
    #expect(try repair(scenario)?.way == .never)
    let again = crash(
      entry(100, Self.a, .reachable), entry(11_012, Self.b, .stale), entry(12_000, Self.a, .stale),
      entry(13_000, Self.b, .reachable))
    #expect(try repair(again)?.way == .detected)
  }

  @Test func `an entry that ends nowhere is not healed`() throws {
    let scenario = crash(entry(100, Self.a, .reachable), entry(12_000, nil, .failed))
    #expect(try repair(scenario)?.way == .never)
    #expect(try scenario.finding().sentence.contains("led nowhere"))
  }

  @Test func `a client without an entry had nothing to unlearn, which is no verdict`() throws {
    let scenario = crash(entry(100, nil, .none), entry(12_000, Self.b, .reachable))
    #expect(try repair(scenario)?.way == .noEntry)
    #expect(try scenario.finding().outcome == .unknown)
  }

  @Test func `a virtual router's MAC never changes: nothing to heal`() throws {
    let shared = MACAddress(bits: 0x0000_5e00_0133)
    let scenario = crash(entry(100, shared, .reachable), entry(12_000, shared, .stale))
    #expect(try repair(scenario)?.way == .nothing)
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `a table that nobody watched at the blow is no verdict`() throws {
    #expect(try crash().finding().outcome == .unknown)
    let late = crash(entry(9_000, Self.a, .reachable), entry(11_012, Self.b, .stale))
    #expect(try repair(late) == nil)
    #expect(try late.finding().sentence == "No client's neighbour table was watched.")
  }

  @Test func `without a takeover there is nothing to learn`() throws {
    var scenario = Scenario.noTakeover(
      Expectation(check: "caches-healed", value: .duration(.seconds(1))))
    scenario.extra = [entry(100, Self.a, .reachable)]
    #expect(try scenario.finding().outcome == .unknown)
    #expect(try scenario.result().timeline.repairs.isEmpty)
  }

  @Test func `after a failback the entry belongs to the next takeover`() throws {
    var scenario = Scenario.failback(
      Expectation(check: "caches-healed", value: .duration(.seconds(1))))
    scenario.extra = [
      entry(100, Self.a, .reachable), entry(8_690, Self.b, .stale), entry(17_610, Self.a, .stale),
    ]
    #expect(try repair(scenario)?.way == .announced)
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `the summary has a column for caches where they were watched`() throws {
    let scenario = crash(entry(100, Self.a, .reachable), entry(11_012, Self.b, .stale))
    let lines = TerminalSummary().lines(try scenario.judged())
    #expect(lines[0].hasSuffix("  caches"))
    #expect(lines[1].hasSuffix("  announced"))
    #expect(!TerminalSummary().lines(try Scenario.crash().judged())[0].contains("caches"))
  }
}
