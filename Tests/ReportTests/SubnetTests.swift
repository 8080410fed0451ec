// What a cloud subnet bound, when, and why not: from a journal to findings.

import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

@Suite struct SubnetTests {
  private static func follows(_ limit: Duration) -> TakeoverModel.Expectation {
    .one("binding-follows", .duration(limit))
  }
  private static func lag(_ limit: Duration) -> TakeoverModel.Expectation {
    .one("fabric-lag", .duration(limit))
  }
  private static let asPromised = TakeoverModel.Expectation.one("fabric-lag", .text("as-promised"))

  // MARK: binding-follows

  @Test func `a binding that follows in time passes, a late one fails`() throws {
    let healthy = Scenario.bound(at: 11_510.5, Self.follows(.milliseconds(600)))
    let finding = try healthy.finding()
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "172.17.16.3 led to a for 500.000 ms ± 0 ns, though b had it; the limit is 600ms.",
      "\(finding.sentence)")
    let late = try Scenario.bound(at: 15_010.5, Self.follows(.milliseconds(600))).finding()
    #expect(late.outcome == .fail)
    #expect(late.measured == Elapsed(exactly: .seconds(4)))
  }

  @Test func `a binding that never follows fails, and the reason is told`() throws {
    var scenario = Scenario.bound(at: nil, Self.follows(.seconds(1)), .outageWithin(.seconds(4)))
    scenario.site.cloud?.havips = []
    let findings = try scenario.result().findings
    #expect(findings.map(\.outcome) == [.fail, .fail])
    for finding in findings {
      #expect(
        finding.hint
          == "The subnet does not believe b, which announces 172.17.16.3: 172.17.16.3 is no HAVIP: "
          + "only a call of the control plane can move it; it leads to a.", "\(finding.hint)")
    }
    #expect(findings[0].sentence.contains("and until the end, though b had it"))
  }

  @Test func `a pair that needs no takeover always leads to its holder`() throws {
    var scenario = Scenario.bound(at: nil, Self.follows(.zero))
    scenario.held = [Scenario.Stretch(node: "a", from: 0, to: 30_000)]
    scenario.advertising = [Scenario.Stretch(node: "a", from: 3400, to: 19_400)]
    scenario.announcements = []
    scenario.restoredTo = "a"
    #expect(try scenario.finding().outcome == .pass)
  }

  @Test func `a binding that leaves its holder without a takeover is seen`() throws {
    var scenario = Scenario.bound(at: nil, Self.follows(.seconds(1)))
    scenario.held = [Scenario.Stretch(node: "a", from: 0, to: 30_000)]
    scenario.advertising = [Scenario.Stretch(node: "a", from: 3400, to: 19_400)]
    scenario.announcements = []
    scenario.restoredTo = "a"
    scenario.extra += [
      Scenario.decision(.bound, "rogue", at: 9_000), Scenario.decision(.bound, "a", at: 12_000),
    ]
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence.hasPrefix("172.17.16.3 led to rogue for 3.000000 s"), "\(finding.sentence)")
  }

  @Test func `where nobody told to whom it was bound there is no verdict`() throws {
    var scenario = Scenario.bound(at: 11_510.5, Self.follows(.seconds(1)))
    scenario.extra = []
    #expect(try scenario.timeline().subnet?.bindings == [])
    #expect(try scenario.finding().outcome == .unknown)
    scenario.site.cloud?.decisions = nil
    #expect(try scenario.timeline().subnet == nil)
    #expect(try scenario.finding().outcome == .unknown)
    var noCloud = Scenario.bound(at: 11_510.5, Self.follows(.seconds(1)))
    noCloud.site.cloud = nil
    #expect(try noCloud.finding().outcome == .unknown)
  }

  @Test func `of the control plane's answers a change is known to the two around it`() throws {
    let scenario = Scenario.told(boundAt: 11_510.5, Self.follows(.seconds(2)))
    let finding = try scenario.finding()
    // a at 11000, b at 12000: bound to b from 11000 to 12005.
    #expect(finding.outcome == .pass, "\(finding.sentence)")
    #expect(finding.measured == Elapsed(atLeast: .zero, atMost: .microseconds(994_500)))
    #expect(
      try Scenario.told(boundAt: 11_510.5, Self.follows(.milliseconds(600))).finding().outcome
        == .unknown)
    let late = try Scenario.told(boundAt: 15_010.5, Self.follows(.seconds(2))).finding()
    #expect(late.outcome == .fail)
  }

  @Test func `answers that never came tell nothing`() throws {
    var scenario = Scenario.told(boundAt: 11_510.5, Self.follows(.seconds(2)))
    scenario.extra = scenario.extra.map { observation in
      guard case .havipBinding(let seen) = observation.event else { return observation }
      let mute = HavipBinding(address: seen.address, havip: seen.havip, trouble: "timed out")
      return Observation(
        when: observation.when, source: observation.source, event: .havipBinding(mute))
    }
    #expect(try scenario.finding().outcome == .unknown)
    #expect(try scenario.finding().sentence.contains("(its control plane: timed out)"))
  }

  @Test func `an ordinary address leads to its owner until it is moved`() throws {
    var scenario = Scenario.bound(at: nil, Self.follows(.seconds(1)))
    scenario.site.cloud?.havips = []
    scenario.site.cloud?.owned = [.init(Scenario.address, by: "a")]
    scenario.extra = []
    #expect(try scenario.finding().outcome == .fail)
    scenario.extra = [Scenario.decision(.moved, "b", at: 11_500)]
    scenario.held[1].from = 11_500.1
    let timeline = try scenario.timeline()
    #expect(try scenario.finding().outcome == .pass)
    #expect(timeline.subnet?.bindings.map(\.node) == ["a", "b"])
    #expect(timeline.subnet?.bindings.last?.isCalled == true)
    // Nobody saw when it became a's.
    let results = String(decoding: ResultsReport().render(try scenario.judged()), as: UTF8.self)
    let bindings = results.split(separator: "\"bindings\"").last ?? ""
    let times = bindings.split(separator: "\"from\": ").dropFirst()
    #expect(times.prefix(2).map { $0.hasPrefix("null") } == [true, false], "\(results)")
  }

  // MARK: ARP that the subnet answers

  @Test func `where the subnet answers ARP by itself, nobody is a stranger and no entry is stale`()
    throws
  {
    let gateway = MACAddress(bits: 0xfeee_0b00_0001)
    func scenario(endsARP: Bool) -> Scenario {
      var scenario = Scenario.bound(
        at: 11_510.5, .one("caches-healed", .duration(.seconds(1))),
        .one("right-node-within", .duration(.seconds(1))))
      scenario.site.cloud?.endsARP = endsARP
      scenario.site.probing.arp = nil
      scenario.extra.append(
        Observation(
          when: Interval(at: Scenario.at(100)), source: "client/neighbour-table",
          event: .neighbour(
            NeighbourEntry(
              vantage: "client", address: Scenario.address, mac: gateway, state: .reachable))))
      scenario.gatewayMAC = gateway
      return scenario
    }
    let plain = try scenario(endsARP: false).result().findings
    #expect(plain.map(\.outcome) == [.fail, .fail], "\(plain.map(\.sentence))")
    let ended = try scenario(endsARP: true).result().findings
    #expect(ended.map(\.outcome) == [.pass, .unknown], "\(ended.map(\.sentence))")
    #expect(try scenario(endsARP: true).timeline().marks.firstAnswers["client/echo"] != nil)
  }

  @Test func `there a request says which node it went through`() throws {
    /// Requests every 100 ms, answered in 2 ms through a until the blow, through b from `from` on.
    func scenario(from: Double, stray: ClosedRange<Double>? = nil) -> Scenario {
      var scenario = Scenario.bound(
        at: 11_510.5, .one("right-node-within", .duration(.milliseconds(600))))
      scenario.site.cloud?.endsARP = true
      scenario.site.probing.arp = nil
      scenario.gatewayMAC = MACAddress(bits: 0xfeee_0b00_0001)
      scenario.extra += stride(from: 3_000.0, to: 20_000, by: 100).enumerated().compactMap {
        number, time in
        guard time < 8_000 || time > from else { return nil }
        let node = time < 8_000 || stray?.contains(time) == true ? "a" : "b"
        let when = Interval(Scenario.at(time), Scenario.at(time + 2))
        return Observation(
          when: when, source: "client/requests",
          event: .request(
            RequestSeen(
              vantage: "client", keeping: .pooled, address: Scenario.address, connection: number,
              sequence: number, sent: when.earliest, period: 100_000_000, fate: .answered,
              until: when, status: 200, server: node)))
      }
      return scenario
    }
    let healthy = try scenario(from: 11_510.6).result()
    #expect(healthy.findings.map(\.outcome) == [.pass], "\(healthy.findings.map(\.sentence))")
    let first = healthy.timeline.marks.firstAnswers["client/requests"]
    #expect(first?.latest == Scenario.at(11_602))
    let wrong = try scenario(from: 11_510.6, stray: 13_000...14_000).finding()
    #expect(wrong.outcome == .fail)
    #expect(wrong.sentence.hasPrefix("a answered client/requests for 172.17.16.3 11 times"))
  }

  // MARK: fabric-lag and outage-explained

  @Test(arguments: [500.0, 4000, 10_000])
  func `an outage is the takeover and the lag, told apart`(lag: Double) throws {
    var scenario = Scenario.bound(
      at: 11_010.5 + lag, Self.lag(.milliseconds(lag + 1)),
      .one("outage-explained", .duration(.milliseconds(50))))
    scenario.healsAt = 23_000
    scenario.ends = 30_000
    let findings = try scenario.result().findings
    #expect(findings.map(\.outcome) == [.pass, .pass], "\(findings.map(\.sentence))")
    #expect(findings[0].measured?.contains(.milliseconds(lag)) == true)
    let parts = try #require(try scenario.timeline().subnet?.parts)
    // ARP and echo.
    #expect(parts.count == 2)
    for part in parts {
      #expect(part.takeover.contains(.milliseconds(3010.3)))
      #expect(part.rest.atLeast > .milliseconds(-50) && part.rest.atMost < .milliseconds(50))
    }
    #expect(findings[0].sentence.contains("are the takeover, "))
  }

  @Test func `a lag above the limit fails, one inside its uncertainty is unknown`() throws {
    let late = try Scenario.bound(at: 15_010.5, Self.lag(.seconds(1))).finding()
    #expect(late.outcome == .fail)
    #expect(
      late.sentence.hasPrefix(
        "The subnet bound 172.17.16.3 to b 4.000000 s ± 0 ns after b had announced it; the limit is 1s."
      ),
      "\(late.sentence)")
    let told = try Scenario.told(boundAt: 15_010.5, Self.lag(.seconds(4))).finding()
    #expect(told.outcome == .unknown)
  }

  @Test func `as promised is the site's lag and the subnet's own work`() throws {
    #expect(try Scenario.bound(at: 11_540, Self.asPromised).finding().outcome == .pass)
    #expect(try Scenario.bound(at: 11_570, Self.asPromised).finding().outcome == .fail)
    var silent = Scenario.bound(at: 11_540, Self.asPromised)
    silent.site.cloud?.lag = nil
    #expect(try silent.finding().outcome == .unknown)
  }

  @Test func `what is not bound at all in that time fails`() throws {
    let finding = try Scenario.bound(at: nil, Self.lag(.seconds(1))).finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.hasPrefix("The subnet did not bind 172.17.16.3 to b in"))
    #expect(try Scenario.bound(at: nil, Self.lag(.seconds(60))).finding().outcome == .unknown)
  }

  @Test func `an outage that the binding did not end has no parts`() throws {
    // Clients were served all the while: the old holder's kernel went on.
    var scenario = Scenario.bound(
      at: 11_510.5, .one("outage-explained", .duration(.milliseconds(50))))
    scenario.held[0].to = 11_510.5
    #expect(try scenario.timeline().subnet?.parts == [])
    #expect(try scenario.finding().outcome == .unknown)
    // It was over before the binding.
    scenario.held = [
      Scenario.Stretch(node: "a", from: 0, to: 8000.2),
      Scenario.Stretch(node: "b", from: 11_100, to: 30_000),
    ]
    #expect(try scenario.timeline().subnet?.parts == [])
  }

  @Test func `a rest that is nobody's fails`() throws {
    var scenario = Scenario.bound(
      at: 11_510.5, .one("outage-explained", .duration(.milliseconds(50))))
    scenario.held[1].from = 13_510.5
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.measured?.contains(.seconds(2)) == true, "\(finding.sentence)")
  }

  @Test func `a call that came before the announcement is no lag`() throws {
    var scenario = Scenario.bound(at: nil, Self.lag(.seconds(1)))
    scenario.held[1].from = 11_010.6
    scenario.extra.append(Scenario.decision(.moved, "b", at: 11_008))
    let finding = try scenario.finding()
    #expect(finding.outcome == .pass)
    #expect(finding.sentence.contains("before b announced it"), "\(finding.sentence)")
  }

  // MARK: binding-changes-at-most

  @Test func `a subnet that goes back and forth is counted`() throws {
    let most = TakeoverModel.Expectation.one("binding-changes-at-most", .count(1))
    #expect(try Scenario.bound(at: 11_510.5, most).finding().outcome == .pass)
    var race = Scenario.bound(at: 11_510.5, most)
    race.extra += [
      Scenario.decision(.bound, "a", at: 12_000), Scenario.decision(.bound, "b", at: 12_500),
    ]
    let finding = try race.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.contains("3 times (a → b → a → b)"), "\(finding.sentence)")
  }

  @Test func `a release and a binding at one instant are one change`() throws {
    var scenario = Scenario.bound(
      at: 11_510.5, .one("binding-changes-at-most", .count(1)))
    scenario.extra.insert(Scenario.decision(.released, nil, at: 11_510.5), at: 2)
    #expect(try scenario.finding().outcome == .pass)
    scenario.extra.append(Scenario.decision(.released, nil, at: 12_000))
    #expect(try scenario.finding().sentence.contains("(a → b → nobody)"))
  }

  @Test func `between two answers changes may hide`() throws {
    let told = Scenario.told(
      boundAt: 11_510.5, .one("binding-changes-at-most", .count(1)))
    #expect(try told.finding().outcome == .unknown)
    let none = Scenario.told(
      boundAt: 11_510.5, .one("binding-changes-at-most", .count(0)))
    #expect(try none.finding().outcome == .fail)
  }

  // MARK: refused-announcements-at-most

  @Test func `refused announcements are counted by their reasons`() throws {
    let none = TakeoverModel.Expectation.one("refused-announcements-at-most", .count(0))
    #expect(try Scenario.bound(at: 11_510.5, none).finding().outcome == .pass)
    var refused = Scenario.bound(at: nil, none)
    refused.extra += [11_010.6, 11_010.7, 12_010.6].map {
      Scenario.decision(.refused, "b", at: $0, "b is not in the association set")
    }
    // Before the blow, and of another address: not this trial's.
    refused.extra += [
      Scenario.decision(.refused, "b", at: 7_000, "early"),
      Scenario.decision(.refused, "b", at: 12_000, "other", of: .v4(9)),
    ]
    let finding = try refused.finding()
    #expect(finding.outcome == .fail)
    #expect(
      finding.sentence
        == "The subnet refused 3 announcements of 172.17.16.3 by b: b is not in the association "
        + "set; none may be.", "\(finding.sentence)")
    refused.expectations = [.one("refused-announcements-at-most", .count(3))]
    #expect(try refused.finding().outcome == .pass)
    refused.expectations = [Self.follows(.seconds(1))]
    #expect(try refused.finding().hint.contains("b is not in the association set; it leads to a"))
  }

  @Test func `a control plane does not tell what was refused`() throws {
    let told = Scenario.told(
      boundAt: 11_510.5, .one("refused-announcements-at-most", .count(0)))
    #expect(try told.finding().outcome == .unknown)
  }

  @Test func `the association set that the control plane tells is a reason`() throws {
    var scenario = Scenario.told(boundAt: 40_000, Self.follows(.seconds(1)))
    scenario.held[1].from = 30_000
    scenario.extra = Scenario.answers(boundAt: 40_000, associated: ["ins-a"])
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.hint.contains("b is not in the association set of havip-lab1"))
  }

  // MARK: Reports

  @Test func `every format shows the parts`() throws {
    let report = try Scenario.bound(at: 11_510.5, Self.lag(.seconds(1))).judged()
    let results = String(decoding: ResultsReport().render(report), as: UTF8.self)
    for word in ["\"subnet\"", "\"lags\"", "\"rest\"", "\"witness\": \"decisions\""] {
      #expect(results.contains(word), "\(word)")
    }
    let schema = try SchemaChecker(ResultsSchema.text)
    #expect(try schema.complaints(about: ResultsReport().render(report)) == [])
    let markdown = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    #expect(markdown.contains("of the outage at client/echo, 172.17.16.3: the subnet's lag"))
    #expect(markdown.contains("Bindings: 172.17.16.3: a, then b at 3.5103 s"), "\(markdown)")
    let junit = String(decoding: JUnitReport().render(report), as: UTF8.self)
    #expect(junit.contains("the subnet's lag for 172.17.16.3, from t3 to its binding to b"))
    let plain = try Scenario.linkDown().judged()
    #expect(!String(decoding: ResultsReport().render(plain), as: UTF8.self).contains("subnet"))
  }
}
