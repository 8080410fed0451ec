// binding-changes-at-most: how often the subnet may bind an address anew. Two masters that announce by
// turns make it go back and forth, and every turn cuts the connections that there are.

package import TakeoverModel

package struct BindingChangesAtMost: Check {
  package static let declaration = CheckDeclaration(
    name: "binding-changes-at-most", forms: [.count(0...1000)],
    summary: "how often a cloud subnet may bind an address anew, from the blow to the trial's end")

  private let limit: Int

  package init(_ value: ParameterValue) {
    if case .count(let count) = value { limit = count } else { limit = 0 }
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(limit)")
    let subnet = trial.subnet ?? SubnetRecord()
    let paths = trial.addresses.map { ($0, subnet.bindings(of: $0)) }
    guard let worst = paths.max(by: { $0.1.count < $1.1.count }), !worst.1.isEmpty else {
      finding.sentence = "Where the subnet leads \(trial.addressText) is not known."
      return finding
    }
    let changes = worst.1.count - 1
    // Between two answers of the control plane it may have gone and come back.
    let isWhole = paths.allSatisfy { $0.1.first?.witness == .decisions }
    finding.outcome = changes > limit ? .fail : isWhole ? .pass : .unknown
    let path = worst.1.map { $0.node ?? "nobody" }.joined(separator: " → ")
    finding.sentence =
      "The subnet bound \(worst.0) anew \(CheckWords.times(changes)) (\(path)); "
      + "allowed is at most \(CheckWords.times(limit))."
    if finding.outcome == .unknown {
      finding.sentence += " Only its control plane was asked, between whose answers more may hide."
    }
    return finding
  }
}
