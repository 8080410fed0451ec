// From observations to timelines: one per trial that began.

internal import TakeoverModel

struct TimelineBuilder: Sendable {
  private let header: RunHeader
  private let observations: [Observation]
  private let attribution: Attribution
  private let health: ObserverHealth
  private let caches: CacheHealing
  private let pauses: MachinePauses
  private let forecasts: [Forecast]
  /// Indices of `observations` in the order of time, and their times.
  private let order: [Int]
  private let times: [Moment]

  init(header: RunHeader, observations: [Observation]) {
    self.header = header
    self.observations = observations
    attribution = Attribution(site: header.site, observations: observations)
    health = ObserverHealth(observations)
    caches = CacheHealing(observations, attribution: attribution)
    pauses = MachinePauses(observations)
    forecasts = observations.compactMap {
      if case .forecast(let forecast) = $0.event { forecast } else { nil }
    }
    let all = observations.map(\.place)
    order = observations.indices.sorted { (all[$0], $0) < (all[$1], $1) }
    times = order.map { all[$0] }
  }

  func timelines() -> [TrialTimeline] {
    let starts = observations.indices.filter {
      if case .trialBegan = observations[$0].event { true } else { false }
    }
    return starts.enumerated().compactMap { index, start in
      let next = index + 1 < starts.count ? starts[index + 1] : observations.endIndex
      return timeline(of: observations[start..<next])
    }
  }

  /// `section`: the journal from one trial's beginning to the next one's.
  private func timeline(of section: ArraySlice<Observation>) -> TrialTimeline? {
    guard let start = section.first, case .trialBegan(let which) = start.event,
      let trial = header.trial(which)
    else { return nil }
    let doings = section.filter { $0.event.isDoing }
    let span = Window(from: start.when.earliest, to: end(of: section))
    var timeline = TrialTimeline(header: which, trial: trial)
    timeline.addresses = header.site.addresses.map(\.address)
    timeline.forecasts = forecasts.filter { $0.plan == which.plan && $0.trial == which.trial }
    timeline.span = span
    timeline.take(doings)
    guard let blow = timeline.marks.blow else { return timeline }
    let evidence = gathered(doings, span)
    // The daemons are asked when the measuring is over: what comes then stands beside their answers only.
    let window = Window(
      from: blow.earliest, to: DaemonComparing.begin(in: doings, after: blow) ?? span.to)
    timeline.compareDaemons(evidence, blow: blow)
    let judged =
      window.to < span.to ? gathered(doings, Window(from: span.from, to: window.to)) : evidence
    timeline.window = window
    timeline.fill(from: judged, blow: blow, window: window)
    timeline.repairs = caches.repairs(of: timeline, at: header.site)
    timeline.told = judged.told(in: header.plans[which.plan].name, from: blow.earliest)
    timeline.conduct.staleness = StaleTracking(
      trial: timeline, window: window, attribution: attribution
    ).found(in: caches, at: header.site)
    timeline.doubts += Doubts(
      evidence: judged, window: window, health: health, portsCut: timeline.portsCut
    ).found()
    return timeline
  }

  private func gathered(_ doings: [Observation], _ span: Window) -> TrialEvidence {
    TrialEvidence(
      site: header.site, attribution: attribution, doings: doings, span: span, pauses: pauses,
      seen: seen(from: span.from - TrialEvidence.leadIn, to: span.to))
  }

  private func end(of section: ArraySlice<Observation>) -> Moment {
    for observation in section {
      if case .trialEnded = observation.event { return observation.when.latest }
      if case .runEnded = observation.event { return observation.when.latest }
    }
    return section.map(\.when.latest).max() ?? .began
  }

  private func seen(from: Moment, to: Moment) -> [Observation] {
    let first = times.partitioningIndex { $0 >= from }
    let last = times.partitioningIndex { $0 > to }
    return order[first..<max(first, last)].map { observations[$0] }
  }
}

extension TrialTimeline {
  /// The doubt of a trial that neither became redundant again nor was given up.
  static let cutShort = "the trial was not watched to its end"

  /// What the run itself did and says.
  mutating func take(_ doings: [Observation]) {
    var blows: [(struck: BlowStruck, when: Interval)] = []
    var confirmed: [String: [Step]] = [:]
    var healed: [String: [Step]] = [:]
    var isOver = false
    for doing in doings {
      switch doing.event {
      case .gatePassed(let roles): rolesBefore = roles
      case .gateRefused(let note): doubts.append("the pair was not ready: \(note.text)")
      case .trialSkipped(let note): skipped = note.text
      case .prepared(let step) where step.outcome != .pass:
        doubts.append("\(step.node) could not be prepared: \(step.detail)")
      case .blow(let blow): blows.append((blow, doing.when))
      case .confirmed(let step): confirmed[step.node, default: []].append(step)
      case .mended(let step) where step.outcome != .pass:
        doubts.append("\(step.node) was not healed of a further blow in time: \(step.detail)")
      case .healing: healing = healing ?? doing.when
      case .healed(let step): healed[step.node, default: []].append(step)
      case .restored(let roles):
        holderAfter = roles.holder
        isOver = true
      case .notRestored(let note):
        aftermath.append("the pair did not become redundant again: \(note.text)")
        isOver = true
      default: break
      }
    }
    targets = blows.map(\.struck.node).unique
    portsCut = blows.map(\.struck).filter { $0.cutsPort == true }.map(\.node).unique
    takeHealing(healed)
    let own = blows.filter { $0.struck.fault == trial.fault }
    let struck = own.first { $0.struck.node == rolesBefore?.holder } ?? own.first ?? blows.first
    marks.blow = struck?.when
    guard struck != nil else { return }
    takeProofs(confirmed, of: blows.map(\.struck))
    if !isOver { doubts.append(Self.cutShort) }
  }

