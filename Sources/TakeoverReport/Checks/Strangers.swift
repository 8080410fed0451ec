// strangers: whether anybody speaks for the addresses who is no node of the site: another cluster with
// the same virtual router id, or a machine that was given the address by hand.

package import TakeoverModel

package struct Strangers: Check {
  package static let declaration = CheckDeclaration(
    name: "strangers", forms: [.choice(["none"])],
    summary: "no machine but the site's nodes advertises, announces or answers for an address")

  package init(_ value: ParameterValue) {}

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) none")
    if let first = trial.conduct.strangers.min(by: { $0.first.earliest < $1.first.earliest }) {
      let doing =
        first.doing == .advertises
        ? "advertised itself as the master" : "claimed \(trial.addressText)"
      let when = trial.sinceBlow(first.first).map { "first \($0) after the blow" } ?? "first then"
      finding.outcome = .fail
      finding.sentence =
        "\(first.name), which is no node of the site, \(doing) "
        + "(\(CheckWords.times(first.count)), \(when))."
      return finding
    }
    let unseen = trial.addresses.filter { !trial.hasWitness(for: $0) }
    finding.outcome = unseen.isEmpty ? .pass : .unknown
    finding.sentence =
      unseen.isEmpty
      ? "Nobody but the site's nodes spoke for \(trial.addressText)."
      : "No ARP probe asked who has \(unseen.map(\.description).joined(separator: ", ")), "
        + "so a silent stranger would not be seen."
    return finding
  }
}
