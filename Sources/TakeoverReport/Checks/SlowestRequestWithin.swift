// slowest-request-within: how long a user of a pool waits for a good answer at worst, what had to be sent
// again included. What failed is counted by requests-failed-at-most.

package import TakeoverModel

package struct SlowestRequestWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "slowest-request-within", forms: [.duration],
    summary: "the longest wait for a good answer to a request on a kept connection")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let records = trial.conduct.requests.compactMap { one in one.slowest.map { (one, $0) } }
    guard let (one, slowest) = records.max(by: { $0.1.atMost < $1.1.atMost }) else {
      finding.sentence =
        "No request on a kept connection was answered well; the limit is \(chosen)."
      return finding
    }
    finding.outcome = slowest.outcome(within: limit)
    finding.measured = slowest
    finding.sentence =
      "\(one.vantage) waited for \(slowest) for an answer of \(one.address), the longest of "
      + "\(one.good) that came; the limit is \(chosen)."
    return finding
  }
}
