// established-recovers-within: a connection that was open when the blow fell goes on, and its client does
// not wait longer for an answer. New connections, which other checks are about, say nothing of it.

package import TakeoverModel

package struct EstablishedRecoversWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "established-recovers-within", forms: [.duration],
    summary: "no held connection ends, and the longest wait for an answer on one")

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
    if let (one, end) = held.compactMap({ one in one.end.map { (one, $0) } }).min(by: {
      $0.1.at.latest < $1.1.at.latest
    }) {
      let since = trial.sinceBlow(end.at)
      finding.outcome = .fail
      finding.measured = since
      finding.sentence =
        "\(KeptWords.name(one)) \(KeptWords.ending(end.fate))"
        + (since.map { " \($0) after the blow" } ?? "")
        + ", so it could not recover; the limit is \(TimeText.chosen(limit))."
      return finding
    }
    HeldJudgement.judge(held, within: limit, into: &finding)
    return finding
  }
}

/// What both checks of held connections have in common.
enum HeldJudgement {
  static func noConnection(_ trial: TrialTimeline) -> String {
    trial.conduct.held.isEmpty
      ? "No held connection was served." : "No held connection was served when the blow fell."
  }

  /// By the longest wait; one that was not decided may have become any longer.
  static func judge(
    _ held: [HeldConnection], within limit: Duration, into finding: inout Finding
  ) {
    let chosen = TimeText.chosen(limit)
    let waits = held.compactMap { one in one.longest.map { (one, $0) } }
    let worst = waits.max { $0.1.length.atMost < $1.1.length.atMost }
    let open = held.compactMap { one in one.pending.map { (one, $0) } }
      .max { $0.1.length.atLeast < $1.1.length.atLeast }
    if let (one, pending) = open, worst?.1.length.outcome(within: limit) != .fail {
      finding.outcome = pending.length.atLeast > limit ? .fail : .unknown
      finding.measured = pending.length
      finding.sentence =
        "\(KeptWords.name(one)) \(KeptWords.waiting(pending)); the limit is \(chosen)."
      return
    }
    guard let (one, wait) = worst else {
      finding.sentence = "Nothing was asked on a held connection; the limit is \(chosen)."
      return
    }
    finding.outcome = wait.length.outcome(within: limit)
    finding.measured = wait.length
    let then = wait.fate == .answered ? "" : ", and \(KeptWords.ending(wait.fate))"
    finding.sentence =
      "\(KeptWords.name(one)) waited for \(wait.length) for an answer\(then); the limit is \(chosen)."
  }
}
