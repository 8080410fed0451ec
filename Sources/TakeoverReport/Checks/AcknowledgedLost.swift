// acknowledged-lost: how many rows are gone though a server said that they were committed. Judged by the
// rows that the database has which serves at the trial's end.

package import TakeoverModel

package struct AcknowledgedLost: Check {
  private static let words = "at most "
  /// So many numbers are told; all of them are in results.json.
  private static let mostTold = 8

  package static let declaration = CheckDeclaration(
    name: LedgerPromise.acknowledgedLost.rawValue, forms: [.text],
    summary: "rows of the ledger that were acknowledged and are gone: none, or at most N",
    refusal: { value, _ in
      Self.limit(of: value) == nil
        ? Complaint("\"\(value)\" is no number of rows", remedy: "none, or at most 5") : nil
    })

  private let text: String
  private let limit: Int

  package init(_ value: ParameterValue) {
    text = value.description
    limit = Self.limit(of: value) ?? 0
  }

  private static func limit(of value: ParameterValue) -> Int? {
    let text = value.description
    if text == "none" { return 0 }
    guard text.hasPrefix(words), let number = Int(text.dropFirst(words.count)), number >= 0 else {
      return nil
    }
    return number
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(text)")
    guard let ledger = trial.ledger else {
      finding.sentence = LedgerWords.noLedger
      return finding
    }
    guard let audit = ledger.audit else {
      finding.sentence = "\(LedgerWords.sentence(ledger.auditTrouble)) Allowed is \(allowed)."
      return finding
    }
    guard audit.rows > 0 else {
      finding.sentence = "No row was acknowledged, so none could be lost."
      return finding
    }
    let count = audit.lostCount
    finding.outcome = count > limit ? .fail : .pass
    if count == 0 {
      finding.sentence =
        "All \(LedgerWords.count(audit.rows)) acknowledged rows are in \(audit.node)'s database; "
        + "allowed to be gone is \(allowed)."
    } else {
      finding.sentence =
        "\(LedgerWords.count(count)) of \(LedgerWords.count(audit.rows)) acknowledged rows "
        + "\(count == 1 ? "is" : "are") gone from \(audit.node)'s database: \(numbers(of: audit)), "
        + "\(when(audit, trial)); allowed is \(allowed)."
    }
    finding.hint = hint(audit)
    return finding
  }

  private var allowed: String { limit == 0 ? "none" : text }

  /// Rows that entries have torn apart, together again.
  private func numbers(of audit: LedgerAudit) -> String {
    let ranges = LedgerWords.merged(audit.lost.map(\.rows))
    let told = ranges.prefix(Self.mostTold).map(\.description).joined(separator: ", ")
    return told + (ranges.count > Self.mostTold ? " and more" : "")
  }

  /// `acknowledged by a from 52.1 ms before the blow to 1.2 ms after it`
  private func when(_ audit: LedgerAudit, _ trial: TrialTimeline) -> String {
    let servers = audit.lost.map(\.server).unique.joined(separator: " and ")
    guard let blow = trial.marks.blow,
      let first = audit.lost.map(\.acknowledged).min(by: { $0.earliest < $1.earliest }),
      let last = audit.lost.map(\.acknowledged).max(by: { $0.latest < $1.latest })
    else { return "acknowledged by \(servers)" }
    let since = Interval(first.earliest, last.latest).since(blow)
    return "acknowledged by \(servers) between "
      + "\(TimeText.value(since.atLeast, knownTo: .milliseconds(1))) and "
      + "\(TimeText.value(since.atMost, knownTo: .milliseconds(1))) after the blow"
  }

  private func hint(_ audit: LedgerAudit) -> String {
    var parts = audit.elsewhere.sorted { $0.key < $1.key }.map { node, count in
      "\(node)'s database still has \(LedgerWords.count(count)) of them"
    }
    if audit.unacknowledgedCount > 0 {
      parts.append(
        "\(LedgerWords.rows(audit.unacknowledgedCount)) without an answer "
          + (audit.unacknowledgedCount == 1 ? "is there" : "are there"))
    }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "."
  }
}
