// as-configured: what the pair's own configuration promises of this blow, neither later nor sooner. Too
// soon is wrong, too: then something else was at work than the configuration says.

package import TakeoverModel

package struct AsConfigured: Check {
  package static let declaration = CheckDeclaration(
    name: "as-configured", forms: [.flag],
    summary:
      "takeover, holder meanwhile and return are those that the pair's configuration promises; "
      + "what a trial without `expect:` expects",
    refusal: { value, _ in
      value == .flag(false)
        ? Complaint("a promise is not given by false", remedy: "leave as-configured: out") : nil
    })

  /// Two nodes that change places overlap by the time that a kernel takes to drop an address.
  static let overlap = Duration.milliseconds(100)

  package init(_ value: ParameterValue) {}

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: Self.declaration.name)
    guard let holder = trial.holderBefore else {
      finding.sentence = "Who held \(trial.addressText) when the blow fell is not known."
      return finding
    }
    guard let forecast = trial.forecasts.first(where: { $0.holder == holder }) else {
      finding.sentence = "No configuration was read, so nothing is known of what it promises."
      return finding
    }
    switch forecast.outlook {
    case .silent(let reason):
      finding.sentence =
        "\(forecast.reader)'s configuration promises nothing of this blow: \(reason)."
      return finding
    case .promised(let promise):
      let promised = Promised(
        promise, by: forecast.reader, lateness: trial.election?.lateness ?? Election.timerLateness)
      guard let taker = promise.taker else {
        return promise.meanwhile == .nobody
          ? lettingGo(holder, promised, trial, finding)
          : staying(holder, promised, trial, finding)
      }
      return [
        taking(taker, promised, trial, finding), meanwhile(promised, trial, finding),
        returning(to: holder, promised, trial, finding),
      ].compactMap { $0 }.worst
    }
  }

  private func staying(
    _ holder: String, _ promised: Promised, _ trial: TrialTimeline, _ finding: Finding
  ) -> Finding {
    var finding = finding
    let lapse = promised.promise.lapse
    let stays = Stays(.text("during"), mayLetGo: lapse != nil).judge(trial)
    finding.outcome = stays.outcome
    finding.sentence = stays.sentence
    if let lapse {
      let gap = UnownedWithin(.duration(lapse + promised.lateness)).judge(trial)
      finding.outcome = .worst([stays.outcome, gap.outcome])
      finding.measured = gap.measured
      finding.sentence += " " + gap.sentence
    }
    finding.sentence +=
      " By \(promised.reader)'s configuration it keeps them (\(promised.promise.formula))."
    return finding
  }

  /// Nobody has the addresses from then on, until the healing.
  private func lettingGo(
    _ holder: String, _ promised: Promised, _ trial: TrialTimeline, _ finding: Finding
  ) -> Finding {
    var finding = finding
    let promise = promised.promise
    let says =
      "by \(promised.reader)'s configuration nobody has them until the healing (\(promise.formula))"
    guard let window = trial.window, let healing = trial.healing, let blow = trial.marks.blow
    else {
      finding.sentence = "When the blow fell, or was healed, is not known; \(says)."
      return finding
    }
    let from = blow.latest + promise.afterBlow.atMost
    guard from < healing.earliest else {
      finding.sentence =
        "It was healed within the \(TimeText.chosen(promise.afterBlow.atMost)) in which \(holder) "
        + "lets go; \(says)."
      return finding
    }
    let held = trial.claims.filter { claim in
      claim.from.latest < healing.earliest && claim.end(in: window).earliest > from
    }
    if let one = held.first {
      finding.outcome = .fail
      finding.sentence = "\(one.node) had \(one.address) meanwhile; \(says)."
      return finding
    }
    if promise.returns == true, let wait = promise.returnWait,
      healing.latest + wait.atMost <= window.to, trial.holderAfter != holder
    {
      finding.outcome = .fail
      finding.sentence =
        "\(holder) did not take \(trial.addressText) back, which by \(promised.reader)'s "
        + "configuration it does within \(TimeText.chosen(wait.atMost)) of its healing."
      return finding
    }
    let unseen = trial.addresses.filter { !trial.hasWitness(for: $0) }
    finding.outcome = unseen.isEmpty ? .pass : .unknown
    finding.sentence =
      unseen.isEmpty
      ? "\(holder) let go of \(trial.addressText), and nobody took it; \(says)."
      : "No ARP probe asked who has \(unseen.map(\.description).joined(separator: ", ")); \(says)."
    return finding
  }

  /// The waiting, beside the promised one.
  private func taking(
    _ taker: String, _ promised: Promised, _ trial: TrialTimeline, _ finding: Finding
  ) -> Finding {
    var finding = finding
    let promise = promised.promise
    guard let took = trial.takeover?.to else {
      finding.outcome = trial.outcomeOfAbsence(within: promise.afterBlow.atMost)
      finding.sentence = "\(trial.noTakeover); \(promised.words(taker))."
      return finding
    }
    guard took == taker else {
      finding.outcome = .fail
      finding.sentence = "\(took) took \(trial.addressText); \(promised.words(taker))."
      return finding
    }
    guard let (waited, sign) = promised.measured(trial) else {
      finding.sentence =
        "\(taker) took \(trial.addressText), but \(promise.origin.mark) was not seen, or neither its "
        + "first advertisement nor its announcement; \(promised.words(taker))."
      return finding
    }
    finding.measured = waited
    finding.outcome = promised.outcome(of: waited, by: sign)
    finding.sentence =
      "\(taker) took \(trial.addressText) \(waited) after \(promise.origin.words)\(sign.words); "
      + "\(promised.words(taker))."
    if finding.outcome == .fail { finding.hint = promised.reason(for: waited, by: sign) }
    if finding.outcome == .unknown { finding.hint = promised.excuse(for: waited, by: sign) }
    return finding
  }

  /// nil: as promised, or nothing is.
  private func meanwhile(
    _ promised: Promised, _ trial: TrialTimeline, _ finding: Finding
  ) -> Finding? {
    guard promised.promise.meanwhile != .both,
      let most = trial.overlaps.max(by: { $0.length.atLeast < $1.length.atLeast }),
      most.length.atMost > Self.overlap
    else { return nil }
    var finding = finding
    finding.outcome = most.length.atLeast > Self.overlap ? .fail : .unknown
    finding.sentence =
      "\(most.nodes.joined(separator: " and ")) both held \(most.address) for \(most.length); by "
      + "\(promised.reader)'s configuration only one node has it at a time."
    return finding
  }

  /// nil: as promised, or nothing is, or it was not watched for long enough.
  private func returning(
    to holder: String, _ promised: Promised, _ trial: TrialTimeline, _ finding: Finding
  ) -> Finding? {
    guard let returns = promised.promise.returns, let window = trial.window else { return nil }
    // Where both have the addresses until the healing, the old holder comes back after it only.
    let back = trial.transitions.drop { $0.to != promised.promise.taker }.first { change in
      let isLeft = promised.promise.meanwhile == .both
      return change.to == holder
        && (!isLeft || trial.healing.map { change.at.latest >= $0.earliest } ?? false)
    }
    var finding = finding
    finding.outcome = .fail
    if let back, !returns {
      let when = trial.sinceBlow(back.at).map { " \($0) after the blow" } ?? ""
      finding.sentence =
        "\(holder) took \(trial.addressText) back\(when), which by \(promised.reader)'s configuration "
        + "it does not."
      return finding
    }
    guard back == nil, returns, let wait = promised.promise.returnWait, let healing = trial.healing,
      healing.latest + wait.atMost <= window.to
    else { return nil }
    finding.sentence =
      "\(holder) did not take \(trial.addressText) back, which by \(promised.reader)'s configuration it "
      + "does within \(TimeText.chosen(wait.atMost)) of its healing."
    return finding
  }
}

