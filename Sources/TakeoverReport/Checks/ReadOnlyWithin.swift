// read-only-within: for how long a server answered at the address and took no writes. Clients that find
// nobody try again; those that find somebody who refuses them often do not.

package import TakeoverModel

package struct ReadOnlyWithin: Check {
  package static let declaration = CheckDeclaration(
    name: LedgerPromise.readOnlyWithin.rawValue, forms: [.duration],
    summary: "the longest time a database answered at the address and refused the ledger's writes")

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
    guard let worst = ledger.readOnly.max(by: { rank($0) < rank($1) }) else {
      finding.outcome = ledger.acknowledged > 0 ? .pass : .unknown
      finding.sentence =
        ledger.acknowledged > 0
        ? "No database refused to write while it answered; the limit is \(chosen)."
        : "No row was answered at all, so nobody refused one either; the limit is \(chosen)."
      return finding
    }
    finding.outcome = outcome(of: worst)
    let who = worst.node.map { "\($0)'s database" } ?? "A database"
    let doing = "answered at \(ledger.address) and refused \(worst.refusals) writes"
    if finding.outcome == .fail {
      finding.hint =
        "Who has the address and takes no writes waits to be promoted, or still recovers: see what "
        + "promotes it, and how long that takes."
    }
    if worst.until == nil {
      finding.sentence =
        "\(who) \(doing) for \(TimeText.least(worst.length.atLeast)) and until the end; "
        + "the limit is \(chosen)."
    } else {
      finding.measured = worst.length
      finding.sentence = "\(who) \(doing) for \(worst.length); the limit is \(chosen)."
    }
    return finding
  }

  /// What did not end may have been any length above what was seen.
  private func outcome(of span: ReadOnlySpan) -> Outcome {
    if span.until != nil { return span.length.outcome(within: limit) }
    return span.length.atLeast > limit ? .fail : .unknown
  }

  private func rank(_ span: ReadOnlySpan) -> (Int, Duration) {
    let ranks: [Outcome: Int] = [.pass: 0, .unknown: 1, .fail: 2]
    return (ranks[outcome(of: span)] ?? 0, span.length.atMost)
  }
}
