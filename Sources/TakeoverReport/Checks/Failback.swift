// failback: whether the address goes back to the node that lost it, once that node is well again.

package import TakeoverModel

package struct Failback: Check {
  package static let declaration = CheckDeclaration(
    name: "failback", forms: [.choice(["never", "allowed", "required"])],
    summary: "whether the addresses go back to the node that lost them, before the trial ends")

  private let expected: String

  package init(_ value: ParameterValue) { expected = value.description }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(expected)")
    guard let takeover = trial.takeover, let old = takeover.from ?? trial.holderBefore else {
      // Where the holder was not hit, keeping the address is what it should do.
      let spared = trial.holderBefore.map { !trial.targets.contains($0) } ?? false
      let kept = spared && expected == "never"
      finding.outcome = kept || expected == "allowed" ? .pass : .unknown
      finding.sentence = trial.noTakeover + ", so nothing could go back."
      return finding
    }
    if let back = trial.transitions.dropFirst().first(where: { $0.to == old }) {
      finding.outcome = expected == "never" ? .fail : .pass
      finding.measured = trial.healing.map { back.at.since($0) }
      finding.sentence =
        "\(trial.addressText) went back to \(old) \(when(back.at, trial)); "
        + "failback is \(word)."
      return finding
    }
    switch expected {
    case "allowed": finding.outcome = .pass
    case "required": finding.outcome = trial.doubts.isEmpty ? .fail : .unknown
    default: finding.outcome = trial.healing == nil ? .unknown : .pass
    }
    finding.sentence =
      "\(trial.addressText) stayed with \(trial.holderAfter ?? takeover.to) \(since(trial)); "
      + "failback is \(word)."
    return finding
  }

  private var word: String {
    switch expected {
    case "never": "forbidden"
    default: expected
    }
  }

  private func when(_ back: Interval, _ trial: TrialTimeline) -> String {
    guard let healing = trial.healing, healing.earliest <= back.latest else {
      return "before it was healed"
    }
    return "\(back.since(healing)) after its healing began"
  }

  private func since(_ trial: TrialTimeline) -> String {
    guard let healing = trial.healing, let window = trial.window else {
      return "in what was watched, and no healing was seen"
    }
    let rest = window.to.since(healing.earliest)
    return "in \(TimeText.least(rest)) of watching after the healing began"
  }
}
