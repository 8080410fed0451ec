// daemon-agrees: what each node's daemon says of itself is what the wire and the kernel show. It is asked
// before the blow and when everything is over; in between nobody may disturb it.

package import TakeoverModel

package struct DaemonAgrees: Check {
  package static let declaration = CheckDeclaration(
    name: "daemon-agrees", forms: [.choice(["everywhere"])],
    summary: "what each daemon says of itself, before and after, is what wire and kernel show")

  private let word: String

  package init(_ value: ParameterValue) { word = value.description }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(word)")
    let readings = trial.daemonReadings
    guard !readings.isEmpty else {
      finding.sentence = "No daemon was asked how it sees itself."
      return finding
    }
    let found =
      readings.flatMap { reading in
        reading.comparisons.flatMap { contradictions($0, in: reading, of: trial) }
      } + DaemonReading.Stage.allCases.compactMap { twoMasters(at: $0, in: readings) }
    if let worst = found.first(where: \.isSure) ?? found.first {
      finding.outcome = worst.isSure ? .fail : .unknown
      finding.sentence =
        worst.words + (found.count > 1 ? " (\(found.count) such contradictions in all)." : ".")
      finding.hint = DaemonWords.hint(trial)
      return finding
    }
    if let lack = lack(of: readings, trial) {
      finding.sentence = lack
      return finding
    }
    finding.outcome = .pass
    finding.sentence = agreement(readings)
    return finding
  }

  private struct Contradiction {
    var words: String
    /// False: what was not seen may have been lost.
    var isSure = true
  }

  private func contradictions(
    _ one: DaemonReading.Comparison, in reading: DaemonReading, of trial: TrialTimeline
  ) -> [Contradiction] {
    guard let state = one.instance.state else { return [] }
    let said =
      "\(reading.view.node)'s \(reading.view.daemon) said \(state.rawValue) "
      + DaemonWords.stage(reading.stage)
    let isMaster = state == .master
    var found: [Contradiction] = []
    if let held = one.held {
      let wrong = isMaster ? one.addresses.filter { !held.contains($0) } : held
      if !wrong.isEmpty {
        let names = wrong.map(\.description).joined(separator: " and ")
        found.append(
          Contradiction(
            words: "\(said), and its kernel \(isMaster ? "did not have" : "had") \(names)"))
      }
    }
    if let advertises = one.advertises, advertises != isMaster {
      found.append(
        Contradiction(
          words: "\(said), and it \(advertises ? "advertised" : "did not advertise")",
          isSure: advertises || trial.doubts.isEmpty))
    }
    if isMaster, let own = one.instance.effectivePriority, let seen = one.advertisedPriority,
      own != seen
    {
      found.append(Contradiction(words: "\(said) with priority \(own), and it advertised \(seen)"))
    }
    return found
  }

  /// Two that really are, by the wire or by their kernels, or each would be found by itself.
  private func twoMasters(
    at stage: DaemonReading.Stage, in readings: [DaemonReading]
  ) -> Contradiction? {
    var masters: [IPAddress: [String]] = [:]
    for reading in readings where reading.stage == stage {
      for one in reading.comparisons where one.instance.state == .master {
        guard one.advertises == true || one.held == one.addresses else { continue }
        for address in one.addresses { masters[address, default: []].append(reading.view.node) }
      }
    }
    let double = masters.filter { Set($0.value).count > 1 }.min { $0.key < $1.key }
    return double.map { address, nodes in
      Contradiction(
        words: "\(nodes.unique.joined(separator: " and ")) both said MASTER of \(address) "
          + DaemonWords.stage(stage))
    }
  }

  /// What keeps the trial from a verdict, in a sentence; nil: nothing.
  private func lack(of readings: [DaemonReading], _ trial: TrialTimeline) -> String? {
    for reading in readings {
      let daemon = "\(reading.view.node)'s \(reading.view.daemon)"
      let when = DaemonWords.stage(reading.stage)
      guard reading.view.trouble.isEmpty else {
        return "\(daemon) was not read \(when): \(reading.view.trouble)."
      }
      guard !reading.comparisons.isEmpty else {
        return "\(daemon) has no instance with \(trial.addressText) \(when)."
      }
      for one in reading.comparisons {
        if one.instance.state == nil { return "\(daemon) told no state that is known \(when)." }
        if one.advertises == nil, one.held == nil {
          return "Beside what \(daemon) said \(when) stands nothing: neither the wire nor its "
            + "kernel was seen on both sides of it."
        }
      }
    }
    for node in Set(readings.map(\.view.node)).sorted() {
      for stage in DaemonReading.Stage.allCases
      where !readings.contains(where: { $0.stage == stage && $0.view.node == node }) {
        return "\(node)'s daemon was not asked \(DaemonWords.stage(stage))."
      }
    }
    return nil
  }

  private func agreement(_ readings: [DaemonReading]) -> String {
    let all = readings.flatMap(\.comparisons)
    let stages = DaemonReading.Stage.allCases.map { stage in
      let states = readings.filter { $0.stage == stage }.map { reading in
        let own = reading.comparisons.map { DaemonWords.state($0.instance) }.unique
        return "\(reading.view.node) \(own.joined(separator: "/"))"
      }
      return "\(states.joined(separator: ", ")) \(DaemonWords.stage(stage))"
    }
    let wire = all.count { $0.advertises != nil }
    let kernel = all.count { $0.held != nil }
    return "The daemons said \(stages.joined(separator: "; ")): as the wire "
      + "(\(wire) of \(all.count)) and the kernels (\(kernel) of \(all.count)) had it."
  }
}
