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
