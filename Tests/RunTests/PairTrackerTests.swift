// Who holds the address, from a few observations.

internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `The pair tracker` {
  private func tracker(_ observations: [Observation]) -> PairTracker {
    var tracker = PairTracker(site: World.site)
    for observation in World.descriptions + observations { tracker.take(observation) }
    return tracker
  }

  private let moment = Moment(nanoseconds: 5_000_000_000)

  private func reasons(_ tracker: PairTracker, at moment: Moment) -> String {
    if case .unsound(let reasons) = tracker.standing(at: moment) {
      reasons.joined(separator: "; ")
    } else {
      "sound"
    }
  }

  @Test func `one node that advertises and answers is the holder`() {
    let tracker = tracker(World.sight("a", at: moment))
    #expect(tracker.standing(at: moment) == .sound(Roles(holder: "a", standby: ["b"])))
  }

  @Test func `where a ledger is kept, its rows must be acknowledged`() {
    func entry(_ outcome: LedgerEntry.Outcome, at moment: Moment) -> Observation {
      let answer = LedgerEntry.Answer(sent: moment, arrived: Interval(at: moment))
      return Observation(
        when: Interval(at: moment), source: "client/ledger",
        event: .ledger(
          LedgerEntry(
            vantage: "client", address: .v4(1), outcome: outcome, count: 1, first: answer,
            last: answer)))
    }
    let sight = World.sight("a", at: moment)
    #expect(reasons(tracker(sight + [entry(.acknowledged, at: moment)]), at: moment) == "sound")
    let late = [entry(.acknowledged, at: moment - .seconds(3)), entry(.refused, at: moment)]
    #expect(
      reasons(tracker(sight + late), at: moment) == "no row of the ledger is acknowledged")
    #expect(
      reasons(tracker(sight + [entry(.unreached, at: moment)]), at: moment)
        == "no row of the ledger is acknowledged")
  }

  @Test func `a way of asking of which nothing is known yet is missed`() {
    var site = World.site
    site.probing.echo = .milliseconds(10)
    var tracker = PairTracker(site: site)
    for one in World.descriptions + World.sight("a", at: moment) { tracker.take(one) }
    #expect(reasons(tracker, at: moment) == "the probe client/echo/10.0.0.3 has no answer yet")
    let answered = Probe(
      vantage: "client", method: .echo, address: World.virtual, sequence: 1, sent: moment,
      period: 10_000_000, answers: [Probe.Answer(at: moment, mac: nil)])
    tracker.take(
      Observation(when: Interval(at: moment), source: "client/echo", event: .probe(answered)))
    #expect(reasons(tracker, at: moment) == "sound")
    func unanswered(sent: Moment) -> Observation {
      let probe = Probe(
        vantage: "client", method: .echo, address: World.virtual, sequence: 0, sent: sent,
        period: 10_000_000, answers: [])
      return Observation(when: Interval(at: moment), source: "client/echo", event: .probe(probe))
    }
    tracker.take(unanswered(sent: moment - .milliseconds(900)))
    #expect(reasons(tracker, at: moment) == "sound", "a later one was answered meanwhile")
    tracker.take(unanswered(sent: moment))
    #expect(
      reasons(tracker, at: moment) == "the probe client/echo/10.0.0.3 gets no answer")
  }

  @Test func `nothing seen is not sound`() {
    #expect(reasons(tracker([]), at: moment).contains("nobody answers for 10.0.0.3"))
  }

  @Test func `two that answer are named`() {
    let tracker = tracker(World.sight("a", also: "b", at: moment))
    #expect(reasons(tracker, at: moment) == "a and b both answer for 10.0.0.3")
  }

  @Test func `what was seen long ago does not count`() {
    let tracker = tracker(World.sight("a", at: moment))
    #expect(reasons(tracker, at: moment + .seconds(10)).contains("nobody answers"))
  }

  @Test func `a standby that is not sent the advertisements is noticed`() {
    let sights = World.sight("a", at: moment).filter {
      if case .advertisement(let seen) = $0.event { !seen.sight.outgoing } else { true }
    }
    #expect(reasons(tracker(sights), at: moment) == "b is not sent a's advertisements")
  }

  @Test func `the system of the standby must not have the address`() {
    let held = Observation(
      when: Interval(at: moment), source: "b/addresses",
      event: .addresses(AddressesHeld(node: "b", addresses: [World.virtual])))
    let tracker = tracker(World.sight("a", at: moment) + [held])
    #expect(reasons(tracker, at: moment) == "b's system has 10.0.0.3 too")
  }

  @Test func `a stranger that answers is not a holder`() {
    var sights = World.sight("a", at: moment).filter { $0.event.name == "probe" }
    let stranger = Probe(
      vantage: "client", method: .arp, address: World.virtual, sequence: 2, sent: moment,
      period: 20_000_000,
      answers: [.init(at: moment, mac: MACAddress(bits: 0xbad))])
    sights = [
      Observation(when: Interval(at: moment), source: "world", event: .probe(stranger))
    ]
    #expect(reasons(tracker(sights), at: moment).contains("00:00:00:00:0b:ad answers"))
  }

  @Test func `why a subnet does not lead to whoever advertises is told before the blow`() {
    var site = World.site
    site.cloud = CloudSubnet(region: "r", havips: [], instances: ["a": "ins-a"])
    let silence = "nobody answers for 10.0.0.3; the probe client/arp/10.0.0.3 has no answer yet"
    func reasons(_ site: Site, _ events: Event...) -> String {
      var tracker = PairTracker(site: site)
      let advertised = World.sight("a", at: moment).filter { $0.event.name == "advertisement" }
      let others = events.map { Observation(when: Interval(at: moment), source: "s", event: $0) }
      for observation in World.descriptions + advertised + others { tracker.take(observation) }
      return self.reasons(tracker, at: moment)
    }
    #expect(
      reasons(site)
        == "\(silence); the subnet does not believe a, which announces 10.0.0.3: "
        + "10.0.0.3 is no HAVIP: only a call of the control plane can move it")
    site.cloud?.havips = [.init(World.virtual, id: "havip-1")]
    #expect(reasons(site) == silence)
    let refused = FabricDecision(
      address: World.virtual, node: "a", port: "a", decision: .refused, reason: "too many")
    #expect(reasons(site, .fabricDecision(refused)).hasSuffix("announces 10.0.0.3: too many"))
    let unbound = HavipBinding(
      address: World.virtual, havip: "havip-1", state: "UNBIND", associated: ["ins-b"])
    #expect(
      reasons(site, .havipBinding(unbound))
        .hasSuffix("a is not in the association set of havip-1; it leads to nobody"))
    // What the subnet's own record says outweighs an answer that is older.
    let bound = FabricDecision(address: World.virtual, node: "a", port: "a", decision: .bound)
    #expect(
      reasons(site, .fabricDecision(bound), .havipBinding(unbound))
        == silence)
  }

  @Test func `an IPv6 address without an answer to a neighbour probe has no holder`() {
    var site = World.site
    let virtual = IPAddress.v6(high: 0xfd00 << 48, low: 3)
    site.addresses = [VirtualAddress(virtual, prefix: 64)]
    site.captures = []
    var tracker = PairTracker(site: site)
    for observation in World.descriptions { tracker.take(observation) }
    #expect(reasons(tracker, at: moment).contains("nobody answers for fd00::3"))
    let probe = Probe(
      vantage: "client", method: .neighbour, address: virtual, sequence: 1, sent: moment,
      period: 20_000_000, answers: [.init(at: moment, mac: World.macs["b"])])
    tracker.take(
      Observation(
        when: Interval(at: moment), source: "client/neighbour", event: .probe(probe)))
    #expect(tracker.standing(at: moment) == .sound(Roles(holder: "b", standby: ["a"])))
  }
}
