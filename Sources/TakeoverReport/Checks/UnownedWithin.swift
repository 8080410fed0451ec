// unowned-within: how long nobody had an address, by the answers to "who has it?" and by all that was
// sent with it.

package import TakeoverModel

package struct UnownedWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "unowned-within", forms: [.duration],
    summary: "the longest time at a stretch in which no node held an address")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let unseen = trial.addresses.filter { !trial.hasWitness(for: $0) }
    let worst = trial.unowned.max {
      ($0.longest.atLeast, $0.longest.atMost) < ($1.longest.atLeast, $1.longest.atMost)
    }
    guard let worst else {
      finding.sentence = "No ARP probe asked who has \(trial.addressText); the limit is \(chosen)."
      return finding
    }
    let measured = worst.longest
    finding.outcome = measured.outcome(within: limit)
    finding.measured = measured
    finding.sentence =
      measured.atLeast > .zero
      ? "Nobody held \(worst.address) for \(measured); the limit is \(chosen)."
      : "Nobody may have held \(worst.address) for up to \(TimeText.bound(measured.atMost)); "
        + "the limit is \(chosen)."
    if measured.atMost == .zero {
      finding.sentence =
        "At every moment somebody held \(trial.addressText); the limit is \(chosen)."
    }
    if finding.outcome == .pass, !unseen.isEmpty {
      finding.outcome = .unknown
      finding.sentence +=
        " No ARP probe asked who has \(unseen.map(\.description).joined(separator: ", "))."
    }
    return finding
  }
}
