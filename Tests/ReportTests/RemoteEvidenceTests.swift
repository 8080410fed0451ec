// What a node's own tcpdump saw: stamps as wide as the node's clock is known, and the same frames
// seen at several points.

internal import TakeoverModel
internal import Testing

@testable import TakeoverReport

@Suite struct `Evidence from elsewhere` {
  /// Every frame at `ports` as another machine stamps it: within `width` milliseconds, of which the
  /// truth is at a quarter.
  private func widened(
    _ scenario: Scenario, at ports: Set<String>, by width: Double
  ) -> [Observation] {
    scenario.observations.map { observation in
      guard let sight = observation.event.sight, ports.contains(sight.port) else {
        return observation
      }
      var other = observation
      let moment = observation.when.earliest
      other.when = Interval(
        moment - .microseconds(Int64(width * 250)), moment + .microseconds(Int64(width * 750)))
      return other
    }
  }

  /// The same story, captured by the nodes themselves (and by the client's machine, if asked for).
  private func remote(
    _ scenario: Scenario, width: Double = 0.4, points: Set<String> = ["port-a", "port-b"]
  ) throws -> TrialResult {
    var scenario = scenario
    scenario.site.captures = scenario.site.captures.filter { points.contains($0.name) }
    for index in scenario.site.captures.indices {
      scenario.site.captures[index].through = scenario.site.captures[index].node ?? "desk"
    }
    let report = try Judge().judge(widened(scenario, at: points, by: width))
    return try #require(report.trials.first)
  }

  @Test func `the marks are as wide as the stamps, and hold the exact ones`() throws {
    let exact = try Scenario.gracefulStop().timeline()
    let wide = try remote(.gracefulStop()).timeline
    #expect(wide.doubts == [])
    #expect(wide.takeover?.to == "b" && wide.transitions.count == 1)
    let pairs = [
      (exact.marks.lastAdvertisement, wide.marks.lastAdvertisement),
      (exact.marks.firstAdvertisement, wide.marks.firstAdvertisement),
      (
        exact.marks.announcements[Scenario.address], wide.marks.announcements[Scenario.address]
      ),
    ]
    for (one, other) in pairs {
      let (one, other) = (try #require(one), try #require(other))
      #expect(one.width == .zero)
      #expect(other.contains(one.earliest))
      // Seen at the other node, too, a hundredth of a millisecond later: that ends it sooner.
      #expect(other.width > .zero && other.width <= .microseconds(400))
    }
    let (one, other) = (try #require(exact.election), try #require(wide.election))
    #expect(other.waited.atLeast <= one.waited.atLeast)
    #expect(other.waited.atMost >= one.waited.atMost)
    #expect(other.waited.uncertainty == .microseconds(400))
    #expect(one.interval == other.interval && one.wasReleased == other.wasReleased)
  }

  /// Every frame at the ports with the stamp of a clock that is 7.3 s ahead and fast by 100 ppm.
  private func stamped(_ scenario: Scenario, at ports: Set<String>) throws -> TrialTimeline {
    var scenario = scenario
    scenario.site.captures = scenario.site.captures.filter { ports.contains($0.name) }
    for index in scenario.site.captures.indices { scenario.site.captures[index].through = "desk" }
    let exact = scenario.observations
    var observations = widened(scenario, at: ports, by: 20)
    for (index, one) in exact.enumerated() {
      let moment = one.when.earliest.nanoseconds
      func by(_ sight: FrameSight) -> FrameSight {
        var sight = sight
        sight.stamp = moment + moment / 10_000 + 7_300_000_000
        return sight
      }
      switch observations[index].event {
      case .advertisement(var seen):
        seen.sight = by(seen.sight)
        observations[index].event = .advertisement(seen)
      case .announcement(var seen):
        seen.sight = by(seen.sight)
        observations[index].event = .announcement(seen)
      default: break
      }
    }
    return try #require(try Judge().judge(observations).trials.first).timeline
  }

  @Test func `what one clock stamped differs by no more than that clock may drift`() throws {
    let exact = try Scenario.gracefulStop().timeline().marks
    let wide = try stamped(.gracefulStop(), at: ["port-client"])
    #expect(
      wide.marks.firstAdvertisement?.width == .milliseconds(20), "itself it is no better known")
    let pairs = [
      (try #require(exact.detection), try #require(wide.marks.detection)),
      (
        try #require(exact.announcing(Scenario.address)),
        try #require(wide.marks.announcing(Scenario.address))
      ),
    ]
    for (one, other) in pairs {
      #expect(other.atLeast <= one.atLeast && one.atMost <= other.atMost, "\(one) \(other)")
      #expect(other.uncertainty < .microseconds(400), "\(other)")
    }
    #expect(wide.election?.waited == wide.marks.detection)
  }

  @Test func `stamps of two clocks, or of one that was set, tell nothing of each other`() {
    let placed = Elapsed(atLeast: .milliseconds(680), atMost: .milliseconds(700))
    let one = ClockStamp(port: "on-a", nanoseconds: 5_000_000_000)
    func since(_ port: String, _ nanoseconds: Int64) -> Elapsed {
      ClockStamp(port: port, nanoseconds: nanoseconds).since(one, within: placed)
    }
    #expect(since("on-b", 5_690_000_000) == placed)
    #expect(since("on-a", 9_000_000_000) == placed)
    #expect(since("on-a", .min) == placed)
    // 500 ppm of 690 ms are 345 µs.
    #expect(
      since("on-a", 5_690_000_000)
        == Elapsed(atLeast: .nanoseconds(689_654_499), atMost: .nanoseconds(690_345_501)))
    #expect(
      since("on-a", 5_700_100_000)
        == Elapsed(atLeast: .nanoseconds(699_749_499), atMost: .milliseconds(700)))
  }

