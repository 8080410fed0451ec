// binding-follows: how long the subnet may lead an address elsewhere than to its holder. The pair can be
// as fast as it likes: clients go where the subnet has the address.

package import TakeoverModel

package struct BindingFollows: Check {
  package static let declaration = CheckDeclaration(
    name: "binding-follows", forms: [.duration],
    summary: "the longest time a cloud subnet leads an address elsewhere than to its holder")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let subnet = trial.subnet ?? SubnetRecord()
    let untold = trial.addresses.filter { subnet.bindings(of: $0).isEmpty }
    let worst = subnet.misbindings.max {
      ($0.length.atLeast, $0.length.atMost) < ($1.length.atLeast, $1.length.atMost)
    }
    guard let worst else {
      finding.outcome = untold.isEmpty && !trial.addresses.isEmpty ? .pass : .unknown
      finding.sentence =
        untold.isEmpty && !trial.addresses.isEmpty
        ? "\(trial.addressText) always led to the holder; the limit is \(chosen)."
        : "Where the subnet leads \(Self.words(untold, trial)) is not known"
          + (subnet.trouble.isEmpty ? "" : " (its control plane: \(subnet.trouble))")
          + "; the limit is \(chosen)."
      return finding
    }
    let most = subnet.misbindings.map(\.length.atMost).max() ?? worst.length.atMost
    finding.outcome = Elapsed(atLeast: worst.length.atLeast, atMost: most).outcome(within: limit)
    finding.measured = worst.length
    if finding.outcome == .pass, !untold.isEmpty { finding.outcome = .unknown }
    let time =
      worst.until == nil
      ? "\(TimeText.least(worst.length.atLeast)) and until the end" : "\(worst.length)"
    finding.sentence =
      "\(worst.address) led to \(worst.bound ?? "nobody") for \(time), though \(worst.holder) had "
      + "it; the limit is \(chosen)."
    if finding.outcome != .pass { finding.hint = SubnetWords.hint(trial) }
    return finding
  }

  private static func words(_ addresses: [IPAddress], _ trial: TrialTimeline) -> String {
    addresses.isEmpty
      ? trial.addressText : addresses.map(\.description).joined(separator: " and ")
  }
}
