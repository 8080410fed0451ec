// transitions: how often the addresses changed hands, exactly.

package import TakeoverModel

package struct Transitions: Check {
  package static let declaration = CheckDeclaration(
    name: "transitions", forms: [.count(0...1000)],
    summary: "how often the addresses change hands from the blow to the trial's end, exactly")

  private let expected: Int

  package init(_ value: ParameterValue) {
    if case .count(let count) = value { expected = count } else { expected = 0 }
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let count = trial.transitions.count
    // More than expected is seen, whatever else was missed; fewer may have been missed.
    let outcome: Outcome =
      if count == expected {
        .pass
      } else if count > expected || trial.doubts.isEmpty {
        .fail
      } else {
        .unknown
      }
    return Finding(
      check: Self.declaration.name, outcome: outcome,
      sentence:
        "\(trial.addressText) \(trial.changesText); expected is \(CheckWords.times(expected)).",
      expected: "\(Self.declaration.name) \(expected)")
  }
}
