// states-agree-within: the daemon, the kernel and the wire say the same of every node. A master without the
// address serves nobody; a kernel that has it without a master keeps it for ever.

package import TakeoverModel

package struct StatesAgreeWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "states-agree-within", forms: [.duration],
    summary: "the longest time a node's advertisements, kernel and answers contradicted each other")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let compared = trial.conduct.comparisons
    guard
      let worst = compared.max(by: {
        ($0.apart.atLeast, $0.apart.atMost) < ($1.apart.atLeast, $1.apart.atMost)
      })
    else {
      finding.sentence =
        "No advertisement was seen beside a kernel's word or an answer, so there is nothing to "
        + "compare; the limit is \(chosen)."
      return finding
    }
    let most = compared.map(\.apart.atMost).max() ?? worst.apart.atMost
    let bounds = Elapsed(atLeast: worst.apart.atLeast, atMost: most)
    finding.outcome = bounds.outcome(within: limit)
    finding.measured = bounds
    if worst.apart.atLeast > .zero {
      finding.measured = worst.apart
      finding.sentence =
        "\(words(worst)) for \(worst.apart); the limit is \(chosen)."
    } else {
      finding.sentence =
        "What \(names(compared)) advertised, had and answered for \(trial.addressText) was apart "
        + "for no longer than \(TimeText.bound(most)); the limit is \(chosen)."
    }
    return finding
  }

  private func names(_ compared: [StateComparison]) -> String {
    Set(compared.map(\.node)).sorted().joined(separator: " and ")
  }

  private func words(_ one: StateComparison) -> String {
    switch (one.witness, one.holds) {
    case (.kernel, true): "\(one.node) did not advertise, and its kernel had \(one.address)"
    case (.kernel, false): "\(one.node) advertised, and its kernel did not have \(one.address)"
    case (.answers, true): "\(one.node) did not advertise, and answered for \(one.address)"
    case (.answers, false): "\(one.node) advertised, and did not answer for \(one.address)"
    }
  }
}
