// A complete plan for a pair, written from its configuration: each trial with what is promised of
// it as comments, for whoever holds the addresses when it is done. The user runs it as it stands.

package import TakeoverModel

package struct PlanDraft: Sendable {
  private let name: String
  /// As the plan names it: a path relative to the plan's folder.
  private let site: String
  private let speakers: [Speaker]
  private let trials: [DraftTrial]

  /// Throws when the members are no pair with these addresses.
  package init(
    name: String, site: String, of members: [Member], holding addresses: [IPAddress]
  ) throws(Complaint) {
    guard members.count == 2 else {
      throw Complaint("a plan is drafted for a pair, not for \(members.count) nodes", remedy: "")
    }
    self.name = name
    self.site = site
    var speakers: [Speaker] = []
    for member in members { speakers.append(try Speaker(member, holding: addresses)) }
    self.speakers = speakers
    trials = Self.trials(members, speakers, addresses)
  }

  private static func trials(
    _ members: [Member], _ speakers: [Speaker], _ addresses: [IPAddress]
  ) -> [DraftTrial] {
    let instances = members.compactMap { $0.configuration.instances(holding: addresses).first }
    var trials = DraftTrial.always
    let isUnicast = instances.contains { !$0.unicastPeers.isEmpty }
    trials.append(.partition(isUnicast: isUnicast))
    if let instance = instances.first, !(instance.doesNotTrackPrimary?.value ?? false),
      let interface = instance.interface?.value
    {
      trials.append(.linkDown(interface))
    }
    // What only one node runs cannot be done to whoever holds the addresses.
    for check in speakers[0].checks where check.program.hasPrefix("/") {
      guard speakers[1].checks.contains(where: { $0.program == check.program }) else { continue }
      trials += DraftTrial.checks(check)
    }
    return trials
  }

  package var text: String {
    (head + trials.flatMap { lines(of: $0) }).joined(separator: "\n") + "\n"
  }

  private var head: [String] {
    let pair = speakers.map { one in
      let preempts = one.preempts ? "preempts" : "does not preempt"
      let interval = TimeText.chosen(one.interval)
      return "# \(one.node): VRRPv\(one.version), advertises every \(interval), "
        + "priority \(one.priority), \(preempts)"
    }
    return [
      "# What this pair's keepalived configuration promises, and what must be tried of it.",
      "# `as-configured`: as soon as the configuration says, not later and not sooner, to the",
      "# right node, and back only if it says so. `daemon-agrees`: what each keepalived says of",
      "# itself, before the blow and after all, is what the wire and its kernel show. Expectations",
      "# of your own stand beside them.",
    ] + pair + [
      "version: 1", "name: \(name)",
      "why: What the configuration of the pair promises is what it does.", "site: \(site)",
      "trials:",
    ]
  }

  private func lines(of trial: DraftTrial) -> [String] {
    let outlooks = [(speakers[0], speakers[1]), (speakers[1], speakers[0])].map {
      Prediction(holder: $0.0, standby: $0.1).outlook(of: trial.consequence, striking: .holder)
    }
    let promises = outlooks.compactMap(\.promise)
    let latest = promises.map(\.afterBlow.atMost).max() ?? .zero
    let hold = max(Self.roundedUp(latest * 5 / 4 + .seconds(1)), .seconds(2))
    let back = promises.filter { $0.returns == true }.compactMap(\.returnWait?.atMost).max()
    let settle = max(Self.roundedUp((back ?? .zero) + .seconds(1)), .seconds(2))
    let comments =
      Self.wrapped(trial.why)
      + zip(speakers, outlooks).flatMap { Self.wrapped(Self.words($0.node, $1)) }
    let what = ["name: \(trial.name)", "fault: \(trial.fault)"] + trial.parameters
    let how = [
      "target: holder", "hold: \(TimeText.chosen(hold))", "settle: \(TimeText.chosen(settle))",
      "expect: {as-configured: true, daemon-agrees: everywhere}",
    ]
    return comments.map { "  # \($0)" }
      + (what + how).enumerated().map { $0.offset == 0 ? "  - \($0.element)" : "    \($0.element)" }
  }

  /// What is promised while one of the nodes holds the addresses.
  private static func words(_ holder: String, _ outlook: Forecast.Outlook) -> String {
    let promise: Forecast.Promise
    switch outlook {
    case .silent(let reason): return "While \(holder) holds: nothing is promised (\(reason))."
    case .promised(let said): promise = said
    }
    guard let taker = promise.taker else {
      return "While \(holder) holds: it stays the holder (\(promise.formula))."
    }
    let (least, most) = (promise.afterBlow.atLeast, promise.afterBlow.atMost)
    let back =
      promise.returns.map { $0 ? " \(holder) takes them back." : " They stay there." } ?? ""
    return "While \(holder) holds: \(taker) takes over \(TimeText.chosen(least)) to "
      + "\(TimeText.chosen(most)) after the blow (\(promise.formula)).\(back)"
  }

  private static func roundedUp(_ duration: Duration) -> Duration {
    let half = Duration.milliseconds(500)
    let steps = (duration.nanoseconds + half.nanoseconds - 1) / half.nanoseconds
    return half * Int(steps)
  }

  /// Lines of at most 96 characters.
  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 1 > 96 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
