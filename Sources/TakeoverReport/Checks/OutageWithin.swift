// outage-within: how long clients went without a good answer, judged by the worst of the vantage
// points and methods.

package import TakeoverModel

package struct OutageWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "outage-within", forms: [.duration],
    summary: "the longest time without a good answer, at any vantage point, by any method")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(TimeText.chosen(limit))")
    let chosen = TimeText.chosen(limit)
    guard let coarsest = trial.probed.filter({ $0.asked > 0 }).map(\.period).max() else {
      finding.sentence = "No probe was sent, so no outage could be seen; the limit is \(chosen)."
      return finding
    }
    guard let worst = worst(of: trial.outages) else {
      // What is shorter than a period falls between two questions.
      let measured = Elapsed(atLeast: .zero, atMost: coarsest)
      finding.outcome = measured.outcome(within: limit)
      finding.measured = measured
      finding.sentence =
        "No probe went unanswered, so no outage was longer than \(TimeText.chosen(coarsest)); "
        + "the limit is \(chosen)."
      return finding
    }
    finding.outcome = outcome(of: worst)
    finding.measured = worst.length
    let place = "\(worst.vantage)/\(worst.method.rawValue)"
    if worst.until == nil {
      finding.sentence =
        "\(place) had no good answer from \(worst.address) for "
        + "\(TimeText.least(worst.length.atLeast)) and until the end; "
        + "the limit is \(chosen)."
    } else {
      finding.sentence =
        "\(place) had no good answer from \(worst.address) for \(worst.length); "
        + "the limit is \(chosen)."
    }
    return finding
  }

  /// An outage that did not end may have been any length above what was seen.
  private func outcome(of outage: Outage) -> Outcome {
    if outage.until != nil { return outage.length.outcome(within: limit) }
    return outage.length.atLeast > limit ? .fail : .unknown
  }

  private func worst(of outages: [Outage]) -> Outage? {
    let rank: [Outcome: Int] = [.pass: 0, .unknown: 1, .fail: 2]
    return outages.max {
      let left = rank[outcome(of: $0), default: 0]
      let right = rank[outcome(of: $1), default: 0]
      return (left, $0.length.atMost) < (right, $1.length.atMost)
    }
  }
}
