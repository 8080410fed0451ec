// writes-resume-within: the longest time for which no row was acknowledged. It is what a client that
// writes all the time waits for at most.

package import TakeoverModel

package struct WritesResumeWithin: Check {
  package static let declaration = CheckDeclaration(
    name: LedgerPromise.writesResumeWithin.rawValue, forms: [.duration],
    summary: "the longest time between two acknowledged rows of the ledger")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    guard let ledger = trial.ledger else {
      finding.sentence = LedgerWords.noLedger
      return finding
    }
    guard let pause = ledger.pause else {
      finding.sentence = "No row was ever acknowledged; the limit is \(chosen)."
      return finding
    }
    guard pause.until != nil else {
      finding.outcome = pause.length.atLeast > limit ? .fail : .unknown
      finding.sentence =
        "No row was acknowledged for \(TimeText.least(pause.length.atLeast)) and until the end; "
        + "the limit is \(chosen)."
      return finding
    }
    finding.outcome = pause.length.outcome(within: limit)
    finding.measured = pause.length
    let (old, new) = (pause.old ?? "somebody", pause.new ?? "somebody")
    finding.sentence =
      "No row was acknowledged for \(pause.length)"
      + (old == new
        ? ", all by \(old)" : ": \(old) acknowledged the last one before it, \(new) the next")
      + "; the limit is \(chosen)."
    return finding
  }
}
