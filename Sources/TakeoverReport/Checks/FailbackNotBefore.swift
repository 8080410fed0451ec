// failback-not-before: a node that was healed may have to wait before it takes the addresses back
// (preempt_delay), so that it is really well by then.

package import TakeoverModel

package struct FailbackNotBefore: Check {
  package static let declaration = CheckDeclaration(
    name: "failback-not-before", forms: [.duration],
    summary: "from the healing until the addresses may go back to the node that lost them")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    guard let takeover = trial.takeover, let old = takeover.from ?? trial.holderBefore else {
      finding.sentence = trial.noTakeover + ", so nothing could go back."
      return finding
    }
    guard let healing = trial.healing, let window = trial.window else {
      finding.sentence = "No healing was seen, so nothing could go back too early."
      return finding
    }
    guard let back = trial.transitions.dropFirst().first(where: { $0.to == old }) else {
      let watched = TimeText.least(window.to.since(healing.earliest))
      finding.outcome = .pass
      finding.sentence =
        "\(trial.addressText) did not go back to \(old) in \(watched) after the healing began; "
        + "it may after \(chosen)."
      return finding
    }
    let measured = back.at.since(healing)
    finding.outcome = measured.outcome(notBefore: limit)
    finding.measured = measured.atMost < .zero ? nil : measured
    let when =
      measured.atMost < .zero ? "before the healing began" : "\(measured) after the healing began"
    finding.sentence =
      "\(trial.addressText) went back to \(old) \(when); it may after \(chosen)."
    return finding
  }
}
