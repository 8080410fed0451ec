// requests-failed-at-most: how many requests of a pool of kept connections may fail: no answer, an answer
// too late, an error. What a client may send again by itself, and is then answered, has not failed.

package import TakeoverModel

package struct RequestsFailedAtMost: Check {
  package static let declaration = CheckDeclaration(
    name: "requests-failed-at-most", forms: [.count(0...1_000_000)],
    summary: "how many requests on kept connections may fail from the blow to the trial's end")

  private let limit: Int

  package init(_ value: ParameterValue) {
    if case .count(let count) = value { limit = count } else { limit = 0 }
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(limit)")
    let records = trial.conduct.requests.filter { $0.asked > 0 }
    guard !records.isEmpty else {
      finding.sentence = "Nothing was asked on kept connections."
      return finding
    }
    let failed = records.reduce(0) { $0 + $1.failed }
    let unsent = records.reduce(0) { $0 + $1.unsent }
    let asked = records.reduce(0) { $0 + $1.asked }
    finding.outcome = failed > limit ? .fail : failed + unsent > limit ? .unknown : .pass
    let places = records.filter { $0.failed > 0 }.map { one in
      "\(one.vantage) to \(one.address): \(KeptWords.failures(one))"
    }
    finding.sentence =
      "\(failed) of \(asked) requests failed"
      + (places.isEmpty ? "" : ", \(places.joined(separator: "; "))")
      + (unsent > 0 ? "; \(unsent) more never left" : "")
      + "; allowed are \(limit)."
    return finding
  }
}
