// How the results of one command went in one trial, and what can be said of it.

internal import TakeoverModel

struct WatchCourse {
  let name: String
  /// In the order of time: the last before the blow, if there was one, and all after it.
  let results: [WatchResult]
  let blow: Interval
  let window: Window

  /// Results that were asked for, or answered, after the blow began.
  private var after: ArraySlice<WatchResult> {
    results.drop { $0.when.latest < window.from }
  }

  private var limitless: Duration { .nanoseconds(Int64.max) }

  // MARK: Good within

  func goodWithin(_ limit: Duration, _ finding: inout Finding) {
    let chosen = TimeText.chosen(limit)
    let bad = after.lastIndex { $0.isBad }
    let doubtful = after.lastIndex { !$0.isGood }
    let good = after.suffix(from: (doubtful ?? after.startIndex - 1) + 1).first
    // By the first good result behind the last that is not, at the latest.
    let length = Elapsed(
      atLeast: bad.map { max(.zero, results[$0].when.earliest.since(blow.latest)) } ?? .zero,
      atMost: good.map { max(.zero, $0.when.latest.since(blow.earliest)) } ?? limitless)
    finding.outcome =
      good == nil && length.atLeast <= limit ? .unknown : length.outcome(within: limit)
    if finding.outcome == .pass { finding.outcome = seenToEnd }
    guard good != nil else {
      finding.sentence =
        "\(name) was not good again in \(TimeText.least(window.to.since(blow.latest))) after the blow"
        + "\(said(after.last)); the limit is \(chosen)."
      return
    }
    finding.measured = length
    finding.sentence =
      doubtful == nil
      ? "\(name) was good in all \(after.count) results after the blow; the limit is \(chosen)."
      : "\(name) was good again, and stayed so, \(length) after the blow; the limit is \(chosen)."
  }

  // MARK: Bad at most

  /// The longest stretch without a good result, and how much of it was bad for certain.
  func badAtMost(_ limit: Duration, _ finding: inout Finding) {
    let chosen = TimeText.chosen(limit)
    guard let worst = stretches.max(by: { rank($0, limit) < rank($1, limit) }) else { return }
    finding.outcome = worst.outcome(within: limit)
    if finding.outcome == .pass { finding.outcome = seenToEnd }
    if !after.contains(where: { !$0.isGood }) {
      finding.sentence =
        "\(name) was good in all \(after.count) results after the blow, at most "
        + "\(TimeText.value(worst.atMost, knownTo: .milliseconds(1))) apart; the limit is \(chosen)."
    } else if worst.atMost == limitless {
      finding.sentence =
        "\(name) was bad for \(TimeText.least(worst.atLeast)), and nobody saw "
        + "\(certain(tail) < worst.atLeast ? "it begin" : "it end"); the limit is \(chosen)."
    } else {
      finding.measured = worst
      finding.sentence = "\(name) was bad for \(worst) at a stretch; the limit is \(chosen)."
    }
  }

  private func rank(_ length: Elapsed, _ limit: Duration) -> (Int, Duration) {
    let ranks: [Outcome: Int] = [.pass: 0, .unknown: 1, .fail: 2]
    return (ranks[length.outcome(within: limit)] ?? 0, length.atMost)
  }

  /// Between each good result and the next, and what is open at either end.
  private var stretches: [Elapsed] {
    let good = results.indices.filter { results[$0].isGood }
    let bounds = [results.startIndex - 1] + good + [results.endIndex]
    return zip(bounds, bounds.dropFirst()).compactMap { from, to in
      let between = results[(from + 1)..<to]
      if between.isEmpty, from < results.startIndex || to == results.endIndex { return nil }
      let isOpen = from < results.startIndex || to == results.endIndex
      let atMost =
        isOpen ? limitless : results[to].when.latest.since(results[from].when.earliest)
      return Elapsed(atLeast: certain(between), atMost: atMost)
    }
  }

