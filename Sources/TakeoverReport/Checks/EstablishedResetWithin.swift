// established-reset-within: whoever waits on an open connection is answered, or learns that it is gone. A
// connection that neither serves nor ends is the worst: its client waits for minutes.

package import TakeoverModel

package struct EstablishedResetWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "established-reset-within", forms: [.duration],
    summary: "the longest wait on a held connection until an answer, or until its end is known")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(TimeText.chosen(limit))")
    let held = trial.conduct.held
    guard held.contains(where: \.stoodBefore) else {
      finding.sentence = HeldJudgement.noConnection(trial)
      return finding
    }
    let endedIdle = held.filter { $0.end != nil && $0.longest == nil && $0.pending == nil }
    guard endedIdle.count < held.count else {
      finding.outcome = .pass
      finding.measured = Elapsed(exactly: .zero)
      finding.sentence =
        "Every held connection ended while nobody waited on it; "
        + "the limit is \(TimeText.chosen(limit))."
      return finding
    }
    HeldJudgement.judge(held, within: limit, into: &finding)
    return finding
  }
}
