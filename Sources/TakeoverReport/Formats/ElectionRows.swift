// VRRP's arithmetic as rows of words: what was promised, what was measured, what is left over.

internal import TakeoverModel

enum ElectionRows {
  static func rows(_ trial: TrialTimeline) -> [MarkRow] {
    guard let election = trial.election else { return [] }
    let taker = trial.takeover?.to ?? "the new holder"
    let name = election.wasReleased ? "skew" : "master-down interval"
    var rows: [MarkRow] = []
    func add(_ words: String, _ value: String) {
      rows.append(MarkRow(mark: "", words: words, value: value))
    }
    if let phase = election.phase {
      add(
        "phase of the blow, φ", "\(decimal(phase.value, 3)) ± \(decimal(phase.bound + 0.0005, 3))")
    }
    add(
      "\(name) of \(taker), M (VRRPv\(election.version), A = "
        + "\(TimeText.chosen(election.interval)), priority \(election.priority))",
      TimeText.chosen(election.promised) + ", by VRRP's arithmetic")
    add("residual, (t2 − t1) − M", election.residual.description)
    if let due = election.dueAfterBlow, let t0 = trial.marks.blow,
      let t2 = trial.marks.firstAdvertisement
    {
      let late = TimeText.chosen(Election.timerLateness)
      let waiting =
        (election.processorWait == nil ? "" : " and its wait for a processor")
        + (election.machinePause == nil ? "" : " and the processors' pauses")
      add(
        "t2 − t0, beside M − φ and up to \(late) of the daemon's timer\(waiting)",
        "\(t2.since(t0)), beside \(due)")
      add("\(taker)'s daemon waited for a processor", waited(election))
      if let pause = election.machinePause {
        add(
          "this machine's processors stood still when \(taker) had to act",
          pause == .zero
            ? "not seen" : "up to \(TimeText.value(pause, knownTo: .microseconds(1)))")
      }
    }
    add(
      "effective priority of \(taker), from t2 − t1",
      "\(decimal(election.impliedPriority, 1)); advertised: \(election.priority)"
        + (election.configuredPriority.map { "; configured: \($0)" } ?? ""))
    return rows
  }

  /// The counter is read before the blow and after the hold: an upper bound of what mattered.
  private static func waited(_ election: Election) -> String {
    guard let wait = election.processorWait else {
      let why = election.processorWaitTrouble
      return "not known\(why.isEmpty ? "" : " (\(why))"): nothing is allowed for it"
    }
    return
      "up to \(TimeText.value(wait, knownTo: .microseconds(1))), all that it waited from before "
      + "the blow until after the hold"
  }

  /// Without Foundation's locales: a sign, whole digits, and as many decimals as asked for.
  static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = Int64((value.magnitude * scale).rounded())
    let whole = rounded / Int64(scale)
    let rest = String(rounded % Int64(scale))
    let padded = String(repeating: "0", count: max(digits - rest.count, 0)) + rest
    return (value < 0 && rounded > 0 ? "-" : "") + (digits == 0 ? "\(whole)" : "\(whole).\(padded)")
  }
}