/// A promise whose waiting has what is allowed for the daemon's timer.
private struct Promised {
  let promise: Forecast.Promise
  /// Whose configuration it is: `keepalived`.
  let reader: String
  let lateness: Duration
  /// How much later than its timer's own lateness it may have been for want of a processor: who is as
  /// late was perhaps not, and is not as promised for certain.
  let kept: Duration

  init(_ promise: Forecast.Promise, by reader: String, lateness: Duration) {
    self.promise = promise
    self.reader = reader
    self.lateness = lateness
    kept = max(.zero, lateness - Election.timerLateness)
  }

  /// By what a takeover is known. keepalived 2.2.7 adds the addresses and announces them right after its
  /// first advertisement: of 300 takeovers on a busy machine within 0.3 ms.
  enum Sign {
    case advertisement, announcement

    var latest: Duration { self == .advertisement ? .zero : .milliseconds(1) }
    var words: String { self == .advertisement ? "" : " (its announcement)" }
  }

  /// Where the taker's advertisement was not seen, or came after its announcement, because the peer to
  /// whom it goes could not be found: the announcement.
  func measured(_ trial: TrialTimeline) -> (waited: Elapsed, sign: Sign)? {
    let advertised = trial.marks.firstAdvertisement
    let announced = trial.marks.announcements.values.min { $0.latest < $1.latest }
    if let advertised, announced.map({ $0.latest >= advertised.earliest }) ?? true,
      let waited = waited(until: advertised, in: trial)
    {
      return (waited, .advertisement)
    }
    return announced.flatMap { waited(until: $0, in: trial) }.map { ($0, .announcement) }
  }

