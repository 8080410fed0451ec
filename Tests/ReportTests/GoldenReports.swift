// Reports that the formats are tested with.

internal import TakeoverModel
internal import TakeoverReport

enum GoldenReports {
  private static let everything: [Expectation] = [
    .takeoverWithin(.seconds(1)), .outageWithin(.seconds(1)), .singleHolder(.zero),
  ]

  static func healthy() throws -> Report {
    var scenario = Scenario.gracefulStop()
    scenario.expectations = everything
    return try scenario.judged()
  }

  /// One of each: a pass, failures, a doubt with hostile text, a failed healing, an unreached trial.
  static func mixed() throws -> Report {
    var crash = Scenario.crash()
    crash.expectations = everything
    crash.healed = .fail
    var doubtful = Scenario.gracefulStop()
    doubtful.expectations = everything
    doubtful.extra = [
      Observation(
        when: Interval(at: Scenario.at(9000)), source: "wire/port-b",
        event: .observerDied(Note("\u{1B}[31m<b>|gone|</b>\u{1B}[0m\n::error::@all \u{1}")))
    ]
    var stories = [Scenario.gracefulStop(), crash, doubtful]
    stories[0].expectations = everything
    stories[0].repetitions = 2
    var report = try stories[0].judged()
    for (story, name) in zip(stories.dropFirst(), ["crash", "<doubt> & \"more\""]) {
      var judged = try story.result()
      judged.name = name
      judged.timeline.trial.name = name
      report.trials.append(judged)
    }
    report.outcome = .worst(report.trials.map(\.outcome))
    report.end = RunEnd(reason: .stopped, detail: "a could not be healed", healed: false)
    return report
  }
}
