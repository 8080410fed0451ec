// right-node-within: how soon after a change of hands the holder is the only one who answers. Until
// then somebody's traffic goes to a node that is not the holder.

package import TakeoverModel

package struct RightNodeWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "right-node-within", forms: [.duration],
    summary: "from the blow or a change of hands until nobody but the holder answers")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let named = trial.conduct.namedAnswers
    guard named > 0 else {
      finding.sentence = "No answer told who gave it; the limit is \(chosen)."
      return finding
    }
    let worst = trial.conduct.wrongAnswers.max {
      ($0.length.atLeast, $0.length.atMost) < ($1.length.atLeast, $1.length.atMost)
    }
    guard let worst else {
      finding.outcome = .pass
      finding.sentence = "Each of \(named) answers that tell who gave them came from the holder."
      return finding
    }
    finding.outcome = worst.length.outcome(within: limit)
    finding.measured = worst.length
    let answers = worst.count == 1 ? "once" : "\(worst.count) times"
    let since =
      trial.transitions.contains { $0.to == worst.holder }
      ? "\(worst.holder) had taken it" : "the blow, which left \(worst.holder) the holder"
    finding.sentence =
      "\(worst.node) answered \(worst.vantage)/\(worst.method.rawValue) for \(worst.address) "
      + "\(answers), until \(worst.length) after \(since); the limit is \(chosen)."
    return finding
  }
}
