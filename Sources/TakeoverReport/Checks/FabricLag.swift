// fabric-lag: how long the subnet takes from the new holder's announcement to the binding. It is told
// apart from the takeover, which is the pair's: who is to blame for an outage differs.

package import TakeoverModel

package struct FabricLag: Check {
  package static let declaration = CheckDeclaration(
    name: "fabric-lag", forms: [.duration, .choice(["as-promised"])],
    summary: "from the new holder's announcement to the cloud subnet's binding; or as the site says"
  )

  /// What the subnet may take beside the lag that it promises: to hear of it, and to write it down.
  static let work = Duration.milliseconds(50)

  private let value: ParameterValue

  package init(_ value: ParameterValue) { self.value = value }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(value)")
    guard let takeover = trial.takeover else {
      finding.sentence = trial.noTakeover + ", so there was nothing to bind."
      return finding
    }
    guard let subnet = trial.subnet else {
      finding.sentence = "Nobody watched what the subnet bound."
      return finding
    }
    guard let (limit, words) = limit(subnet) else {
      finding.sentence = "The site does not say how long its subnet takes (`lag:` of its cloud)."
      return finding
    }
    if let missing = trial.addresses.first(where: { address in
      !subnet.lags.contains { $0.address == address }
    }) {
      return unbound(missing, to: takeover, limit, words, in: trial, subnet, finding)
    }
    guard let worst = subnet.lags.max(by: { $0.length.atMost < $1.length.atMost }) else {
      finding.sentence = "The site has no address that could be bound."
      return finding
    }
    finding.outcome = worst.length.outcome(within: limit)
    finding.measured = worst.length
    finding.sentence = "\(SubnetWords.lag(worst).sentence.dropLast()); \(words)."
    let part = subnet.parts.filter { $0.outage.address == worst.address }
      .max { $0.outage.length.atMost < $1.outage.length.atMost }
    if let part {
      finding.sentence +=
        " Of the outage of \(part.outage.length) at "
        + "\(part.outage.vantage)/\(part.outage.method.rawValue), \(part.takeover) are the takeover, "
        + "\(part.lag) the subnet's lag, and \(part.rest) neither."
    }
    return finding
  }

  private func limit(_ subnet: SubnetRecord) -> (Duration, String)? {
    if case .duration(let limit) = value {
      return (limit, "the limit is \(TimeText.chosen(limit))")
    }
    return subnet.promisedLag.map { promised in
      // A journal may be somebody else's, and promise centuries.
      let limit = promised.nanoseconds.saturatingPlus(Self.work.nanoseconds)
      return (
        .nanoseconds(limit),
        "promised is \(TimeText.chosen(promised)), and \(Self.allowance) for its work"
      )
    }
  }

  private static var allowance: String { TimeText.chosen(work) }

  private func unbound(
    _ address: IPAddress, to takeover: Transition, _ limit: Duration, _ words: String,
    in trial: TrialTimeline, _ subnet: SubnetRecord, _ finding: Finding
  ) -> Finding {
    var finding = finding
    let next = trial.transitions.first { $0.at.earliest > takeover.at.latest }?.at.earliest
    let from = trial.marks.announcements[address] ?? takeover.at
    let known = subnet.knownUntil[address] ?? from.latest
    let rest = max(.zero, min(known, next ?? known).since(from.latest))
    // Whatever came after the node had lost the address again is not this takeover's.
    finding.outcome =
      trial.doubts.isEmpty && !subnet.bindings(of: address).isEmpty && rest >= limit
      ? .fail : .unknown
    finding.sentence =
      trial.marks.announcements[address] == nil
      ? "\(takeover.to) was not seen to announce \(address), so the subnet's lag is not known; \(words)."
      : "The subnet did not bind \(address) to \(takeover.to) in \(TimeText.least(rest)) after its "
        + "announcement; \(words)."
    finding.hint = SubnetWords.hint(trial)
    return finding
  }
}