  private func waited(until instant: Interval, in trial: TrialTimeline) -> Elapsed? {
    let marks = trial.marks
    switch promise.origin {
    case .lastAdvertisement:
      return instant == marks.firstAdvertisement
        ? marks.detection : marks.lastAdvertisement.map { instant.since($0) }
    case .blow: return trial.sinceBlow(instant)
    case .lastHeard:
      // Which of them the taker heard last is not known where the blow took longer than an interval: the
      // waiting began at one of them.
      let all = marks.lastBeforeBlow.map { instant.since($0) }
      guard let least = all.map(\.atLeast).min(), let most = all.map(\.atMost).max() else {
        return nil
      }
      return Elapsed(atLeast: least, atMost: most)
    }
  }

  /// Nearer to the promise than to that of any other priority is as promised, and no nearer than a timer
  /// is sure to keep.
  private func latest(by sign: Sign) -> Duration {
    promise.wait.atMost + max(Election.timerLateness, (promise.point ?? .zero) / 2) + sign.latest
  }

  /// A timer is never early: by less than a point too late, with a reason for it, is no lower priority.
  func outcome(of waited: Elapsed, by sign: Sign) -> Outcome {
    var inTime = waited.outcome(within: latest(by: sign))
    if inTime != .pass, isExcused(waited, by: sign) {
      let isOfNoOther = promise.point.map { waited.atMost < promise.wait.atMost + $0 } ?? false
      inTime = isOfNoOther ? .pass : .unknown
    }
    return .worst([inTime, waited.outcome(notBefore: promise.wait.atLeast)])
  }

  private func isExcused(_ waited: Elapsed, by sign: Sign) -> Bool {
    kept > .zero && waited.atLeast <= promise.wait.atMost + lateness + sign.latest
  }

  func excuse(for waited: Elapsed, by sign: Sign) -> String {
    guard waited.atLeast > latest(by: sign), isExcused(waited, by: sign) else { return "" }
    return
      "That is late, but up to \(TimeText.value(kept, knownTo: .microseconds(1))) of it may be the want of "
      + "a processor."
  }

  func words(_ taker: String) -> String {
    let (least, most) = (promise.wait.atLeast, promise.wait.atMost)
    let shortest = TimeText.value(least, knownTo: .microseconds(1))
    let time =
      least == most ? shortest : "\(shortest) to \(TimeText.value(most, knownTo: .microseconds(1)))"
    return
      "\(reader)'s configuration promises \(taker) after \(time) (\(promise.formula))"
  }

  /// The priorities that the waiting tells: more than one where the daemon may have been kept for longer
  /// than a point is worth. nil: it tells none but the promised one.
  private func implied(_ waited: Elapsed) -> ClosedRange<Int>? {
    guard let point = promise.point, let priority = promise.priority, point > .zero else {
      return nil
    }
    func points(_ late: Duration) -> Int? {
      let count = Double(late.nanoseconds) / Double(point.nanoseconds)
      return count.magnitude < 256 ? Int(count.rounded()) : nil
    }
    let late = waited.middle - promise.wait.atLeast
    guard let most = points(late), let least = points(late - kept), most != 0 else { return nil }
    // It is off for certain, whatever kept it.
    let highest = most > 0 ? min(priority - least, priority - 1) : priority - least
    return priority - most >= 1 && highest <= 254 ? priority - most...highest : nil
  }

  /// Which other value would have made this of it.
  func reason(for waited: Elapsed, by sign: Sign) -> String {
    let slack = latest(by: sign) - promise.wait.atMost
    let direction = waited.atLeast > latest(by: sign) ? "too slow" : "too fast"
    let fits = promise.others.first { other in
      waited.atMost >= other.wait.atLeast && waited.atLeast <= other.wait.atMost + slack
    }
    if let fits { return "That is \(direction), \(fits.words)." }
    guard let implied = implied(waited) else { return "That is \(direction)." }
    let (lowest, highest) = (implied.lowerBound, implied.upperBound)
    let told = lowest == highest ? "priority \(lowest)" : "a priority of \(lowest) to \(highest)"
    return "That is \(direction), as for \(told): \(promise.priority ?? lowest) was expected."
  }
}

extension Forecast.Origin {
  fileprivate var words: String {
    switch self {
    case .lastAdvertisement: "the old holder's last advertisement"
    case .blow: "the blow"
    case .lastHeard: "the last advertisement before the blow"
    }
  }

  fileprivate var mark: String {
    switch self {
    case .lastAdvertisement: "the old holder's last advertisement"
    case .blow: "the instant of the blow"
    case .lastHeard: "an advertisement before the blow"
    }
  }
}

extension [Finding] {
  /// The first with the worst outcome; all that are as bad are told.
  fileprivate var worst: Finding {
    let outcome = Outcome.worst(map(\.outcome))
    let same = filter { $0.outcome == outcome }
    var finding = self[0]
    guard let first = same.first else { return finding }
    finding = first
    finding.measured = self[0].measured
    finding.sentence = same.map(\.sentence).joined(separator: " ")
    finding.hint = same.map(\.hint).filter { !$0.isEmpty }.joined(separator: " ")
    return finding
  }
}
