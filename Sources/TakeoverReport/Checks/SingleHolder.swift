// single-holder: no two nodes hold one address at the same time for longer than is allowed.

package import TakeoverModel

package struct SingleHolder: Check {
  package static let declaration = CheckDeclaration(
    name: "single-holder", forms: [.duration],
    summary: "the longest time two nodes may hold one address together; 0s allows none")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let allowed = limit == .zero ? "none is allowed" : "allowed is \(TimeText.chosen(limit))"
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(TimeText.chosen(limit))")
    let unseen = trial.addresses.filter { !trial.hasWitness(for: $0) }
    guard let worst = worst(of: trial.overlaps) else {
      finding.outcome = unseen.isEmpty ? .pass : .unknown
      finding.measured = unseen.isEmpty ? Elapsed(exactly: .zero) : nil
      finding.sentence =
        unseen.isEmpty
        ? "Never did two nodes hold \(trial.addressText) together." : Self.notAsked(unseen)
      return finding
    }
    finding.outcome = worst.length.outcome(within: limit)
    finding.measured = worst.length
    finding.hint =
      LeftBehind.hint(trial, worst) ?? (finding.outcome == .pass ? "" : DaemonWords.hint(trial))
    let both = worst.nodes.joined(separator: " and ")
    finding.sentence =
      worst.length.atLeast == .zero
      ? "\(both) may have held \(worst.address) together for up to "
        + "\(TimeText.bound(worst.length.atMost)); \(allowed)."
      : "\(both) both held \(worst.address) for \(worst.length); \(allowed)."
    if finding.outcome == .pass, !unseen.isEmpty {
      finding.outcome = .unknown
      finding.sentence += " " + Self.notAsked(unseen)
    }
    return finding
  }

  private static func notAsked(_ addresses: [IPAddress]) -> String {
    let names = addresses.map(\.description).joined(separator: ", ")
    return "No ARP probe asked who has \(names), so a silent second holder would not be seen."
  }

  private func worst(of overlaps: [Overlap]) -> Overlap? {
    overlaps.max {
      ($0.length.atLeast, $0.length.atMost) < ($1.length.atLeast, $1.length.atMost)
    }
  }
}
