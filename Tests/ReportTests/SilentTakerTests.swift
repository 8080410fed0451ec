// A taker of whom no advertisement is seen, and nobody who takes at all.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct SilentTakerTests {
  /// Unicast advertisements of the taker do not leave before the dead peer is back.
  private func silentTaker(_ expectations: TakeoverModel.Expectation...) -> Scenario {
    var scenario = Scenario.linkDown()
    scenario.expectations = expectations
    scenario.advertising[1].from = 14010
    return scenario
  }

  @Test func `a taker whose advertisements cannot leave took over when it announced`() throws {
    let finding = try silentTaker(.takeoverWithin(.milliseconds(3800))).finding()
    #expect(finding.outcome == .pass)
    #expect(finding.sentence.contains("b took 172.17.16.3 3.010"))
    let timeline = try silentTaker().timeline()
    #expect(timeline.marks.firstAdvertisement == nil)
    #expect(timeline.transitions.map(\.to) == ["b"])
  }

  @Test func `an announcement is not measured from an advertisement that came later`() throws {
    var scenario = silentTaker(.announcedWithin(.milliseconds(20)))
    #expect(try scenario.finding().outcome == .pass)
    #expect(try scenario.finding().sentence.contains("as its first sign as the holder"))
    // It answered a second before it announced.
    scenario.announcements = [(node: "b", at: 12010)]
    #expect(try scenario.finding().outcome == .fail)
  }

  @Test func `a holder that lost the address and has it again did not keep it`() throws {
    let sentence = try Scenario.noTakeover(.takeoverWithin(.seconds(1))).finding().sentence
    #expect(sentence.hasPrefix("Nobody took 172.17.16.3 from a in at least 12."))
    #expect(sentence.contains("nobody had it for 11.997 s"))
  }

  @Test func `an old holder that is cut off and announces still has not come back`() throws {
    var scenario = Scenario.crash()
    scenario.advertising.append(.init(node: "a", from: 17000, to: 20000))
    scenario.announcements.append((node: "a", at: 12400))
    let transitions = try scenario.timeline().transitions
    #expect(transitions.map(\.to) == ["b", "a"])
    #expect(transitions.last?.at == Interval(at: Scenario.at(17000)))
  }

  @Test func `nothing that could go back is no failback, wherever the blow fell`() throws {
    func outcome(_ word: String) throws -> Outcome {
      var scenario = Scenario.noTakeover(.failback(word))
      scenario.held = [.init(node: "b", from: 0, to: 30000)]
      scenario.advertising = [.init(node: "b", from: 3400, to: 20000)]
      scenario.givesUp = []
      scenario.restoredTo = "b"
      scenario.gate = Roles(holder: "b", standby: ["a"])
      return try scenario.finding().outcome
    }
    #expect(try outcome("required") == .unknown)
    #expect(try outcome("never") == .pass)
  }
}
