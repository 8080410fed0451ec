// What was promised beside what happened: in time, too late, too soon, by somebody else, back again.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `As configured` {
  private static let asConfigured = Expectation(check: "as-configured", value: .flag(true))

  /// b is promised after so many milliseconds.
  private func forecast(
    _ wait: Double, heldBy holder: String = "a", _ edit: (inout Forecast.Promise) -> Void = { _ in }
  ) -> Forecast {
    var promise = Forecast.Promise(
      taker: "b", formula: "3 · 1s + (256 − 80)/256 · 1s", meanwhile: .both)
    promise.wait = Elapsed(exactly: Self.duration(wait))
    promise.afterBlow = Elapsed(
      atLeast: Self.duration(wait - 1000), atMost: Self.duration(wait))
    promise.priority = 80
    promise.point = .microseconds(3906)
    edit(&promise)
    return Forecast(
      plan: 0, trial: 0, holder: holder, reader: "keepalived", .promised(promise))
  }

  private static func duration(_ milliseconds: Double) -> Duration {
    .nanoseconds(Int64((milliseconds * 1_000_000).rounded()))
  }

  private func finding(_ scenario: Scenario, _ forecasts: Forecast...) throws -> Finding {
    var scenario = scenario
    scenario.expectations = [Self.asConfigured]
    scenario.extra += forecasts.map { Scenario.run(1, .forecast($0)) }
    let report = try Judge().judge(scenario.observations)
    return try #require(report.trials.first?.findings.first)
  }

  /// The standby takes over this late, in milliseconds after the last advertisement at 7400.
  private func crash(_ wait: Double) -> Scenario {
    var scenario = Scenario.crash()
    scenario.advertising[1].from = 7400 + wait
    scenario.held[1].from = 7400 + wait + 0.2
    scenario.announcements = [(node: "b", at: 7400 + wait + 0.5)]
    return scenario
  }

  @Test(arguments: [3609.375, 3609.6, 3609.87])
  func `a takeover in time passes, with the formula beside it`(wait: Double) throws {
    let finding = try finding(crash(wait), forecast(3609.375))
    #expect(finding.outcome == .pass, "\(finding.sentence)")
    #expect(finding.sentence.contains("(3 · 1s + (256 − 80)/256 · 1s)"))
  }

  @Test func `one point of priority more or less is seen, and named`() throws {
    let late = try finding(crash(3613.4), forecast(3609.375))
    #expect(late.outcome == .fail)
    #expect(late.hint == "That is too slow, as for priority 79: 80 was expected.")
    let soon = try finding(crash(3605.6), forecast(3609.375))
    #expect(soon.outcome == .fail)
    #expect(soon.hint == "That is too fast, as for priority 81: 80 was expected.")
  }

  /// b's timer was due at 11009.375; one point of priority later is 11013.281.
  @Test func `one point late is no failure while the processors stood still, and no pass`() throws {
    func late(by milliseconds: Double) throws -> Finding {
      var scenario = crash(3609.375 + milliseconds)
      scenario.sharesKernel = true
      scenario.extra = [
        (1, 1, Event.processorWatched(ProcessorWatched(processor: 0))),
        (11_008, 11_013, .processorPause(ProcessorPause(processor: 0))),
      ].map { from, to, event in
        Observation(
          when: Interval(Scenario.at(from), Scenario.at(to)), source: "processor-pauses",
          event: event)
      }
      return try finding(scenario, forecast(3609.375))
    }
    let excused = try late(by: 4)
    #expect(excused.outcome == .unknown)
    #expect(
      excused.hint == "That is late, but up to 3.625 ms of it may be the want of a processor.")
    #expect(try late(by: 0.4).outcome == .pass, "whoever was in time had what it needed")
    #expect(try late(by: 3.5).outcome == .pass, "priority 79 would have been later still")
    let later = try late(by: 10)
    #expect(later.outcome == .fail)
    #expect(later.hint == "That is too slow, as for a priority of 77 to 78: 80 was expected.")
    #expect(try late(by: 4.2).hint == "That is too slow, as for priority 79: 80 was expected.")
  }

  @Test func `what is nearer to the promise than to another priority is as promised`() throws {
    #expect(try finding(crash(3611.2), forecast(3609.375)).outcome == .pass)
    let nearer = try finding(crash(3611.5), forecast(3609.375))
    #expect(nearer.outcome == .fail)
    #expect(nearer.hint == "That is too slow, as for priority 79: 80 was expected.")
  }

  /// b advertises to a alone, and does not know where to find it: its advertisements do not leave it.
  @Test func `whose peer cannot be found is known by its announcement`() throws {
    func unheard(_ wait: Double) throws -> Finding {
      var scenario = crash(wait)
      scenario.advertising.removeLast()
      return try finding(scenario, forecast(3609.375))
    }
    let inTime = try unheard(3609.6)
    #expect(inTime.outcome == .pass, "\(inTime.sentence)")
    #expect(inTime.sentence.contains("last advertisement (its announcement)"))
    #expect(try unheard(3613.4).outcome == .fail)
    #expect(try unheard(3605.6).outcome == .fail)
  }

  /// a advertises on, at 7400, 8400 and so on; the blow at 8000 is over by 9000 at the latest, and b has
  /// heard a last at 7400 or at 8400.
  @Test(arguments: [
    (11_009.5, 0.4, Outcome.pass), (11_013.4, 0.4, .fail), (12_009.5, 0.4, .fail),
    (12_009.5, 1000.0, .unknown), (11_009.5, 1000.0, .unknown), (12_013.4, 1000.0, .fail),
    (11_005.4, 1000.0, .fail),
  ])
  func `whom the blow deafened counts from what it can have heard last`(
    taking: Double, acknowledged: Double, outcome: Outcome
  ) throws {
    var scenario = crash(taking - 7400)
    scenario.advertising[0].to = 13_400
    scenario.acknowledgedAfter = acknowledged
    let finding = try finding(scenario, forecast(3609.375) { $0.origin = .lastHeard })
    #expect(finding.outcome == outcome, "\(finding.sentence)")
    #expect(finding.sentence.contains("after the last advertisement before the blow"))
  }

  @Test(arguments: [(11_009.9, Outcome.pass), (11_013.5, .fail)])
  func `whom the blow deafened is known by its announcement where its peer cannot be found`(
    taking: Double, outcome: Outcome
  ) throws {
    var scenario = crash(taking - 7400)
    scenario.advertising[0].to = 13_400
    scenario.advertising.removeLast()
    let finding = try finding(scenario, forecast(3609.375) { $0.origin = .lastHeard })
    #expect(finding.outcome == outcome, "\(finding.sentence)")
    #expect(finding.sentence.contains("before the blow (its announcement)"))
  }

  @Test func `what is usually mistaken is named first`() throws {
    let finding = try finding(
      crash(3531.4),
      forecast(3609.375) {
        $0.others = [
          .init(
            "as for the other node's priority, 100: 80 was expected",
            wait: Elapsed(exactly: .microseconds(3_531_250)))
        ]
      })
    #expect(
      finding.hint
        == "That is too fast, as for the other node's priority, 100: 80 was expected.")
  }

  @Test func `the forecast is that of the node that held the addresses`() throws {
    let other = forecast(100, heldBy: "b")
    #expect(try finding(crash(3609.5), other, forecast(3609.375)).outcome == .pass)
    let none = try finding(crash(3609.5), other)
    #expect(none.outcome == .unknown)
    #expect(none.sentence.contains("No configuration was read"))
  }

  @Test func `what promises nothing has no verdict, and says why`() throws {
    let silent = Forecast(
      plan: 0, trial: 0, holder: "a", reader: "keepalived", .silent("several blows overlap"))
    let finding = try finding(crash(3609.5), silent)
    #expect(finding.outcome == .unknown)
    #expect(finding.sentence.contains("several blows overlap"))
  }

  @Test func `a holder that was to stay and did not, fails`() throws {
    let stays = forecast(0) {
      $0.taker = nil
      $0.formula = "the standby was struck"
    }
    #expect(try finding(crash(3609.5), stays).outcome == .fail)
    let still = try finding(.noTakeover(), forecast(3609.375))
    #expect(still.outcome == .fail)
    #expect(still.sentence.contains("promises b after 3.609375 s"), "\(still.sentence)")
  }

  @Test func `two holders fail where only one was promised`() throws {
    let finding = try finding(crash(3609.5), forecast(3609.375) { $0.meanwhile = .nobody })
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.contains("a and b both held 172.17.16.3"))
  }

  /// It is healed at 14,000, and speaks again when somebody kept it from speaking for a while.
  @Test func `who holds the addresses beside the new one comes back after the healing`() throws {
    func speaking(again from: Double) throws -> Finding {
      var scenario = crash(3609.5)
      scenario.advertising.append(Scenario.Stretch(node: "a", from: from, to: from + 3000))
      return try finding(scenario, forecast(3609.375) { $0.returns = false })
    }
    let within = try speaking(again: 12_500)
    #expect(within.outcome == .pass, "\(within.sentence)")
    let after = try speaking(again: 15_000)
    #expect(after.sentence.contains("a took 172.17.16.3 back"), "\(after.sentence)")
  }

  @Test func `a return that was not promised fails, and so does one that fails to come`() throws {
    let never = forecast(687.5) {
      $0.meanwhile = .nobody
      $0.returns = false
    }
    let back = try finding(.failback(), never)
    #expect(back.outcome == .fail)
    #expect(back.sentence.contains("a took 172.17.16.3 back"))
    let promised = forecast(687.5) {
      $0.meanwhile = .nobody
      $0.returns = true
      $0.returnWait = Elapsed(atLeast: .zero, atMost: .seconds(5))
    }
    #expect(try finding(.failback(), promised).outcome == .pass)
    #expect(try finding(.gracefulStop(), promised).outcome == .fail)
    #expect(try finding(.gracefulStop(), never).outcome == .pass)
  }

  private func letsGo(_ edit: (inout Forecast.Promise) -> Void = { _ in }) -> Forecast {
    forecast(0) {
      $0.taker = nil
      $0.meanwhile = .nobody
      $0.afterBlow = Elapsed(atLeast: .zero, atMost: .seconds(1))
      edit(&$0)
    }
  }

  @Test func `where nobody was to hold, whoever does fails`() throws {
    let nobody = try finding(.noTakeover(), letsGo())
    #expect(nobody.outcome == .pass, "\(nobody.sentence)")
    #expect(nobody.sentence.contains("a let go of 172.17.16.3, and nobody took it"))
    let taken = try finding(crash(3609.5), letsGo())
    #expect(taken.outcome == .fail)
    var again = Scenario.noTakeover()
    again.held.append(.init(node: "a", from: 10000, to: 12000))
    #expect(try finding(again, letsGo()).outcome == .fail)
    var blind = Scenario.noTakeover()
    blind.probes = false
    #expect(try finding(blind, letsGo()).outcome == .unknown)
    var short = Scenario.noTakeover()
    short.healsAt = 8500
    #expect(try finding(short, letsGo()).outcome == .unknown)
  }

  @Test func `a return after an outage of both nodes is looked for where it is promised`() throws {
    let back = letsGo {
      $0.returns = true
      $0.returnWait = Elapsed(atLeast: .zero, atMost: .seconds(5))
    }
    #expect(try finding(.noTakeover(), back).outcome == .pass)
    var other = Scenario.noTakeover()
    other.restoredTo = "b"
    #expect(try finding(other, back).outcome == .fail)
    #expect(try finding(other, letsGo()).outcome == .pass)
  }

  @Test func `a holder that lets go for a while passes within the promised time only`() throws {
    func lapse(_ length: Duration) -> Forecast {
      forecast(0) {
        $0.taker = nil
        $0.lapse = length
      }
    }
    var scenario = Scenario.noTakeover()
    scenario.held[0].to = 8100
    scenario.held.append(.init(node: "a", from: 8600, to: 20000))
    scenario.givesUp = [(node: "a", at: 8100)]
    scenario.advertising.append(.init(node: "a", from: 8600, to: 20000))
    let soon = try finding(scenario, lapse(.milliseconds(1600)))
    #expect(soon.outcome == .pass, "\(soon.sentence)")
    #expect(try finding(scenario, lapse(.milliseconds(200))).outcome == .fail)
    let stays = forecast(0) { $0.taker = nil }
    #expect(try finding(scenario, stays).outcome == .fail)
    #expect(try finding(crash(3609.5), lapse(.seconds(9))).outcome == .fail)
  }

  @Test func `nothing passes on evidence that is not whole`() throws {
    var scenario = crash(3609.5)
    scenario.captures = false
    #expect(try finding(scenario, forecast(3609.375)).outcome == .unknown)
  }
}
