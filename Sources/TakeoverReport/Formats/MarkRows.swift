// A trial's marks and times as rows of words, the same in every format that people read.

internal import TakeoverModel

struct MarkRow: Hashable, Sendable {
  /// `t2`; empty for a time between marks.
  var mark: String
  var words: String
  /// `0.6881 s ± 0.3 ms`
  var value: String
}

enum MarkRows {
  /// t0 to t7, each since the blow.
  static func marks(_ trial: TrialTimeline) -> [MarkRow] {
    guard let blow = trial.marks.blow else { return [] }
    let old = trial.holderBefore ?? "the old holder"
    let new = trial.takeover?.to ?? "the new holder"
    let marks = trial.marks
    var rows = [
      MarkRow(
        mark: "t0", words: "blow on \(trial.targets.joined(separator: " and "))",
        value: "0 s ± \(TimeText.bound(Elapsed(atLeast: .zero, atMost: blow.width).uncertainty))")
    ]
    func add(_ mark: String, _ words: String, _ when: Interval?) {
      guard let when else { return }
      rows.append(MarkRow(mark: mark, words: words, value: when.since(blow).description))
    }
    add("t1", "last advertisement of \(old)", marks.lastAdvertisement)
    add("t2", "first advertisement of \(new)", marks.firstAdvertisement)
    for address in marks.announcements.keys.sorted() {
      add("t3", "\(new) announces \(address)", marks.announcements[address])
    }
    add("t4", "last frame of \(old) with the address", marks.lastFrameOfOld)
    for place in marks.firstAnswers.keys.sorted() {
      add("t5", "first good answer at \(place)", marks.firstAnswers[place])
    }
    for place in marks.firstService.keys.sorted() {
      add("t6", "first connection at \(place)", marks.firstService[place])
    }
    for place in marks.lastAnswers.keys.sorted() {
      add("t7", "last good answer at \(place)", marks.lastAnswers[place])
    }
    return rows
  }

  /// The times between marks that have names of their own.
  static func phases(_ trial: TrialTimeline) -> [MarkRow] {
    var rows: [MarkRow] = []
    func add(_ words: String, _ value: Elapsed?) {
      if let value { rows.append(MarkRow(mark: "", words: words, value: value.description)) }
    }
    let marks = trial.marks
    let announced = marks.announcements.values.max { $0.latest < $1.latest }
    if marks.firstAdvertisement != nil {
      add("detection and election (t2 − t1)", marks.detection)
      for address in marks.announcements.keys.sorted() {
        let named = marks.announcements.count > 1 ? " of \(address)" : ""
        add("announcement\(named) (t3 − t2)", marks.announcing(address))
      }
    }
    rows += ElectionRows.rows(trial)
    if let announced {
      for place in marks.firstAnswers.keys.sorted() {
        add("repair at \(place) (t5 − t3)", marks.firstAnswers[place]?.since(announced))
      }
    }
    for repair in trial.repairs {
      rows.append(
        MarkRow(mark: "", words: CacheWords.entry(repair), value: CacheWords.state(repair)))
    }
    for outage in trial.outages {
      rows.append(
        MarkRow(
          mark: "",
          words: "outage at \(outage.vantage)/\(outage.method.rawValue), \(outage.address)",
          value: outageText(outage)))
    }
    for overlap in trial.overlaps {
      add(
        "two holders of \(overlap.address): \(overlap.nodes.joined(separator: " and "))",
        overlap.length)
    }
    for absence in trial.unowned where absence.length.atMost > .zero {
      add("no holder of \(absence.address)", absence.length)
    }
    return rows
  }

  static func outageText(_ outage: Outage) -> String {
    guard outage.until == nil else { return outage.length.description }
    return TimeText.least(outage.length.atLeast)
  }

  /// `a → b at 0.6881 s ± 0.3 ms`
  static func transitions(_ trial: TrialTimeline) -> [String] {
    trial.transitions.map { change in
      let at = trial.marks.blow.map { " at \(change.at.since($0))" } ?? ""
      return "\(change.from ?? "?") → \(change.to)\(at)"
    }
  }
}

extension TrialResult {
  /// `graceful stop`, or `graceful stop #2` when the trial is repeated.
  var title: String {
    timeline.trial.repetitions > 1 ? "\(name) #\(repetition)" : name
  }
}
