// The results of a long campaign, as many as wanted: a few trials that were really judged, again and
// again, every fifth with a limit that was missed.

internal import TakeoverModel
internal import TakeoverReport

enum MadeReport {
  private static let models = 4

  static func report(trials: Int) throws -> Report {
    var report = try Judge().judge(MadeJournal.observations(trials: models))
    let judged = report.trials
    report.trials = (0..<trials).map { number in
      var one = judged[number % judged.count]
      one.repetition = number + 1
      one.timeline.header.repetition = number + 1
      one.timeline.trial.repetitions = trials
      one.timeline.unshare()
      if number % 5 == 0 {
        one.outcome = .fail
        one.findings[0].outcome = .fail
      }
      return one
    }
    report.header.plans[0].trials[0].repetitions = trials
    report.outcome = .worst(report.trials.map(\.outcome))
    return report
  }
}

extension TrialTimeline {
  /// Copies share their memory; a thousand trials that were judged do not.
  fileprivate mutating func unshare() {
    course.advertisements = course.advertisements.map(\.self)
    course.announcements = course.announcements.map(\.self)
    claims = claims.map(\.self)
    transitions = transitions.map(\.self)
    outages = outages.map(\.self)
    probed = probed.map(\.self)
    conduct.advertising = conduct.advertising.map(\.self)
    conduct.comparisons = conduct.comparisons.map(\.self)
    trial.expectations = trial.expectations.map(\.self)
  }
}
