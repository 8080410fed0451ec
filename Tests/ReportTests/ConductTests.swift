// The checks of how a pair behaves beside moving its addresses: each catches its case, passes the
// healthy one, and says unknown where it cannot know.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct ConductTests {
  private static let address = Scenario.address

  /// The same scenario without what the check lives on.
  private static func blind(_ scenario: Scenario) -> Scenario {
    var scenario = scenario
    scenario.probes = false
    scenario.captures = false
    return scenario
  }

  // MARK: unowned-within

  private static func unowned(_ limit: Duration) -> Scenario {
    .gracefulStop(.one("unowned-within", .duration(limit)))
  }

  @Test func `the time in which nobody holds the address is judged with its uncertainty`() throws {
    #expect(try Self.unowned(.seconds(1)).finding().outcome == .pass)
    let long = try Self.unowned(.milliseconds(500)).finding()
    #expect(long.outcome == .fail)
    #expect(long.measured?.contains(.milliseconds(687.9)) == true)
    #expect(long.sentence.hasPrefix("Nobody held 172.17.16.3 for 6"), "\(long.sentence)")
    #expect(try Self.unowned(.milliseconds(685)).finding().outcome == .unknown)
    #expect(try Self.blind(Self.unowned(.seconds(1))).finding().outcome == .unknown)
  }

  @Test func `two short absences are not one long one`() throws {
    var scenario = Self.unowned(.milliseconds(900))
    scenario.held[1].to = 12_000
    scenario.held.append(.init(node: "b", from: 12_600, to: 30_000))
    #expect(try scenario.finding().outcome == .pass)
    #expect(try scenario.timeline().unowned.first?.length.atLeast ?? .zero > .seconds(1))
  }

  // MARK: last-word

  private static let lastWord = Scenario.gracefulStop(.one("last-word", .text("holder")))

  @Test func `the holder's announcement is the last`() throws {
    var scenario = Self.lastWord
    scenario.announcements.append((node: "a", at: 8100))
    let finding = try scenario.finding()
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "The last announcement of 172.17.16.3 is that of the holder, b, 588.600 ms ± 0 ns "
        + "after that of a.", "\(finding.sentence)")
  }

  @Test func `a loser that announces after the holder is named`() throws {
    var scenario = Self.lastWord
    scenario.announcements.append((node: "a", at: 12_000))
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "a announced 172.17.16.3 last, 3.9998 s ± 200 µs after the blow; the holder is b, "
        + "who announced it 3.311400 s ± 0 ns before.",
      "\(finding.sentence)")
  }

  @Test func `a holder that took over and said nothing had no last word`() throws {
    var scenario = Self.lastWord
    scenario.announcements = []
    #expect(try scenario.finding().outcome == .fail)
    #expect(try Self.blind(scenario).finding().outcome == .unknown)
  }

  // MARK: transitions-at-most

  @Test func `more changes of hands than allowed fail, fewer pass`() throws {
    func finding(_ count: Int, _ change: (inout Scenario) -> Void = { _ in }) throws -> Finding {
      var scenario = Scenario.failback(.one("transitions-at-most", .count(count)))
      change(&scenario)
      return try scenario.finding()
    }
    #expect(try finding(3).outcome == .pass)
    let twice = try finding(1)
    #expect(twice.outcome == .fail)
    #expect(
      twice.sentence == "172.17.16.3 changed hands 2 times (a → b, b → a); allowed is at most once."
    )
    #expect(try finding(3) { $0.capturesUntil = 9_000 }.outcome == .unknown)
  }

  // MARK: stays

  /// Nothing moves.
  private static func quiet(_ word: String) -> Scenario {
    var scenario = Scenario.gracefulStop(.one("stays", .text(word)))
    scenario.held = [.init(node: "a", from: 0, to: 30_000)]
    scenario.advertising = [.init(node: "a", from: 3400, to: 20_000)]
    scenario.givesUp = []
    scenario.announcements = []
    scenario.restoredTo = "a"
    return scenario
  }

  @Test func `a holder that keeps the address alone stays`() throws {
    let finding = try Self.quiet("throughout").finding()
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "a stayed the only holder of 172.17.16.3 to the trial's end (at least 12.000 s).")
    #expect(try Self.blind(Self.quiet("throughout")).finding().outcome == .unknown)
    #expect(try Self.quiet("during").finding().sentence.contains("(at least 6.000 s)"))
  }

  @Test func `a standby that flashes up beside the holder did not let it stay`() throws {
    var claims = Self.quiet("throughout")
    claims.held.append(.init(node: "b", from: 10_000, to: 10_100))
    #expect(try claims.timeline().transitions.isEmpty)
    let claimed = try claims.finding()
    #expect(claimed.outcome == .fail)
    #expect(
      claimed.sentence.hasPrefix("b had 172.17.16.3 1.99 s ± 11 ms after"), "\(claimed.sentence)")
    var advertises = Self.quiet("throughout")
    advertises.advertising.append(.init(node: "b", from: 10_000, to: 10_000))
    #expect(try advertises.finding().outcome == .fail)
  }

  @Test func `a holder that lets go for a while did not stay`() throws {
    var scenario = Self.quiet("throughout")
    scenario.held = [
      .init(node: "a", from: 0, to: 10_000), .init(node: "a", from: 10_500, to: 30_000),
    ]
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.hasPrefix("a let go of 172.17.16.3 "))
  }

  @Test func `what happens after the healing is not during the fault`() throws {
    for (word, outcome) in [("during", Outcome.pass), ("throughout", .fail)] {
      var scenario = Self.quiet(word)
      scenario.held.append(.init(node: "b", from: 16_000, to: 16_100))
      #expect(try scenario.finding().outcome == outcome, "\(word)")
    }
  }

  // MARK: service-within

  /// A connection every 10 ms, refused in the stretch although somebody may hold the address.
  private static func service(
    _ limit: Duration, refused: ClosedRange<Double>? = nil
  ) -> Scenario {
    var scenario = Scenario.gracefulStop(.one("service-within", .duration(limit)))
    scenario.extra = Swift.stride(from: 3002.0, to: 20_000, by: 10).enumerated().map {
      index, time in
      let isHeld = scenario.held.contains { $0.from <= time && time < $0.to }
      let isGood = isHeld && !(refused?.contains(time) ?? false)
      let (sent, answered) = (Scenario.at(time), Scenario.at(time + 0.2))
      return Observation(
        when: Interval(sent, answered), source: "client/connect",
        event: .probe(
          Probe(
            vantage: "client", method: .connect, address: address, sequence: index, sent: sent,
            period: 10_000_000, answers: isGood ? [.init(at: answered, mac: nil)] : [],
            trouble: isHeld && !isGood ? "refused" : "")))
    }
    return scenario
  }

  @Test func `what the takeover costs is not the service's failure`() throws {
    let finding = try Self.service(.milliseconds(50)).finding()
    #expect(finding.outcome == .pass, "\(finding.sentence)")
  }

  @Test func `a service that is away behind its address fails`() throws {
    let finding = try Self.service(.milliseconds(500), refused: 9000...9999).finding()
    #expect(finding.outcome == .fail)
    #expect(finding.measured?.contains(.milliseconds(1000)) == true)
    #expect(
      finding.sentence.hasPrefix(
        "b answered for 172.17.16.3, and client/connect got no connection for 1.00 s"),
      "\(finding.sentence)")
    let near = try Self.service(.milliseconds(1000), refused: 9000...9999).finding()
    #expect(near.outcome == .unknown)
  }

  @Test func `without connections or without ARP probes nothing is known of the service`() throws {
    let none = Scenario.gracefulStop(.one("service-within", .duration(.seconds(1))))
    #expect(try none.finding().outcome == .unknown)
    var silent = Self.service(.seconds(1))
    silent.probes = false
    #expect(try silent.finding().sentence.contains("did not ask who has 172.17.16.3"))
    #expect(try silent.finding().outcome == .unknown)
  }

  // MARK: right-node-within

  @Test func `answers of a node that is not the holder are timed`() throws {
    let check = Scenario.expecting("right-node-within", .duration(.milliseconds(50)))
    #expect(try Scenario.gracefulStop(check).finding().outcome == .pass)
    let finding = try Scenario.crash(check).finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix("a answered client/arp for 172.17.16.3 154 times, until 3.0"),
      "\(finding.sentence)")
    #expect(try Self.blind(.gracefulStop(check)).finding().outcome == .unknown)
  }

  // MARK: states-agree-within

  private static func states(_ limit: Duration, of scenario: Scenario) -> Scenario {
    var scenario = scenario
    scenario.expectations = [Scenario.expecting("states-agree-within", .duration(limit))]
    return scenario
  }

  @Test func `kernels that follow the wire agree with it`() throws {
    var scenario = Self.states(.seconds(1), of: .gracefulStop())
    scenario.kernels = scenario.held
    let finding = try scenario.finding()
    #expect(finding.outcome == .pass, "\(finding.sentence)")
    #expect(finding.sentence.hasPrefix("What a and b advertised, had and answered for 172.17.16.3"))
    scenario.captures = false
    #expect(try scenario.finding().outcome == .unknown)
  }

  @Test func `an address that outlives its master is a contradiction`() throws {
    let finding = try Self.states(.seconds(1), of: .crash()).finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix("a did not advertise, and answered for 172.17.16.3 for "),
      "\(finding.sentence)")
  }

  @Test func `a master whose kernel has no address is a contradiction`() throws {
    var scenario = Self.states(.seconds(1), of: .gracefulStop())
    scenario.kernels = [
      .init(node: "b", from: 8688.2, to: 12_000), .init(node: "b", from: 15_000, to: 30_000),
    ]
    scenario.kernels[0].to = 12_000
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix("b advertised, and its kernel did not have 172.17.16.3"),
      "\(finding.sentence)")
  }

  // MARK: advertisement-jitter

  @Test func `advertisements keep their interval, or not`() throws {
    let check = Scenario.expecting("advertisement-jitter", .duration(.milliseconds(10)))
    var scenario = Scenario.gracefulStop(check)
    #expect(try scenario.finding().outcome == .pass)
    scenario.advertising[1].to = 12_688
    scenario.advertising.append(.init(node: "b", from: 14_000, to: 20_000))
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.measured?.contains(.milliseconds(312)) == true)
    #expect(finding.sentence.contains("b's: 1.312000 s ± 0 ns instead of 1s"))
    #expect(try Self.blind(scenario).finding().outcome == .unknown)
  }

  @Test func `whoever was replaced and comes back begins anew`() throws {
    let check = Scenario.expecting("advertisement-jitter", .duration(.milliseconds(10)))
    #expect(try Scenario.failback(check).finding().outcome == .pass)
  }

  // MARK: announcements-per-second

  @Test func `a storm of announcements is counted over all nodes`() throws {
    let check = Scenario.expecting("announcements-per-second", .count(5))
    var scenario = Scenario.gracefulStop(check)
    #expect(try scenario.finding().outcome == .pass)
    #expect(try Self.blind(scenario).finding().outcome == .unknown)
    for index in 0..<20 {
      scenario.announcements.append(
        (node: index % 2 == 0 ? "a" : "b", at: 10_000 + 40 * Double(index)))
    }
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix("a and b announced 172.17.16.3 20 times in one second, from 1.9"),
      "\(finding.sentence)")
  }

  // MARK: strangers

  @Test func `a machine that is no node of the site is told by its address`() throws {
    let check = Scenario.expecting("strangers", .text("none"))
    #expect(try Scenario.gracefulStop(check).finding().outcome == .pass)
    #expect(try Self.blind(.gracefulStop(check)).finding().outcome == .unknown)
    var silent = Scenario.gracefulStop(check)
    silent.held.append(.init(node: "x", from: 9000, to: 9100))
    let finding = try silent.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix(
        "02:00:00:00:00:78, which is no node of the site, claimed 172.17.16.3 (5 times, first "),
      "\(finding.sentence)")
    var router = Scenario.gracefulStop(check)
    router.advertising.append(.init(node: "x", from: 9000, to: 12_000))
    #expect(try router.finding().sentence.contains("advertised itself as the master (4 times"))
  }
}
