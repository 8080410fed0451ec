// announced-within: how soon a new holder tells the segment where the addresses are now.

package import TakeoverModel

package struct AnnouncedWithin: Check {
  package static let declaration = CheckDeclaration(
    name: "announced-within", forms: [.duration],
    summary: "from the new holder's first advertisement until it has announced every address")

  private let limit: Duration

  package init(_ value: ParameterValue) { limit = value.limit }

  package func judge(_ trial: TrialTimeline) -> Finding {
    let chosen = TimeText.chosen(limit)
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(chosen)")
    guard let takeover = trial.takeover else {
      finding.sentence = trial.noTakeover + ", so there was nothing to announce."
      return finding
    }
    let start = trial.marks.firstAdvertisement ?? firstSign(of: takeover, in: trial)
    let missing = trial.addresses.filter { trial.marks.announcements[$0] == nil }
    guard missing.isEmpty else {
      let rest = trial.window?.to.since(start.latest) ?? .zero
      finding.outcome = trial.doubts.isEmpty && rest >= limit ? .fail : .unknown
      finding.sentence =
        "\(takeover.to) did not announce \(missing.map(\.description).joined(separator: ", ")) "
        + "in \(TimeText.least(rest)) of watching after it took over; "
        + "the limit is \(chosen)."
      return finding
    }
    let last = trial.addresses.compactMap { address in
      trial.marks.announcements[address].map { (address: address, at: $0) }
    }.max { $0.at.latest < $1.at.latest }
    guard let last else {
      finding.sentence = "The site has no address that could be announced."
      return finding
    }
    let raw = trial.marks.announcing(last.address) ?? last.at.since(start)
    let measured = Elapsed(atLeast: max(.zero, raw.atLeast), atMost: max(.zero, raw.atMost))
    finding.outcome = measured.outcome(within: limit)
    finding.measured = measured
    finding.sentence = sentence(takeover.to, last.address, measured, in: trial)
    return finding
  }

  private func sentence(
    _ node: String, _ address: IPAddress, _ measured: Elapsed, in trial: TrialTimeline
  ) -> String {
    let limit = "the limit is \(TimeText.chosen(limit))."
    if trial.marks.firstAdvertisement != nil {
      return "\(node) announced \(address) \(measured) after its first advertisement; " + limit
    }
    return measured.atMost == .zero
      ? "\(node) announced \(address) as its first sign as the holder; " + limit
      : "\(node) announced \(address) \(measured) after its first sign as the holder; " + limit
  }

  /// Where no advertisement was seen: when it was first shown to have an address.
  private func firstSign(of takeover: Transition, in trial: TrialTimeline) -> Interval {
    let shown = trial.claims.filter {
      $0.node == takeover.to && $0.from.latest >= trial.marks.blow?.earliest ?? .began
    }.map(\.from.latest).min()
    guard let shown, shown < takeover.at.earliest else { return takeover.at }
    return Interval(at: shown)
  }
}