  @Test func `a limit inside the stamps' width is unknown, outside of it decided`() throws {
    // b announces 688.1 to 688.5 ms after a blow that took up to 0.4 ms, by exact stamps.
    for (limit, outcome) in [(686, Outcome.fail), (689, .unknown), (692, .pass)] {
      let result = try remote(
        .gracefulStop(.takeoverWithin(.milliseconds(limit))), width: 4)
      #expect(result.outcome == outcome, "\(limit) ms: \(result.findings.map(\.sentence))")
    }
    let exact = try Scenario.gracefulStop(.takeoverWithin(.milliseconds(689))).finding()
    #expect(exact.outcome == .pass)
  }

  @Test func `captured here as well, every number is that of the stamps made here`() throws {
    var both = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    let alone = try both.result()
    for node in ["a", "b"] {
      both.site.captures.append(
        CapturePoint(name: "on-\(node)", interface: "eth0", node: node, through: node))
    }
    let result = try #require(
      try Judge().judge(widened(both, at: ["on-a", "on-b"], by: 3)).trials.first)
    #expect(result.findings == alone.findings)
    #expect(result.timeline.marks == alone.timeline.marks)
    #expect(result.timeline.transitions == alone.timeline.transitions)
    #expect(result.timeline.election == alone.timeline.election)
    #expect(result.timeline.overlaps == alone.timeline.overlaps)
    #expect(result.timeline.doubts == [])
  }

  @Test func `a third machine alone is enough, and knows the nodes by their MACs`() throws {
    let result = try remote(
      .crash(.takeoverWithin(.milliseconds(3_100)), .singleHolder(.seconds(1))),
      points: ["port-client"])
    #expect(result.timeline.doubts == [])
    #expect(result.timeline.takeover?.from == "a" && result.timeline.takeover?.to == "b")
    #expect(result.findings.map(\.outcome) == [.pass, .fail])
  }

  private func gathered(_ sights: [(port: String, from: Double, to: Double)]) -> [SeenFrame] {
    var site = Scenario.pair
    site.captures = ["a", "b"].map { (node: String) in
      CapturePoint(name: "on-\(node)", interface: "eth0", node: node, through: node)
    }
    let described = ["a", "b"].map { node in
      Scenario.run(
        0,
        .nodeDescribed(
          NodeDescription(
            node: node, transport: "", system: "",
            links: [.init(name: "eth0", mac: Scenario.mac(node), addresses: [])])))
    }
    var gathering = FrameGathering(Attribution(site: site, observations: described))
    for sight in sights.sorted(by: { $0.from < $1.from }) {
      gathering.take(
        Observation(
          when: Interval(Scenario.at(sight.from), Scenario.at(sight.to)), source: sight.port,
          event: .announcement(
            AnnouncementSeen(
              sight: FrameSight(
                port: sight.port, frame: 1, outgoing: sight.port != "on-a",
                source: Scenario.mac("a"), destination: .broadcast),
              form: .announcement, address: Scenario.address, claimant: Scenario.mac("a")))))
    }
    return gathering.gathered()
  }

  @Test func `one frame at two points is one event, ended by the sooner of the two`() {
    let frames = gathered([("on-a", 10, 10.5), ("on-b", 9.9, 10.2)])
    #expect(frames.map(\.sender) == ["a"])
    #expect(frames.map(\.when) == [Interval(Scenario.at(9.9), Scenario.at(10.2))])
    let wider = gathered([("on-a", 10, 10.5), ("on-b", 9, 10.2)])
    #expect(wider.map(\.when) == [Interval(Scenario.at(10), Scenario.at(10.2))])
  }

  @Test func `a burst of five alike stays five, wherever it is seen`() {
    let burst = (0..<5).map { 10 + 0.02 * Double($0) }
    let one = burst.map { (port: "on-a", from: $0, to: $0 + 0.4) }
    let other = burst.map { (port: "on-b", from: $0 - 0.3, to: $0 + 0.5) }
    #expect(gathered(one).count == 5)
    #expect(gathered(one + other).count == 5)
    // One was lost on the way to b, or on the way from a's tcpdump.
    #expect(gathered(one + other.dropFirst()).count == 5)
    #expect(gathered(Array(one.dropFirst()) + other).count == 5)
  }

  @Test func `what was seen an advertisement interval apart is two events`() {
    #expect(gathered([("on-a", 10, 10.4), ("on-b", 20, 20.4)]).count == 2)
    #expect(gathered([("on-a", 10, 10.4), ("on-b", 12.3, 12.9)]).count == 1)
    #expect(gathered([("on-a", 10, 10.4), ("on-b", 12.5, 12.9)]).count == 2)
  }

  private func clock(_ at: Double, real: Double, spread: Int64 = 200) -> Observation {
    let monotonic = 77_000_000_000 + Scenario.at(at).nanoseconds
    let moment = Scenario.at(real)
    return Observation(
      when: Interval(at: moment), source: "clock",
      event: .clock(
        ClockReading(
          clock: ClockReading.own, realtime: 1_795_370_013_000_000_000 + moment.nanoseconds,
          means: "clock_gettime", monotonic: [monotonic - spread, monotonic])))
  }

  @Test(arguments: [(1_500.0, "forward by 1.50000 s"), (-2, "back by 2.000 ms")])
  func `a clock of the coordinator that was set within a trial leaves no verdict`(
    by step: Double, words: String
  ) throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.extra = [
      clock(7_000, real: 7_000), clock(9_000, real: 9_000), clock(10_000, real: 10_000 + step),
      clock(11_000, real: 11_000 + step),
    ]
    let result = try scenario.result()
    #expect(result.outcome == .unknown)
    let doubt = try #require(result.timeline.doubts.first { $0.contains("was set") })
    #expect(doubt.hasPrefix("the coordinator's clock was set \(words.split(separator: " ")[0])"))
    #expect(doubt.contains(words.split(separator: " ")[2].prefix(3)), "\(doubt)")
  }

  @Test(arguments: [(3_100.0, "3.1"), (61_000, "61")])
  func `a coordinator that did not run for a while within a trial leaves no verdict`(
    length: Double, words: String
  ) throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.extra = [
      clock(8_000, real: 8_000), clock(8_000 + length, real: 8_000 + length),
    ]
    let result = try scenario.result()
    #expect(result.outcome == .unknown)
    let doubt = try #require(result.timeline.doubts.first { $0.contains("did not run") })
    #expect(doubt.hasPrefix("the coordinator itself did not run for \(words)"), "\(doubt)")
  }

  @Test func `a coordinator that did not run before the trial leaves no doubt`() throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.extra = [clock(0, real: 0), clock(5_000, real: 5_000), clock(7_900, real: 7_900)]
    #expect(try scenario.result().timeline.doubts.isEmpty)
  }

  @Test func `a clock that is only read, however roughly, leaves no doubt`() throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.extra = [
      clock(7_000, real: 7_000), clock(9_000, real: 9_000, spread: 3_000_000),
      clock(10_000, real: 10_000),
    ]
    #expect(try scenario.result().outcome == .pass)
    // Set long before the trial began.
    scenario.extra =
      [clock(1_000, real: 500)]
      + stride(from: 2_000, through: 10_000, by: 2_000).map {
        clock($0, real: $0)
      }
    #expect(try scenario.result().outcome == .pass)
  }

  @Test func `another machine's clock is told by its best reading, with its bound`() throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    let reading = { (at: Double, width: Double) in
      Observation(
        when: Interval(Scenario.at(at), Scenario.at(at + width)), source: "remote/on-a",
        event: .clock(
          ClockReading(
            clock: "a",
            realtime: 1_795_370_013_000_000_000 + 7_300_000_000
              + Scenario.at(at + width / 2).nanoseconds, resolution: 1_000, means: "bash")))
    }
    scenario.extra = [reading(6_000, 2), reading(7_000, 0.4), reading(8_000, 1)]
    let report = try scenario.judged()
    let clock = try #require(report.clocks.first)
    #expect(clock.ahead.atLeast == .microseconds(7_299_800))
    #expect(clock.ahead.atMost == .microseconds(7_300_201))
    let markdown = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    #expect(markdown.contains("a's clock: +7.3000 s ± 210 µs (by bash)"), "\(markdown)")
    #expect(report.trials.map(\.outcome) == [.pass])
  }
}
