// Whether what a node advertises agrees with what its kernel has and with what it answers. Where the
// wire does not tell surely whether it is the master (just after its last advertisement), nothing is
// compared.

internal import TakeoverModel

struct StateTracking: Sendable {
  let evidence: TrialEvidence
  let window: Window
  let mastership: Mastership

  /// One for each node, address and witness; empty where nobody advertised.
  func comparisons() -> [StateComparison] {
    guard !evidence.advertised.isEmpty else { return [] }
    return evidence.site.addresses.map(\.address).flatMap { address in
      let rounds = evidence.methods.filter { $0.method.isWitness && $0.address == address }
        .flatMap { evidence.probes[$0, default: []] }
        .filter { $0.wasAsked && $0.trouble.isEmpty && !evidence.hasAnonymousAnswer($0) }
        .sorted { $0.sent < $1.sent }
      return evidence.site.nodes.flatMap { node in
        let looks = evidence.held.filter { $0.seen.node == node.name }
          .map { Look(when: $0.when, holds: $0.seen.addresses.contains(address)) }
        let answers = rounds.map { round in
          let own = round.answers.first { evidence.attribution.owner(of: $0.mac) == node.name }
          return Look(
            when: own.map { Interval(round.sent, $0.at) } ?? round.asked, holds: own != nil)
        }
        return [
          comparison(of: node.name, address, .kernel, looks),
          comparison(of: node.name, address, .answers, answers),
        ].compactMap { $0 }
      }
    }
  }

  /// Whether the node had the address, or answered for it, at an instant within `when`.
  private struct Look {
    var when: Interval
    var holds: Bool
  }

  /// nil: there was no look in the window, so that there is nothing to compare.
  private func comparison(
    of node: String, _ address: IPAddress, _ witness: StateComparison.Witness, _ looks: [Look]
  ) -> StateComparison? {
    let spans = mastership.spans.filter { $0.node == node }
    var comparison: StateComparison?
    var agreed = window.from
    var disagreement: (first: Interval, last: Interval, holds: Bool)?
    var worst = Elapsed(exactly: .zero)
    var holds = false
    // The master's last advertisement may be its last indeed, until the next one comes: of the end
    // of the window nothing is known, and nothing is suspected.
    var untold: Moment?
    func close(by end: Moment) {
      let least = disagreement.map { max(.zero, $0.last.earliest.since($0.first.latest)) } ?? .zero
      if let disagreement, least >= worst.atLeast { holds = disagreement.holds }
      worst = Elapsed(
        atLeast: max(worst.atLeast, least), atMost: max(worst.atMost, least, end.since(agreed)))
    }
    for look in looks where look.when.earliest >= window.from && look.when.latest <= window.to {
      guard let advertises = spans.advertise(look.when) else {
        untold = untold ?? look.when.latest
        continue
      }
      untold = nil
      comparison =
        comparison
        ?? StateComparison(
          node: node, address: address, witness: witness, count: 0, holds: false,
          apart: Elapsed(exactly: .zero))
      comparison?.count += 1
      if advertises == look.holds {
        close(by: look.when.latest)
        disagreement = nil
        agreed = look.when.earliest
      } else {
        disagreement = (disagreement?.first ?? look.when, look.when, look.holds)
      }
    }
    close(by: disagreement == nil ? untold ?? window.to : window.to)
    comparison?.apart = worst
    comparison?.holds = holds
    return comparison
  }
}
