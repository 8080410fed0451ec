// The words and values that several checks share.

internal import TakeoverModel

extension ParameterValue {
  /// The limit of a check that takes a duration. Zero, the strictest, stands for any other form,
  /// which the declaration excludes.
  var limit: Duration { if case .duration(let limit) = self { limit } else { .zero } }
}

enum CheckWords {
  static func times(_ count: Int) -> String {
    switch count {
    case 0: "never"
    case 1: "once"
    default: "\(count) times"
    }
  }
}

extension TrialTimeline {
  /// `never changed hands`, or `changed hands 2 times (a → b, b → a)`.
  var changesText: String {
    let path = transitions.map { "\($0.from ?? "?") → \($0.to)" }.joined(separator: ", ")
    return transitions.isEmpty
      ? "never changed hands"
      : "changed hands \(CheckWords.times(transitions.count)) (\(path))"
  }

  /// `172.17.16.3`, or `172.17.16.3 and 172.17.16.4`.
  var addressText: String {
    addresses.isEmpty ? "the address" : addresses.map(\.description).joined(separator: " and ")
  }

  /// How long the pair was watched after the blow, for sentences.
  var watched: Duration { window?.length ?? .zero }

  var watchedText: String {
    TimeText.least(watched)
  }

  /// What is missing was really not there: the evidence is whole, and the time was long enough.
  func outcomeOfAbsence(within limit: Duration) -> Outcome {
    doubts.isEmpty && watched >= limit ? .fail : .unknown
  }

  /// `Nobody took 172.17.16.3 from a in at least 12.3 s of watching after the blow; nobody had it for …`.
  var noTakeover: String {
    let holder = holderBefore ?? "the holder"
    // Whoever was stopped and restarted has it again, but did not keep it.
    let gone = unowned.map(\.length).max { $0.atLeast < $1.atLeast }
    let meanwhile =
      gone.flatMap { $0.atLeast > .zero ? "; nobody had it for \($0)" : nil } ?? ""
    return "Nobody took \(addressText) from \(holder) in \(watchedText) of watching "
      + "after the blow"
      + meanwhile
  }

  /// When the new holder was on the wire: its last address announced, or, when it announced none,
  /// its first advertisement.
  var taken: (at: Interval, by: String)? {
    guard takeover != nil else { return nil }
    let announced = marks.announcements.values.max { $0.latest < $1.latest }
    switch (announced, marks.firstAdvertisement) {
    case (let announced?, let advertised?) where advertised.latest > announced.latest:
      return (advertised, "its first advertisement")
    case (let announced?, _): return (announced, "its announcement")
    case (nil, let advertised?):
      return (advertised, "its first advertisement; no announcement was seen")
    case (nil, nil): return takeover.map { ($0.at, "its first answer") }
    }
  }

  /// From the blow to `mark`, never negative: what the blow causes comes after it.
  func sinceBlow(_ mark: Interval) -> Elapsed? {
    guard let blow = marks.blow else { return nil }
    let elapsed = mark.since(blow)
    return Elapsed(
      atLeast: max(.zero, elapsed.atLeast), atMost: max(.zero, elapsed.atMost))
  }
}
