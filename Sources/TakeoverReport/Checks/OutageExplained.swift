// outage-explained: what of an outage is neither the pair's takeover nor the subnet's lag. A large rest is
// somebody else's work: a stale neighbour entry, a service that starts late.

package import TakeoverModel

package struct OutageExplained: Check {
  package static let declaration = CheckDeclaration(
    name: "outage-explained", forms: [.duration],
    summary: "how far an outage may be from the sum of the takeover and the cloud subnet's lag")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    let all = trial.subnet?.parts ?? []
    // What asks seldom knows an outage badly; what asks often judges it.
    let known = all.filter { part in all.allSatisfy { part.isKnownAsWell(as: $0) } }
    let worst = known.max {
      ($0.difference.atLeast, $0.difference.atMost)
        < ($1.difference.atLeast, $1.difference.atMost)
    }
    guard let worst else {
      finding.sentence =
        "No outage was seen that the subnet's binding ended; the limit is \(chosen)."
      return finding
    }
    finding.outcome = worst.difference.outcome(within: limit)
    finding.measured = worst.difference
    finding.sentence =
      "The outage of \(worst.outage.length) at "
      + "\(worst.outage.vantage)/\(worst.outage.method.rawValue) is the takeover, \(worst.takeover), "
      + "and the subnet's lag, \(worst.lag), but for \(worst.rest); the limit is \(chosen)."
    return finding
  }
}

extension OutageParts {
  /// Of one address, and not known to less than twice the other's uncertainty.
  fileprivate func isKnownAsWell(as other: OutageParts) -> Bool {
    outage.address != other.outage.address
      || outage.length.uncertainty <= other.outage.length.uncertainty * 2
  }
}
