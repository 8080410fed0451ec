// last-word: who announced an address last. Clients believe the last announcement, whoever's it is: a
// loser that speaks after the holder keeps their traffic.

package import TakeoverModel

package struct LastAnnouncement: Check {
  package static let declaration = CheckDeclaration(
    name: "last-word", forms: [.choice(["holder"])],
    summary: "whose the last announcement of each address is at the trial's end")

  package init(_ value: ParameterValue) {}

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) holder")
    guard let holder = trial.holderAfter else {
      finding.sentence = "Who held \(trial.addressText) in the end is not known."
      return finding
    }
    let findings = trial.addresses.map { judge($0, heldBy: holder, in: trial) }
    guard let worst = findings.max(by: { Self.rank($0.outcome) < Self.rank($1.outcome) }) else {
      finding.sentence = "The site has no address that could be announced."
      return finding
    }
    finding.outcome = worst.outcome
    finding.sentence =
      worst.outcome == .pass && findings.count > 1
      ? "The last announcement of \(trial.addressText) is that of the holder, \(holder)."
      : worst.sentence
    return finding
  }

  private func judge(
    _ address: IPAddress, heldBy holder: String, in trial: TrialTimeline
  ) -> (outcome: Outcome, sentence: String) {
    let words = trial.conduct.lastWords.filter { $0.address == address }
    let own = words.first { $0.node == holder }
    let other = words.filter { $0.node != holder }.max { $0.at.latest < $1.at.latest }
    guard let other else {
      if own != nil || holder == trial.holderBefore {
        let nobody = own == nil ? "Nobody announced" : "Nobody but \(holder) announced"
        return (.pass, "\(nobody) \(address), and \(holder) holds it in the end.")
      }
      return (
        trial.doubts.isEmpty ? .fail : .unknown,
        "\(holder) holds \(address) in the end, and did not announce it in "
          + "\(trial.watchedText) of watching after the blow."
      )
    }
    let spoke = "\(other.node) announced \(address) last, \(when(other, trial)); the holder is "
    guard let own else {
      return (
        trial.doubts.isEmpty ? .fail : .unknown, spoke + "\(holder), who did not announce it."
      )
    }
    if other.at.latest < own.at.earliest {
      return (
        .pass,
        "The last announcement of \(address) is that of the holder, \(holder), "
          + "\(own.at.since(other.at)) after that of \(other.node)."
      )
    }
    if own.at.latest < other.at.earliest {
      // What the holder may have said since was not lost when the evidence is whole.
      return (
        trial.doubts.isEmpty ? .fail : .unknown,
        spoke + "\(holder), who announced it \(other.at.since(own.at)) before."
      )
    }
    return (
      .unknown,
      "\(other.node) and the holder, \(holder), announced \(address) last, "
        + "too close together to tell who was first."
    )
  }

  private func when(_ word: LastWord, _ trial: TrialTimeline) -> String {
    trial.sinceBlow(word.at).map { "\($0) after the blow" } ?? "after the blow"
  }

  private static func rank(_ outcome: Outcome) -> Int {
    switch outcome {
    case .pass: 0
    case .unknown: 1
    case .fail: 2
    }
  }
}
