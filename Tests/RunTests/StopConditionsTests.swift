// What ends a run by itself, with a clock turned by hand.

internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `Stop conditions` {
  /// The conditions with a world that is looked at every quarter of a second.
  private final class Watch {
    var conditions: StopConditions
    var now = Moment.began

    init(_ limits: StopLimits) {
      conditions = StopConditions(limits, of: World.site, from: .began)
    }

    func see(_ event: Event) {
      conditions.take(Observation(when: Interval(at: now), source: "world", event: event))
    }

    /// What is said first within `time`, and when; `each`: which nodes answer before each look.
    func look(
      for time: Duration, holders: Set<String> = ["a"], advertisers: Set<String> = ["a"],
      answering: [String] = ["a", "b"], every step: Duration = .milliseconds(250)
    ) -> (String, Moment)? {
      let end = now + time
      while now < end {
        now = now + step
        for node in answering { see(.addresses(AddressesHeld(node: node, addresses: []))) }
        let sight = PairTracker.Sight(
          holders: [World.virtual: holders], advertisers: advertisers)
        if let words = conditions.sentence(seeing: sight, at: now) { return (words, now) }
      }
      return nil
    }
  }

  private static let all = StopLimits(
    nobodyHolds: .seconds(30), severalHold: .seconds(20), unreachable: .seconds(40), noVerdict: 3)

  @Test func `a sound pair never ends a run`() {
    let watch = Watch(Self.all)
    #expect(watch.look(for: .seconds(3_600)) == nil)
  }

  @Test func `an address that nobody holds ends it when its time has come, not before`() throws {
    let watch = Watch(Self.all)
    #expect(watch.look(for: .milliseconds(29_750), holders: []) == nil)
    #expect(watch.look(for: .milliseconds(250)) == nil, "somebody came: it counts from nothing")
    #expect(watch.look(for: .milliseconds(29_750), holders: []) == nil)
    let (words, _) = try #require(watch.look(for: .milliseconds(250), holders: []))
    #expect(words == "nobody was seen to hold 10.0.0.3 for 30s")
  }

  @Test func `two that hold, and two that advertise, end it`() throws {
    let held = Watch(Self.all)
    let (words, at) = try #require(held.look(for: .seconds(60), holders: ["a", "b"]))
    #expect(words == "a and b have held 10.0.0.3 together for 20s")
    #expect(at == Moment.began + .seconds(20))
    let advertised = Watch(Self.all)
    let (others, _) = try #require(advertised.look(for: .seconds(60), advertisers: ["a", "b"]))
    #expect(others == "a and b have advertised together for 20s")
  }

  @Test func `a shell that does not answer ends it, one that answers slowly does not`() throws {
    let watch = Watch(Self.all)
    for _ in 0..<10 {
      #expect(watch.look(for: .seconds(39), answering: ["a"]) == nil)
      #expect(watch.look(for: .milliseconds(250)) == nil)
    }
    let (words, _) = try #require(watch.look(for: .seconds(41), answering: ["a"]))
    #expect(words == "b's shell has not answered for 40s")
  }

  @Test func `what is not asked for is not watched`() {
    let watch = Watch(StopLimits(unreachable: .seconds(40)))
    #expect(watch.look(for: .seconds(900), holders: [], advertisers: ["a", "b"]) == nil)
    for _ in 0..<9 {
      watch.see(.trialBegan(TrialHeader(plan: 0, trial: 0, repetition: 1)))
      watch.see(.trialEnded(TrialHeader(plan: 0, trial: 0, repetition: 1)))
    }
    #expect(watch.look(for: .seconds(1)) == nil)
  }

  @Test func `time in which nobody looked does not count`() {
    let watch = Watch(Self.all)
    // Five looks, each an hour after the other: a coordinator that was frozen.
    #expect(watch.look(for: .seconds(5 * 3_600), holders: [], every: .seconds(3_600)) == nil)
  }

  @Test func `a clock that is set back does not end a run, and does not save it`() throws {
    let watch = Watch(Self.all)
    #expect(watch.look(for: .seconds(20), holders: []) == nil)
    watch.now = watch.now - .seconds(1_000)
    #expect(watch.look(for: .milliseconds(250), holders: []) == nil)
    #expect(watch.look(for: .milliseconds(9_750), holders: []) == nil)
    #expect(watch.look(for: .milliseconds(250), holders: []) != nil)
  }

  @Test func `trials in a row that could not be struck end it; a blow between them does not`() {
    let header = TrialHeader(plan: 0, trial: 0, repetition: 1)
    let blow = Event.blow(
      BlowStruck(
        node: "a", fault: FaultUse(kind: "word", arguments: Arguments()), command: "", status: 0))
    let watch = Watch(Self.all)
    for struck in [false, false, true, false, false] {
      watch.see(.trialBegan(header))
      if struck { watch.see(blow) }
      watch.see(.trialEnded(header))
      #expect(watch.look(for: .milliseconds(250)) == nil)
    }
    watch.see(.trialBegan(header))
    #expect(watch.look(for: .milliseconds(250)) == nil)
    watch.see(.trialEnded(header))
    #expect(
      watch.look(for: .milliseconds(250))?.0 == "3 trials in a row could not be struck")
  }

  @Test func `who holds is who answers; where nobody asks, whose system has it or who advertises`()
  {
    var tracker = PairTracker(site: World.site)
    let now = Moment.began + .seconds(10)
    for observation in World.descriptions + World.sight("a", also: "b", at: now) {
      tracker.take(observation)
    }
    #expect(tracker.sight(at: now).holders == [World.virtual: ["a", "b"]])
    #expect(tracker.sight(at: now + .seconds(1)).holders == [World.virtual: []])

    var unasked = World.site
    unasked.vantages = []
    var blind = PairTracker(site: unasked)
    for observation in World.sight("a", at: now) { blind.take(observation) }
    #expect(blind.sight(at: now).holders == [World.virtual: ["a"]])
    let held = AddressesHeld(node: "b", addresses: [World.virtual])
    blind.take(Observation(when: Interval(at: now), source: "b", event: .addresses(held)))
    #expect(blind.sight(at: now).holders == [World.virtual: ["a", "b"]])
    #expect(blind.sight(at: now + .seconds(3)).holders == [World.virtual: ["a"]])
    #expect(blind.sight(at: now + .seconds(5)).holders == [World.virtual: []])
  }
}
