// transitions-at-most: how often the addresses may change hands. `transitions` says it exactly; where
// chance decides (loss, flapping links) only a bound can be promised.

package import TakeoverModel

package struct TransitionsAtMost: Check {
  package static let declaration = CheckDeclaration(
    name: "transitions-at-most", forms: [.count(0...1000)],
    summary: "how often the addresses may change hands from the blow to the trial's end")

  private let limit: Int

  package init(_ value: ParameterValue) {
    if case .count(let count) = value { limit = count } else { limit = 0 }
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let allowed =
      limit == 0 ? "no change is allowed" : "allowed is at most \(CheckWords.times(limit))"
    return Finding(
      check: Self.declaration.name, outcome: trial.transitions.count <= limit ? .pass : .fail,
      sentence: "\(trial.addressText) \(trial.changesText); \(allowed).",
      expected: "\(Self.declaration.name) \(limit)")
  }
}
