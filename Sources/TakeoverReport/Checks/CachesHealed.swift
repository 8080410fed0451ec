// caches-healed: how soon every client's neighbour entry leads to the new holder. Until it does, what
// the client sends goes to the old one, however fast the pair was.

package import TakeoverModel

package struct CachesHealed: Check {
  package static let declaration = CheckDeclaration(
    name: "caches-healed", forms: [.duration],
    summary: "from the takeover until every client's neighbour entry leads to the new holder")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    guard let takeover = trial.takeover else {
      finding.sentence = trial.noTakeover + ", so no client had to learn of it."
      return finding
    }
    guard let first = trial.repairs.first else {
      finding.sentence = "No client's neighbour table was watched."
      return finding
    }
    if let lost = trial.repairs.filter({ $0.way == .never }).max(by: { $0.watched < $1.watched }) {
      finding.outcome = trial.doubts.isEmpty && lost.watched >= limit ? .fail : .unknown
      finding.sentence =
        "\(CacheWords.entry(lost)) \(CacheWords.state(lost)); the limit is \(chosen)."
      return finding
    }
    let healed = trial.repairs.compactMap { repair in repair.length.map { (repair, $0) } }
    if let (last, measured) = healed.max(by: { $0.1.atMost < $1.1.atMost }) {
      finding.outcome = measured.outcome(within: limit)
      finding.measured = measured
      finding.sentence =
        "\(CacheWords.entry(last)) led to \(takeover.to) \(measured) after the takeover, "
        + "by \(CacheWords.cause(last)); the limit is \(chosen)."
      return finding
    }
    // What was right all along was right in time; of what was not there, nobody can tell.
    let isRight = trial.repairs.contains { $0.way == .nothing }
    finding.outcome = isRight ? .pass : .unknown
    finding.sentence =
      isRight
      ? "There was nothing to heal: every entry led to \(takeover.to) without being changed."
      : "\(CacheWords.entry(first)) \(CacheWords.state(first)), so nothing could be healed."
    return finding
  }
}
