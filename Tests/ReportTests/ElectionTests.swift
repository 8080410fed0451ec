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
}
