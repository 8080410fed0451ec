// advertisement-jitter: how far the distance of two advertisements may be from the interval that they
// announce. Late ones are a starved daemon; early ones an argument with another master.

package import TakeoverModel

package struct AdvertisementJitter: Check {
  package static let declaration = CheckDeclaration(
    name: "advertisement-jitter", forms: [.duration],
    summary: "how far two advertisements in a row of one node may be off their interval")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let all = trial.conduct.cadences
    guard
      let worst = all.max(by: {
        ($0.deviation.atLeast, $0.deviation.atMost) < ($1.deviation.atLeast, $1.deviation.atMost)
      })
    else {
      finding.sentence =
        "No two advertisements in a row of one node were seen; the limit is \(chosen)."
      return finding
    }
    let most = all.map(\.deviation.atMost).max() ?? worst.deviation.atMost
    let bounds = Elapsed(atLeast: worst.deviation.atLeast, atMost: most)
    finding.outcome = bounds.outcome(within: limit)
    finding.measured = bounds
    finding.sentence =
      "Of \(all.reduce(0) { $0 + $1.count }) distances the one furthest off was \(worst.node)'s: "
      + "\(worst.distance) instead of \(TimeText.chosen(worst.interval)); the limit is \(chosen)."
    return finding
  }
}
