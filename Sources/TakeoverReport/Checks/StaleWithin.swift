// stale-within: how long a client's neighbour entry led to a node that was not the holder. It counts
// every change of hands, also the one back: a loser that announced itself keeps the clients.

package import TakeoverModel

package struct StaleWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "stale-within", forms: [.duration],
    summary: "the longest time a client's neighbour entry led to another node than the holder")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let all = trial.conduct.staleness
    let worst = all.max {
      ($0.length.atLeast, $0.length.atMost) < ($1.length.atLeast, $1.length.atMost)
    }
    guard let worst else {
      finding.sentence = "No client's neighbour table was watched; the limit is \(chosen)."
      return finding
    }
    let most = all.map(\.length.atMost).max() ?? worst.length.atMost
    let bounds = Elapsed(atLeast: worst.length.atLeast, atMost: most)
    finding.outcome = bounds.outcome(within: limit)
    finding.measured = bounds
    guard let led = worst.led, let holder = worst.holder else {
      finding.sentence = "Every client's entry led to the holder all the while."
      return finding
    }
    finding.sentence =
      "\(worst.vantage)'s entry of \(worst.address) led to \(led) for \(worst.length) "
      + "while \(holder) was the holder; the limit is \(chosen)."
    return finding
  }
}
