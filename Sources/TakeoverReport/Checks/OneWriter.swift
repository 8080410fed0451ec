// one-writer: at the trial's end one database of the pair takes writes, and only one. Two that do drift
// apart from then on, whoever has the address.

package import TakeoverModel

package struct OneWriter: Check {
  package static let declaration = CheckDeclaration(
    name: LedgerPromise.oneWriter.rawValue, forms: [.choice(["at the end"])],
    summary: "at the trial's end one database of the pair takes writes, and the others do not")

  private let word: String

  package init(_ value: ParameterValue) { word = value.description }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(word)")
    guard let ledger = trial.ledger else {
      finding.sentence = LedgerWords.noLedger
      return finding
    }
    let writers = ledger.writers
    let unknown = ledger.readings.filter { $0.takesWrites == nil }
    finding.hint = hint(ledger)
    if writers.count > 1 {
      finding.outcome = .fail
      finding.sentence =
        "The databases of \(writers.joined(separator: " and ")) both take writes at the end."
    } else if let one = unknown.first {
      finding.sentence =
        "Whether \(one.node)'s database takes writes at the end is not known: \(one.trouble)."
    } else if let writer = writers.first {
      finding.outcome = .pass
      finding.sentence = "\(writer)'s database takes writes at the end, and no other."
    } else {
      finding.outcome = ledger.readings.isEmpty ? .unknown : .fail
      finding.sentence =
        ledger.readings.isEmpty
        ? "No database was read at the trial's end." : "No database takes writes at the end."
    }
    return finding
  }

  /// `a's has 12 rows by a that b's does not have` would need a look at both; who wrote what in whose
  /// table tells most of it.
  private func hint(_ ledger: LedgerCourse) -> String {
    guard ledger.writers.count > 1, let writers = ledger.audit?.writers else { return "" }
    let parts = writers.sorted { $0.key < $1.key }.map { node, rows in
      let words = rows.sorted { $0.key < $1.key }
        .map { "\(LedgerWords.count($0.value)) by \($0.key)" }
      return "\(node)'s table has \(words.joined(separator: " and "))"
    }
    return parts.joined(separator: ", ") + "."
  }
}