  /// What is behind the last good result, and so open at the end.
  private var tail: ArraySlice<WatchResult> {
    results.suffix(from: (results.lastIndex { $0.isGood } ?? results.startIndex - 1) + 1)
  }

  /// The longest run of bad results without one that is missing between them.
  private func certain(_ results: ArraySlice<WatchResult>) -> Duration {
    results.split { !$0.isBad }.compactMap { run -> Duration? in
      guard let first = run.first, let last = run.last else { return nil }
      return max(.zero, last.when.earliest.since(first.when.latest))
    }.max() ?? .zero
  }

  // MARK: Simple ones

  func neverBad(_ finding: inout Finding) {
    if let bad = after.first(where: { $0.isBad }) {
      finding.outcome = .fail
      let since = bad.when.since(blow)
      finding.sentence =
        "\(name) was bad "
        + "\(Elapsed(atLeast: max(.zero, since.atLeast), atMost: max(.zero, since.atMost))) "
        + "after the blow\(said(bad)); expected is never."
    } else {
      finding.outcome = after.contains { !$0.isGood } ? .unknown : seenToEnd
      finding.sentence = "\(name) was \(counted) after the blow; expected is never bad."
    }
  }

  func goodAtEnd(_ finding: inout Finding) {
    guard let last = after.last else { return }
    finding.outcome = last.isGood ? seenToEnd : last.isBad ? .fail : .unknown
    finding.sentence = "At the end \(name) was \(last.isGood ? "good" : "not good")\(said(last))."
  }

  func outputStays(_ finding: inout Finding) {
    guard let before = results.first, before.when.latest < window.from, before.seen.status != nil
    else {
      finding.sentence = "\(name) told nothing before the blow."
      return
    }
    let answered = after.filter { $0.seen.status != nil }
    if let other = answered.first(where: { $0.seen.output != before.seen.output }) {
      finding.outcome = .fail
      finding.sentence =
        "\(name) said \(quoted(before)) before the blow and \(quoted(other)) after it."
    } else {
      let isWhole = answered.count == after.count && !answered.contains { $0.seen.isCut }
      finding.outcome = isWhole ? seenToEnd : .unknown
      finding.sentence =
        "\(name) said \(quoted(before)) all the time"
        + (isWhole ? "." : ", as far as it was heard.")
    }
  }

  func outputIs(_ output: String, _ finding: inout Finding) {
    guard let last = after.last else { return }
    if last.seen.status == nil {
      finding.sentence = "\(name) gave no answer at the end\(said(last))."
      return
    }
    finding.outcome = last.seen.output == output && !last.seen.isCut ? seenToEnd : .fail
    finding.sentence = "At the end \(name) said \(quoted(last)); expected is \"\(output)\"."
  }

  // MARK: Words

  /// A command that fell silent has not seen the end. It may be late by a period, and by as long as it
  /// may run.
  private var seenToEnd: Outcome {
    guard let last = after.last, results.count > 1 else { return .unknown }
    let gaps = zip(results, results.dropFirst()).map { $1.when.latest.since($0.when.latest) }
    let usual = gaps.sorted()[gaps.count / 2]
    return window.to.since(last.when.latest) <= usual * 3 + .seconds(1) ? .pass : .unknown
  }

  private var counted: String {
    let missing = after.count { $0.seen.status == nil }
    return "good in \(after.count - missing) of \(after.count) results"
  }

  private func quoted(_ result: WatchResult) -> String { "\"\(result.seen.output)\"" }

  private func said(_ result: WatchResult?) -> String {
    guard let seen = result?.seen else { return "" }
    guard let status = seen.status else { return " (\(seen.trouble))" }
    return status == 0 ? "" : " (status \(status)\(seen.output.isEmpty ? "" : ": \(seen.output)"))"
  }
}

extension WatchResult {
  var isGood: Bool { seen.status == 0 }
  var isBad: Bool { seen.status.map { $0 != 0 } ?? false }
}
