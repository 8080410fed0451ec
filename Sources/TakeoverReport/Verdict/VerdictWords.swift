// The verdict in words, the same in every format.

internal import TakeoverModel

extension Outcome {
  /// As it stands in tables and headings.
  var word: String {
    switch self {
    case .pass: "PASS"
    case .fail: "FAIL"
    case .unknown: "UNKNOWN"
    }
  }
}

extension TrialResult {
  /// Its outcome as it stands in tables, or why there is none.
  var word: String {
    switch state {
    case .unreached: "not reached"
    case .skipped: "skipped"
    case .judged, .broken: outcome.word
    }
  }
}

enum VerdictWords {
  /// `1 of 4 trials missed an expectation, 1 has no verdict, 2 passed`
  static func sentence(_ report: Report) -> String {
    let trials = report.trials
    guard !trials.isEmpty else { return "no trial was planned" }
    let all = trials.count == 1 ? "1 trial" : "\(trials.count) trials"
    var parts: [String] = []
    let passed = trials.count { $0.outcome == .pass }
    let failed = trials.count { $0.outcome == .fail }
    let unreached = trials.count { $0.state == .unreached }
    let skipped = trials.count { $0.state == .skipped }
    let unknown = trials.count - passed - failed - unreached - skipped
    if failed > 0 { parts.append("\(failed) missed an expectation") }
    if unknown > 0 { parts.append("\(unknown) without a verdict") }
    if unreached > 0 { parts.append("\(unreached) not reached") }
    if skipped > 0 { parts.append("\(skipped) skipped") }
    if passed > 0 { parts.append("\(passed) passed") }
    return "of \(all) on \(report.header.site.name), " + parts.joined(separator: ", ")
  }

  /// How the run ended, when it did not simply come to its end.
  static func end(_ report: Report) -> String? {
    guard let end = report.end else {
      return "The journal stops before the run's end: the run was killed, or still goes on."
    }
    let detail = end.detail.isEmpty ? "." : ": \(end.detail)."
    return switch end.reason {
    case .completed: end.detail.isEmpty ? nil : "The run ended\(detail)"
    case .interrupted: "The run was interrupted\(detail)"
    case .stopped: "The run stopped\(detail)"
    }
  }
}

extension ClockOffset {
  /// `a's clock: +7.30000 s ± 60 µs (by bash)`
  var sentence: String {
    let sign = ahead.middle < .zero ? "" : "+"
    return "\(clock)'s clock: \(sign)\(ahead) (by \(means))"
  }
}

/// The three numbers of a trial that every overview shows; `–` where there is none.
struct TrialNumbers: Sendable {
  let takeover: String
  let outage: String
  let twoHolders: String
  /// How the clients learned of it; nil: no neighbour table was watched.
  let caches: String?

  init(_ trial: TrialTimeline) {
    takeover = trial.taken.flatMap { trial.sinceBlow($0.at) }?.description ?? "–"
    let longest = trial.outages.max { $0.length.atMost < $1.length.atMost }
    let asked = trial.probed.contains { $0.asked > 0 }
    outage = longest.map(MarkRows.outageText) ?? (asked ? "none seen" : "–")
    let together = trial.overlaps.max { $0.length.atMost < $1.length.atMost }
    let watched = !trial.addresses.isEmpty && trial.addresses.allSatisfy(trial.hasWitness)
    twoHolders = together?.length.description ?? (watched ? "never" : "–")
    caches = CacheWords.summary(trial)
  }
}

extension TrialNumbers {
  /// The columns of a summary that are there in every report.
  private static let columns = ["takeover", "longest outage", "two holders"]

  /// The heads of the columns, and each trial's cells. `caches` is there when a trial has any.
  static func table(_ trials: [TrialResult]) -> (heads: [String], rows: [[String]]) {
    let numbers = trials.map { TrialNumbers($0.timeline) }
    let hasCaches = numbers.contains { $0.caches != nil }
    let rows = numbers.map { one in
      [one.takeover, one.outage, one.twoHolders] + (hasCaches ? [one.caches ?? "–"] : [])
    }
    return (columns + (hasCaches ? ["caches"] : []), rows)
  }
}
