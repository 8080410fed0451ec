// stays: the holder keeps the addresses, and nobody else so much as reaches for them. Stricter than
// `transitions: 0`, which does not mind a standby that flashes up beside the holder, nor a holder that
// lets go of an address and takes it again.

package import TakeoverModel

package struct Stays: Check {
  package static let declaration = CheckDeclaration(
    name: "stays", forms: [.choice(["during", "throughout"])],
    summary: "the holder stays the only one: during the fault, or throughout the trial")

  private let word: String
  /// Whether it may lack an address for a while, as long as nobody else takes it.
  private let mayLetGo: Bool

  package init(_ value: ParameterValue) { self.init(value, mayLetGo: false) }

  init(_ value: ParameterValue, mayLetGo: Bool) {
    word = value.description
    self.mayLetGo = mayLetGo
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(word)")
    guard let holder = trial.holderBefore, let window = trial.window else {
      finding.sentence = "Who held \(trial.addressText) when the blow fell is not known."
      return finding
    }
    let end = word == "during" ? trial.healing?.earliest ?? window.to : window.to
    let stretch = Window(from: window.from, to: min(end, window.to))
    let breaks = breaks(of: trial, heldBy: holder, in: stretch)
    let first = breaks.filter(\.isSure).min { $0.at.latest < $1.at.latest } ?? breaks.first
    let until = word == "during" ? "while the fault was in force" : "to the trial's end"
    if let first {
      finding.outcome = first.isSure ? .fail : .unknown
      finding.sentence = "\(first.sentence)\(when(first, trial)); \(holder) was to stay the holder."
      return finding
    }
    let unseen = trial.addresses.filter { !trial.hasWitness(for: $0) }
    finding.outcome = unseen.isEmpty ? .pass : .unknown
    finding.sentence =
      "\(holder) stayed the only holder of \(trial.addressText) \(until) "
      + "(\(TimeText.least(stretch.length)))."
    if !unseen.isEmpty {
      finding.sentence =
        "Nobody was seen to take \(trial.addressText) from \(holder), but no ARP probe asked "
        + "who has \(unseen.map(\.description).joined(separator: ", "))."
    }
    return finding
  }

  private struct Break {
    var at: Interval
    /// False: it may have been later than the stretch, or not at all.
    var isSure: Bool
    var sentence: String
  }

  private func when(_ found: Break, _ trial: TrialTimeline) -> String {
    found.isSure ? trial.sinceBlow(found.at).map { " \($0) after the blow" } ?? "" : ""
  }

  private func breaks(
    of trial: TrialTimeline, heldBy holder: String, in stretch: Window
  ) -> [Break] {
    let moves = trial.transitions.filter { $0.at.earliest <= stretch.to }.map {
      Break(
        at: $0.at, isSure: $0.at.latest <= stretch.to,
        sentence: "\($0.to) took \(trial.addressText)")
    }
    let flashes = trial.conduct.advertising.filter {
      $0.node != holder && $0.first.earliest <= stretch.to
    }.map {
      let at = Interval(
        max($0.first.earliest, stretch.from), max($0.first.latest, stretch.from))
      return Break(
        at: at, isSure: at.latest <= stretch.to, sentence: "\($0.node) advertised as the master")
    }
    return moves + flashes + claims(of: trial, heldBy: holder, in: stretch)
  }

  private func claims(
    of trial: TrialTimeline, heldBy holder: String, in stretch: Window
  ) -> [Break] {
    trial.claims.compactMap { claim in
      let end = claim.until ?? Interval(at: stretch.to)
      guard claim.from.earliest <= stretch.to, end.latest >= stretch.from else { return nil }
      if claim.node != holder {
        return Break(
          at: Interval(
            max(claim.from.earliest, stretch.from), max(claim.from.latest, stretch.from)),
          isSure: claim.isSurely(in: stretch, end), sentence: "\(claim.node) had \(claim.address)")
      }
      guard !mayLetGo, let until = claim.until, until.earliest <= stretch.to else { return nil }
      return Break(
        at: until, isSure: until.latest <= stretch.to && until.earliest >= stretch.from,
        sentence: "\(holder) let go of \(claim.address)")
    }
  }
}

extension Claim {
  /// It lies in the stretch as a whole, or was surely held at some moment of it.
  fileprivate func isSurely(in stretch: Window, _ end: Interval) -> Bool {
    if from.earliest >= stretch.from, end.latest <= stretch.to { return true }
    return from.latest <= end.earliest && from.latest <= stretch.to
      && end.earliest >= stretch.from
  }
}
