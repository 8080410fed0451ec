// Each check catches its case, passes the healthy one, and says unknown where it cannot know.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct CheckTests {
  @Test func `a takeover in time passes, and the sentence has the number`() throws {
    let finding = try Scenario.gracefulStop(.takeoverWithin(.seconds(1))).finding()
    #expect(finding.outcome == .pass)
    #expect(
      finding.sentence
        == "b took 172.17.16.3 688.3 ms ± 200 µs after the blow (its announcement); "
        + "the limit is 1s.")
  }

  @Test func `a takeover that is late fails`() throws {
    let finding = try Scenario.crash(.takeoverWithin(.seconds(3))).finding()
    #expect(finding.outcome == .fail)
    #expect(finding.measured?.contains(.milliseconds(3010.3)) == true)
  }

  @Test func `a limit inside the uncertainty is unknown`() throws {
    let limit = Duration.microseconds(688_300)
    #expect(try Scenario.gracefulStop(.takeoverWithin(limit)).finding().outcome == .unknown)
  }

  @Test func `no takeover fails when the evidence is whole`() throws {
    let finding = try Scenario.noTakeover(.takeoverWithin(.seconds(1))).finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.contains("in at least 12.000 s of watching"))
  }

  @Test func `no takeover is unknown when the evidence is not whole`() throws {
    var scenario = Scenario.noTakeover(.takeoverWithin(.seconds(1)))
    scenario.captures = false
    #expect(try scenario.finding().outcome == .unknown)
  }

  @Test func `no takeover is unknown when the watch was shorter than the limit`() throws {
    #expect(try Scenario.noTakeover(.takeoverWithin(.seconds(60))).finding().outcome == .unknown)
  }

  @Test func `an outage is judged with the probes' period as its uncertainty`() throws {
    let short = try Scenario.gracefulStop(.outageWithin(.milliseconds(500))).finding()
    #expect(short.outcome == .fail)
    #expect(short.measured?.contains(.milliseconds(687.9)) == true)
    let long = try Scenario.gracefulStop(.outageWithin(.seconds(1))).finding()
    #expect(long.outcome == .pass)
    let near = try Scenario.gracefulStop(.outageWithin(.milliseconds(685))).finding()
    #expect(near.outcome == .unknown)
  }

  @Test func `an outage that does not end fails`() throws {
    let finding = try Scenario.noTakeover(.outageWithin(.seconds(1))).finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.contains("and until the end"))
  }

  @Test func `an outage that only one method shows is found`() throws {
    var scenario = Scenario.crash(.outageWithin(.seconds(1)))
    scenario.unheard = [8000...9500]
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.hasPrefix("client/echo had no good answer"))
  }

  @Test func `a graceful stop has one holder at a time`() throws {
    let finding = try Scenario.gracefulStop(.singleHolder(.zero)).finding()
    #expect(finding.outcome == .pass, "\(finding.sentence)")
  }

  @Test func `a crash leaves two holders, and the reason is said`() throws {
    let finding = try Scenario.crash(.singleHolder(.zero)).finding()
    #expect(finding.outcome == .fail)
    #expect(finding.measured?.contains(.milliseconds(3089)) == true)
    #expect(finding.sentence.hasPrefix("a and b both held 172.17.16.3 for 3.0"))
    #expect(finding.hint.contains("a's kernel still has 172.17.16.3"))
  }

  @Test func `two holders after another fault get no word about a killed process`() throws {
    var scenario = Scenario.crash(.singleHolder(.zero))
    scenario.fault = "drop-traffic"
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.hint.isEmpty)
  }

  @Test func `a frozen process is not called gone`() throws {
    var scenario = Scenario.crash(.singleHolder(.zero))
    scenario.fault = "freeze-process"
    #expect(try scenario.finding().hint.hasPrefix("The frozen process on a does not run, but"))
  }

  @Test func `two holders for as long as is allowed pass`() throws {
    #expect(try Scenario.crash(.singleHolder(.seconds(4))).finding().outcome == .pass)
  }

  @Test func `without ARP probes a second holder cannot be excluded`() throws {
    var scenario = Scenario.gracefulStop(.singleHolder(.zero))
    scenario.probes = false
    #expect(try scenario.finding().outcome == .unknown)
  }

  @Test func `an announcement in time passes, a late one fails`() throws {
    let healthy = Scenario.gracefulStop(.announcedWithin(.milliseconds(50)))
    #expect(try healthy.finding().outcome == .pass)
    var late = healthy
    late.announcements = [(node: "b", at: 9200)]
    #expect(try late.finding().outcome == .fail)
  }

  @Test func `an announcement that never comes fails`() throws {
    var scenario = Scenario.gracefulStop(.announcedWithin(.milliseconds(50)))
    scenario.announcements = []
    let finding = try scenario.finding()
    #expect(finding.outcome == .fail)
    #expect(finding.sentence.hasPrefix("b did not announce 172.17.16.3"))
  }

  @Test func `the old holder's announcements are not the new one's`() throws {
    var scenario = Scenario.gracefulStop(.announcedWithin(.milliseconds(50)))
    scenario.announcements = [(node: "a", at: 8688.5)]
    #expect(try scenario.finding().outcome == .fail)
  }

  @Test func `transitions are counted exactly`() throws {
    #expect(try Scenario.gracefulStop(.transitions(1)).finding().outcome == .pass)
    #expect(try Scenario.gracefulStop(.transitions(0)).finding().outcome == .fail)
    #expect(try Scenario.failback(.transitions(2)).finding().outcome == .pass)
    let twice = try Scenario.failback(.transitions(1)).finding()
    #expect(twice.outcome == .fail)
    #expect(twice.sentence.contains("changed hands 2 times (a → b, b → a)"))
  }

  @Test func `failback is judged both ways`() throws {
    #expect(try Scenario.gracefulStop(.failback("never")).finding().outcome == .pass)
    #expect(try Scenario.gracefulStop(.failback("required")).finding().outcome == .fail)
    #expect(try Scenario.failback(.failback("never")).finding().outcome == .fail)
    #expect(try Scenario.failback(.failback("required")).finding().outcome == .pass)
    #expect(try Scenario.failback(.failback("allowed")).finding().outcome == .pass)
    #expect(try Scenario.noTakeover(.failback("never")).finding().outcome == .unknown)
  }

  @Test func `a check that this version does not know is unknown`() throws {
    let other = Expectation(check: "moon-phase", value: .count(1))
    let finding = try Scenario.gracefulStop(other).finding()
    #expect(finding.outcome == .unknown)
    #expect(finding.sentence == "This version knows no check \"moon-phase\".")
  }

  @Test func `every check is total on a trial of which nothing is known`() {
    let plan = Scenario.gracefulStop().plan
    let header = TrialHeader(plan: 0, trial: 0, repetition: 1)
    let empty = TrialTimeline(header: header, trial: plan.trials[0])
    for kind in CheckCatalog.checks.kinds {
      for value in [ParameterValue.duration(.zero), .count(0), .text("never")] {
        let finding = kind.init(value).judge(empty)
        #expect(finding.check == kind.declaration.name)
        #expect(!finding.sentence.isEmpty)
      }
    }
  }
}

extension Elapsed {
  func contains(_ duration: Duration) -> Bool { atLeast <= duration && duration <= atMost }
}