  private mutating func takeHealing(_ healed: [String: [Step]]) {
    let toHeal = Set(targets).union(healed.keys).sorted()
    for node in toHeal {
      let steps = healed[node, default: []]
      if steps.isEmpty { aftermath.append("no healing of \(node) was seen") }
      for step in steps where step.outcome != .pass {
        aftermath.append("\(node) was not healed: \(step.detail)")
      }
    }
    healingConfirmed = .worst(toHeal.map { .worst(healed[$0, default: []].map(\.outcome)) })
  }

  /// As many proofs as blows, at each node; and every blow that was planned.
  private mutating func takeProofs(_ confirmed: [String: [Step]], of blows: [BlowStruck]) {
    var outcomes: [Outcome] = []
    for node in targets {
      let steps = confirmed[node, default: []]
      let missing = blows.count { $0.node == node } - steps.count
      outcomes += steps.map(\.outcome) + (missing > 0 ? [.unknown] : [])
      for step in steps where step.outcome != .pass {
        doubts.append("the blow on \(node) was not shown to be in force: \(step.detail)")
      }
    }
    for further in trial.also where !blows.contains(where: { $0.fault == further.fault }) {
      outcomes.append(.unknown)
      doubts.append("the further blow, \(further.fault.kind), did not fall")
    }
    blowConfirmed = .worst(outcomes)
  }

  /// What the wire and the probes say.
  mutating func fill(from evidence: TrialEvidence, blow: Interval, window: Window) {
    let mastership = Mastership(evidence.advertised, seenUntil: window.to)
    claims = ClaimTracking(evidence).claims()
    holderBefore = rolesBefore?.holder ?? mastership.holder(at: blow.earliest)
    let changes = HolderChanges(
      evidence: evidence, mastership: mastership, claims: claims, blow: blow,
      holderBefore: holderBefore)
    transitions = changes.transitions()
    takeover = transitions.first { $0.to != holderBefore }
    overlaps = Holding.overlaps(of: claims, in: window)
    for key in evidence.methods {
      let probes = evidence.probes[key, default: []]
      outages += OutageTracking.outages(of: key, probes, in: window)
      probed.append(OutageTracking.probed(key, probes, in: window))
    }
    unowned = addresses.filter { hasWitness(for: $0) }
      .map { Holding.unowned($0, claims: claims, in: window) }
    marks =
      MarkFinding(
        evidence: evidence, blow: blow, window: window, targets: targets,
        holderBefore: holderBefore, takeover: takeover, transitions: transitions, outages: outages
      ).marks()
    election = ElectionFinding.election(
      evidence, marks: marks, old: takeover?.from ?? holderBefore, new: takeover?.to)
    conduct =
      ConductFinding(
        evidence: evidence, window: window, mastership: mastership, holderBefore: holderBefore,
        transitions: transitions
      ).conduct()
    holderAfter = holderAfter ?? transitions.last?.to ?? holderBefore
  }

  /// Whether ARP or neighbour probes asked, within the window, who has the address.
  func hasWitness(for address: IPAddress) -> Bool {
    probed.contains { $0.address == address && $0.method.isWitness && $0.asked > 0 }
  }
}

extension RunHeader {
  func trial(_ which: TrialHeader) -> Trial? {
    guard plans.indices.contains(which.plan),
      plans[which.plan].trials.indices.contains(which.trial)
    else { return nil }
    return plans[which.plan].trials[which.trial]
  }
}

extension Observation {
  /// Where it stands on the axis: a question when it was asked, all else when it began.
  var place: Moment {
    if case .probe(let probe) = event { probe.sent } else { when.earliest }
  }
}

extension Event {
  /// Whether it is the run's own doing, which belongs to the trial in whose section it is written.
  var isDoing: Bool {
    switch self {
    case .runBegan, .nodeDescribed, .forecast, .captureBegan, .captureState, .advertisement,
      .announcement, .datagram, .probe, .addresses, .command, .processes, .clock, .neighbour,
      .vantageDescribed, .observerDied, .processorWatched, .processorPause, .note:
      false
    default: true
    }
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it first stands.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Array {
  /// The first index whose element, and every one after it, satisfies the predicate.
  func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
