// Marks, holders, claims and outages, from scripted journals.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct TimelineTests {
  private func at(_ milliseconds: Double) -> Interval {
    Interval(at: Scenario.at(milliseconds))
  }

  @Test func `the marks of a graceful stop`() throws {
    let timeline = try Scenario.gracefulStop().timeline()
    let marks = timeline.marks
    #expect(marks.blow == Interval(Scenario.at(8000), Scenario.at(8000.4)))
    #expect(marks.lastAdvertisement == at(8000.45), "its goodbye")
    #expect(marks.firstAdvertisement == at(8688))
    #expect(marks.announcements == [Scenario.address: at(8688.5)])
    #expect(marks.firstAnswers["client/echo"] == Interval(Scenario.at(8690), Scenario.at(8690.2)))
    #expect(marks.firstAnswers["client/arp"] == Interval(Scenario.at(8705), Scenario.at(8705.1)))
    #expect(timeline.holderBefore == "a")
    #expect(timeline.holderAfter == "b")
    #expect(timeline.transitions == [Transition(from: "a", to: "b", at: at(8688))])
  }

  @Test func `the blow came before what it caused, whenever it was acknowledged`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.acknowledgedAfter = 1040
    #expect(try scenario.timeline().marks.blow == Interval(Scenario.at(8000), Scenario.at(8000.45)))
    scenario.givesUp = []
    #expect(try scenario.timeline().marks.blow == Interval(Scenario.at(8000), Scenario.at(8688)))
  }

  @Test func `a blow that cut the way back came before the silence that it caused`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.givesUp = []
    scenario.acknowledgedAfter = 1040
    scenario.isAcknowledged = false
    // Asked at 8005 and 8025 for nothing; the round trip before was 0.1 ms.
    #expect(
      try scenario.timeline().marks.blow == Interval(Scenario.at(8000), Scenario.at(8005.1)))
    // Nobody asks: the advertisement after that of 7400 is overdue at 8900, the takeover comes before.
    scenario.probes = false
    #expect(try scenario.timeline().marks.blow == Interval(Scenario.at(8000), Scenario.at(8688)))
    scenario.announcements = []
    scenario.advertising = scenario.advertising.filter { $0.node == "a" }
    scenario.acknowledgedAfter = 3000
    #expect(try scenario.timeline().marks.blow == Interval(Scenario.at(8000), Scenario.at(8900)))
    // It goes on advertising: nothing shows when the blow fell.
    scenario.advertising = [.init(node: "a", from: 600, to: 20000)]
    #expect(try scenario.timeline().marks.blow == Interval(Scenario.at(8000), Scenario.at(11000)))
  }

  @Test func `frames on their way out of a port are not the port's node's`() throws {
    // Every announcement of b leaves at a's port too; a must not be credited with it.
    let timeline = try Scenario.gracefulStop().timeline()
    let late = timeline.claims.filter { $0.node == "a" && $0.from.latest > Scenario.at(8001) }
    #expect(late.isEmpty)
    #expect(timeline.marks.lastFrameOfOld == nil)
  }

  /// b's shell was busy from before the takeover until after it: when its kernel got the address is known
  /// from the wire alone.
  @Test func `a claim begins no sooner for a word of the kernel's that took long`() throws {
    var scenario = Scenario.gracefulStop()
    let word = AddressesHeld(node: "b", addresses: Scenario.pair.addresses.map(\.address))
    scenario.extra = [
      Observation(
        when: Interval(Scenario.at(8050), Scenario.at(8900)), source: "b/addresses",
        event: .addresses(word))
    ]
    let claims = try scenario.timeline().claims.filter { $0.node == "b" }
    #expect(claims.map(\.from) == [Interval(Scenario.at(8685), Scenario.at(8688.5))])
  }

  @Test func `a claim ends between its last answer and the first silence`() throws {
    let claims = try Scenario.gracefulStop().timeline().claims
    let old = try #require(claims.first { $0.node == "a" })
    #expect(old.until == Interval(Scenario.at(7985), Scenario.at(8005.1)))
    let new = try #require(claims.first { $0.node == "b" })
    #expect(new.from == Interval(Scenario.at(8685), Scenario.at(8688.5)))
    #expect(new.until == nil)
    #expect(claims.count == 2)
  }

  /// A node's shell took 100 ms to say that its kernel had the address; the next ARP round got no answer.
  @Test func `a claim ends no later for a word of the kernel's that took long`() throws {
    var scenario = Scenario.gracefulStop()
    let word = AddressesHeld(node: "a", addresses: Scenario.pair.addresses.map(\.address))
    scenario.extra = [
      Observation(
        when: Interval(Scenario.at(7990), Scenario.at(8090)), source: "a/addresses",
        event: .addresses(word))
    ]
    let old = try #require(try scenario.timeline().claims.first { $0.node == "a" })
    #expect(old.until == Interval(Scenario.at(7990), Scenario.at(8005.1)))
  }

  @Test func `the time without a holder`() throws {
    let unowned = try Scenario.gracefulStop().timeline().unowned
    let absence = try #require(unowned.first)
    // In truth 687.9 ms: from 8000.3 to 8688.2.
    #expect(
      absence.length
        == Elapsed(
          atLeast: .microseconds(679_900), atMost: .microseconds(688_500)))
  }

  @Test func `one lost answer is a lost frame, two are a release`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.lostAnswers = [(node: "b", at: 10005)]
    #expect(try scenario.timeline().claims.filter { $0.node == "b" }.count == 1)
    scenario.lostAnswers.append((node: "b", at: 10025))
    #expect(try scenario.timeline().claims.filter { $0.node == "b" }.count == 2)
  }

  @Test func `a node that cannot be reached holds what its kernel says it has`() throws {
    var scenario = Scenario.linkDown()
    scenario.kernels = [Scenario.Stretch(node: "a", from: 0, to: 12000)]
    let claims = try scenario.timeline().claims.filter { $0.node == "a" }
    #expect(claims.count == 1)
    #expect(claims.first?.until?.contains(Scenario.at(12000)) == true)
  }

  @Test func `a link that goes down takes the address off the wire`() throws {
    let timeline = try Scenario.linkDown(.singleHolder(.zero)).timeline()
    #expect(timeline.overlaps.isEmpty)
    #expect(timeline.takeover?.to == "b")
  }

  @Test func `the outage lies between what is certain and what is possible`() throws {
    let outages = try Scenario.gracefulStop().timeline().outages
    let echo = try #require(outages.first { $0.method == .echo })
    // Unanswered from 8010 to 8680; good at 8000 and 8690.
    #expect(echo.from == Interval(Scenario.at(8000), Scenario.at(8000.2)))
    #expect(
      echo.length
        == Elapsed(
          atLeast: .microseconds(669_800), atMost: .microseconds(690_200)))
    #expect(outages.count == 2)
  }

  @Test func `both takeovers are listed, the marks describe the first`() throws {
    let timeline = try Scenario.failback().timeline()
    #expect(timeline.transitions.map(\.to) == ["b", "a"])
    #expect(timeline.marks.firstAdvertisement == at(8688))
    #expect(timeline.takeover?.to == "b")
    #expect(timeline.holderAfter == "a")
    // The overlap at the way back is shorter than a round of probes: possible, not certain.
    let overlap = try #require(timeline.overlaps.first)
    #expect(overlap.length.atLeast == .zero)
    #expect(overlap.length.contains(.microseconds(500)))
  }

  @Test func `a thawed master that goes on advertising takes the address back`() throws {
    var scenario = Scenario.crash()
    scenario.fault = "freeze-process"
    scenario.advertising = [
      Scenario.Stretch(node: "a", from: 3400, to: 7400),
      Scenario.Stretch(node: "b", from: 11010, to: 13010),
      Scenario.Stretch(node: "a", from: 13500, to: 20000),
    ]
    let timeline = try scenario.timeline()
    #expect(timeline.transitions.map(\.to) == ["b", "a"])
    #expect(timeline.transitions.last?.at == at(13500))
  }

  @Test func `a second master that falls silent gives the address back to the first`() throws {
    var scenario = Scenario.crash()
    scenario.advertising = [
      Scenario.Stretch(node: "a", from: 3400, to: 20000),
      Scenario.Stretch(node: "b", from: 11010, to: 14010),
    ]
    let timeline = try scenario.timeline()
    #expect(timeline.transitions.map(\.to) == ["b", "a"])
    #expect(timeline.transitions.last?.at == Interval(Scenario.at(14010), Scenario.at(15010)))
  }

  @Test func `two masters to the end are one change`() throws {
    var scenario = Scenario.crash()
    scenario.advertising = [
      Scenario.Stretch(node: "a", from: 3400, to: 20000),
      Scenario.Stretch(node: "b", from: 11010, to: 20000),
    ]
    #expect(try scenario.timeline().transitions.map(\.to) == ["b"])
  }

  @Test func `a taker whose advertisements cannot be seen is known by its announcement`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.advertising.removeLast()
    let timeline = try scenario.timeline()
    #expect(timeline.transitions == [Transition(from: "a", to: "b", at: at(8688.5))])
    #expect(timeline.marks.firstAdvertisement == nil)
  }

  @Test func `a virtual MAC that answers denies nobody and, without ports, proves nothing`() throws
  {
    let scenario = Scenario.gracefulStop(.singleHolder(.zero))
    let virtual = try #require(MACAddress("00:00:5e:00:01:33"))
    let observations = scenario.observations.map { observation in
      var one = observation
      if case .probe(var probe) = one.event {
        probe.answers = probe.answers.map { .init(at: $0.at, mac: virtual) }
        one.event = .probe(probe)
      }
      return one
    }
    let result = try #require(try Judge().judge(observations).trials.first)
    #expect(result.timeline.doubts == [])
    #expect(result.timeline.claims.allSatisfy { $0.node == "b" })

    var blind = observations
    guard case .runBegan(var header) = blind[0].event else { return }
    header.site.captures = []
    blind[0].event = .runBegan(header)
    let doubtful = try #require(try Judge().judge(blind).trials.first)
    #expect(doubtful.outcome == .unknown)
    #expect(doubtful.timeline.doubts.contains { $0.contains("virtual MAC") })
  }

  @Test func `a stranger keeps its MAC for a name`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.held.append(Scenario.Stretch(node: "x", from: 9000, to: 30000))
    let overlap = try #require(try scenario.timeline().overlaps.first)
    #expect(overlap.nodes == ["02:00:00:00:00:78", "b"])
  }

  @Test func `without advertisements the announcements tell who holds`() throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.site.vrid = nil
    scenario.advertising = []
    scenario.givesUp = []
    #expect(try scenario.timeline().takeover?.at == at(8688.5))
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `without any frame the answers tell who holds`() throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.site.vrid = nil
    scenario.site.captures = []
    let takeover = try #require(try scenario.timeline().takeover)
    #expect(takeover.to == "b")
    #expect(takeover.at == Interval(Scenario.at(8685), Scenario.at(8705.1)))
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `on a shared segment the MAC tells who sent`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.site.captures = [CapturePoint(name: "mirror", interface: "eth1")]
    // Frames on a mirror all come in.
    let observations = scenario.observations.map { observation in
      var one = observation
      if case .advertisement(var seen) = one.event {
        seen.sight.outgoing = false
        one.event = .advertisement(seen)
      } else if case .announcement(var seen) = one.event {
        seen.sight.outgoing = false
        one.event = .announcement(seen)
      }
      return one
    }
    let report = try Judge().judge(observations)
    #expect(report.trials.first?.timeline.transitions.map(\.to) == ["b"])
  }
}
