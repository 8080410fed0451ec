// service-within: how long the application behind an address was away though somebody answered for
// the address. What a takeover costs is not in it: while nobody has the address, nothing is expected.

package import TakeoverModel

package struct ServiceWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "service-within", forms: [.duration],
    summary: "the longest time no connection succeeded although the address was answered for")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let tried = trial.probed.filter { $0.method == .connect && $0.asked > 0 }
    guard let coarsest = tried.map(\.period).max() else {
      finding.sentence = "No connection was tried; the limit is \(chosen)."
      return finding
    }
    let blind = tried.first { one in
      !trial.probed.contains {
        $0.method.isWitness && $0.vantage == one.vantage && $0.address == one.address
          && $0.asked > 0
      }
    }
    let worst = trial.conduct.serviceGaps.max {
      ($0.length.atLeast, $0.length.atMost) < ($1.length.atLeast, $1.length.atMost)
    }
    guard let worst else {
      // What is shorter than a period falls between two connections.
      let measured = Elapsed(atLeast: .zero, atMost: coarsest)
      finding.outcome = blind == nil ? measured.outcome(within: limit) : .unknown
      finding.measured = blind == nil ? measured : nil
      finding.sentence =
        "No connection failed while \(trial.addressText) was answered for; "
        + "the limit is \(chosen)."
      if let blind {
        finding.sentence =
          "\(blind.vantage) did not ask who has \(blind.address), so whether anybody had it "
          + "when connections failed is not known."
      }
      return finding
    }
    let most = trial.conduct.serviceGaps.map(\.length.atMost).max() ?? worst.length.atMost
    let bounds = Elapsed(atLeast: worst.length.atLeast, atMost: most)
    finding.outcome = bounds.outcome(within: limit)
    if finding.outcome == .pass, blind != nil { finding.outcome = .unknown }
    finding.measured = worst.length
    let who = worst.nodes.isEmpty ? "somebody" : worst.nodes.joined(separator: " and ")
    finding.sentence =
      "\(who) answered for \(worst.address), and \(worst.vantage)/connect got no connection for "
      + "\(worst.length); the limit is \(chosen)."
    return finding
  }
}
