// The stories that the suites tell: what a pair does, well or badly, after a blow.

internal import TakeoverModel
internal import TakeoverReport

extension Scenario {
  /// keepalived on a is stopped; b takes over after the skew of its priority and keeps the address.
  static func gracefulStop(_ expectations: Expectation...) -> Scenario {
    var scenario = Scenario()
    scenario.expectations = expectations
    scenario.held = [
      Stretch(node: "a", from: 0, to: 8000.3), Stretch(node: "b", from: 8688.2, to: 30000),
    ]
    scenario.advertising = [
      Stretch(node: "a", from: 3400, to: 7400), Stretch(node: "b", from: 8688, to: 20000),
    ]
    scenario.givesUp = [(node: "a", at: 8000.45)]
    scenario.announcements = [(node: "b", at: 8688.5), (node: "b", at: 8688.6)]
    return scenario
  }

  /// All of keepalived on a is killed: its kernel keeps the address until it is healed.
  static func crash(_ expectations: Expectation...) -> Scenario {
    var scenario = Scenario()
    scenario.expectations = expectations
    scenario.fault = "kill-process"
    scenario.held = [
      Stretch(node: "a", from: 0, to: 14100), Stretch(node: "b", from: 11010.2, to: 30000),
    ]
    scenario.advertising = [
      Stretch(node: "a", from: 3400, to: 7400), Stretch(node: "b", from: 11010, to: 20000),
    ]
    scenario.announcements = [(node: "b", at: 11010.5)]
    return scenario
  }

  /// a's link goes down and comes back at the healing.
  static func linkDown(_ expectations: Expectation...) -> Scenario {
    var scenario = crash()
    scenario.expectations = expectations
    scenario.fault = "link-down"
    scenario.held[0].to = 8000.2
    return scenario
  }

  /// The stopped node takes the address back when it is healed.
  static func failback(_ expectations: Expectation...) -> Scenario {
    var scenario = gracefulStop()
    scenario.expectations = expectations
    scenario.held = [
      Stretch(node: "a", from: 0, to: 8000.3), Stretch(node: "b", from: 8688.2, to: 17609),
      Stretch(node: "a", from: 17608.5, to: 30000),
    ]
    scenario.advertising = [
      Stretch(node: "a", from: 3400, to: 7400), Stretch(node: "b", from: 8688, to: 16688),
      Stretch(node: "a", from: 17608, to: 20000),
    ]
    scenario.announcements.append((node: "a", at: 17608.8))
    scenario.restoredTo = "a"
    return scenario
  }

  /// The blow falls, and nobody takes over.
  static func noTakeover(_ expectations: Expectation...) -> Scenario {
    var scenario = gracefulStop()
    scenario.expectations = expectations
    scenario.held = [Stretch(node: "a", from: 0, to: 8000.3)]
    scenario.advertising = [Stretch(node: "a", from: 3400, to: 7400)]
    scenario.announcements = []
    scenario.restoredTo = "a"
    return scenario
  }

  func judged() throws -> Report { try Judge().judge(observations) }

  func result() throws -> TrialResult { try judged().trials.first ?? noResult }

  func finding() throws -> Finding {
    try result().findings.first
      ?? Finding(check: "none", outcome: .unknown, sentence: "no finding", expected: "")
  }

  func timeline() throws -> TrialTimeline { try result().timeline }

  private var noResult: TrialResult {
    let header = TrialHeader(plan: 0, trial: 0, repetition: 1)
    return TrialResult(
      plan: "", name: "none", repetition: 1, state: .unreached, outcome: .unknown, findings: [],
      timeline: TrialTimeline(header: header, trial: plan.trials[0]))
  }
}

extension Scenario {
  static func expecting(_ check: String, _ value: ParameterValue) -> Expectation {
    .one(check, value)
  }
}

extension Expectation {
  static func one(_ check: String, _ value: ParameterValue) -> Expectation {
    Expectation(check: check, value: value)
  }
  static func takeoverWithin(_ limit: Duration) -> Expectation {
    Expectation(check: "takeover-within", value: .duration(limit))
  }
  static func outageWithin(_ limit: Duration) -> Expectation {
    Expectation(check: "outage-within", value: .duration(limit))
  }
  static func singleHolder(_ limit: Duration) -> Expectation {
    Expectation(check: "single-holder", value: .duration(limit))
  }
  static func announcedWithin(_ limit: Duration) -> Expectation {
    Expectation(check: "announced-within", value: .duration(limit))
  }
  static func transitions(_ count: Int) -> Expectation {
    Expectation(check: "transitions", value: .count(count))
  }
  static func failback(_ word: String) -> Expectation {
    Expectation(check: "failback", value: .text(word))
  }
}
