// takeover-within: how soon after the blow another node is on the wire as the holder.

package import TakeoverModel

package struct TakeoverWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "takeover-within", forms: [.duration],
    summary: "from the blow until another node has advertised and announced every address")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(TimeText.chosen(limit))")
    guard let takeover = trial.takeover, let taken = trial.taken,
      let measured = trial.sinceBlow(taken.at)
    else {
      finding.outcome = trial.outcomeOfAbsence(within: limit)
      finding.sentence = trial.noTakeover + "; the limit is \(TimeText.chosen(limit))."
      return finding
    }
    finding.outcome = measured.outcome(within: limit)
    finding.measured = measured
    finding.sentence =
      "\(takeover.to) took \(trial.addressText) \(measured) after the blow (\(taken.by)); "
      + "the limit is \(TimeText.chosen(limit))."
    return finding
  }
}
