// Changes of the holder since the blow. Advertisements are the best witness; where there are none
// (no VRRP, or it cannot be captured) announcements are, and where these are hidden too (some clouds
// end ARP at the sender) it is who answers.

internal import TakeoverModel

struct HolderChanges: Sendable {
  let evidence: TrialEvidence
  let mastership: Mastership
  let claims: [Claim]
  let blow: Interval
  let holderBefore: String?

  func transitions() -> [Transition] {
    // Whoever advertises is known by that. An announcement tells of a node that does not, or not
    // yet: unicast advertisements to a dead peer never leave, because nobody answers for its MAC.
    // Those of the old holder say nothing new as long as it may only have been cut off.
    let returns = evidence.advertised.contains {
      $0.when.latest >= blow.earliest && $0.node == holderBefore
    }
    let announced = evidence.used.filter { used in
      guard used.form == .announcement, used.when.latest >= blow.earliest else { return false }
      if used.node == holderBefore { return !returns }
      return !mastership.spans.contains { $0.node == used.node && $0.covers(used.when) }
    }
    let seen =
      mastership.transitions(from: nil).filter { $0.at.latest >= blow.earliest }
      .map { (node: $0.to, at: $0.at) }
      + announced.map { (node: $0.node, at: $0.when) }
    if !seen.isEmpty || !evidence.advertised.isEmpty {
      return changes(seen.sorted { ($0.at.latest, $0.node) < ($1.at.latest, $1.node) })
    }
    return changes(
      claims.filter { $0.from.latest >= blow.earliest }
        .sorted { ($0.from.latest, $0.node) < ($1.from.latest, $1.node) }
        .map { ($0.node, $0.from) })
  }

  /// The first change comes from whoever held at the blow, whatever the wire had shown of it.
  private func changes(_ signs: [(node: String, at: Interval)]) -> [Transition] {
    var holder = holderBefore
    var changes: [Transition] = []
    for sign in signs where sign.node != holder {
      changes.append(Transition(from: holder, to: sign.node, at: sign.at))
      holder = sign.node
    }
    return changes
  }
}
