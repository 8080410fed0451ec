// How results.json spells each noun.

internal import TakeoverModel

struct ResultsWords: Sendable {
  let clock: WallClock

  func end(_ end: RunEnd) -> JSONText {
    .object([
      "reason": .text(end.reason.rawValue), "detail": .text(end.detail),
      "healed": .flag(end.healed),
    ])
  }

  func node(_ node: NodeDescription) -> JSONText {
    .object([
      "name": .text(node.node), "transport": .text(node.transport), "system": .text(node.system),
    ])
  }

  func clock(_ clock: ClockOffset) -> JSONText {
    .object([
      "name": .text(clock.clock), "ahead": elapsed(clock.ahead), "means": .text(clock.means),
    ])
  }

  func trial(_ result: TrialResult) -> JSONText {
    let timeline = result.timeline
    var parts: [String: JSONText] = [
      "plan": .text(result.plan),
      "name": .text(result.name),
      "repetition": .number(Int64(result.repetition)),
      "fault": .text(timeline.trial.fault.kind),
      "line": .number(Int64(timeline.trial.line)),
      "state": .text(result.state.rawValue),
      "reason": .text(result.reason),
      "outcome": .text(result.outcome.rawValue),
      "findings": .list(result.findings.map(finding)),
      "targets": .list(timeline.targets.map { .text($0) }),
      "addresses": .list(timeline.addresses.map { .text($0.description) }),
      "holderBefore": .text(optional: timeline.holderBefore),
      "holderAfter": .text(optional: timeline.holderAfter),
      "span": window(timeline.span),
      "window": window(timeline.window),
      "marks": marks(timeline.marks),
      "election": election(timeline.election),
      "healing": stamp(timeline.healing, since: timeline.marks.blow),
      "transitions": .list(timeline.transitions.map { transition($0, timeline.marks.blow) }),
      "claims": .list(timeline.claims.map { claim($0, timeline.marks.blow) }),
      "twoHolders": .list(timeline.overlaps.map(overlap)),
      "noHolder": .list(timeline.unowned.map(absence)),
      "outages": .list(timeline.outages.map { outage($0, timeline.marks.blow) }),
      "probes": .list(timeline.probed.map(probed)),
      "caches": .list(timeline.repairs.map { repair($0, timeline.marks.blow) }),
      "blowConfirmed": .text(timeline.blowConfirmed.rawValue),
      "healingConfirmed": .text(timeline.healingConfirmed.rawValue),
      "aftermath": .list(timeline.aftermath.map { .text($0) }),
      "doubts": .list(timeline.doubts.map { .text($0) }),
    ]
    if !timeline.daemonReadings.isEmpty {
      parts["daemons"] = .list(
        timeline.daemonReadings.map { daemon($0, stamp($0.when, since: timeline.marks.blow)) })
      parts["refused"] = .list(timeline.refusedAdvertisements.map(refused))
    }
    return .object(parts)
  }

  private func finding(_ finding: Finding) -> JSONText {
    .object([
      "check": .text(finding.check), "outcome": .text(finding.outcome.rawValue),
      "sentence": .text(finding.sentence), "expected": .text(finding.expected),
      "measured": elapsed(finding.measured), "hint": .text(finding.hint),
    ])
  }

  private func marks(_ marks: Marks) -> JSONText {
    let blow = marks.blow
    func each(_ stamps: [String: Interval]) -> JSONText {
      .object(stamps.mapValues { stamp($0, since: blow) })
    }
    let announcements = marks.announcements.map { ($0.description, $1) }
    return .object([
      "t0": stamp(blow, since: blow),
      "t1": stamp(marks.lastAdvertisement, since: blow),
      "t2": stamp(marks.firstAdvertisement, since: blow),
      "t3": each(Dictionary(announcements) { first, _ in first }),
      "t4": stamp(marks.lastFrameOfOld, since: blow),
      "t5": each(marks.firstAnswers),
      "t6": each(marks.firstService),
      "t7": each(marks.lastAnswers),
    ])
  }

  private func election(_ election: Election?) -> JSONText {
    guard let election else { return .null }
    return .object([
      "interval": .number(election.interval.nanoseconds),
      "priority": .number(Int64(election.priority)),
      "configuredPriority": election.configuredPriority.map { .number(Int64($0)) } ?? .null,
      "version": .number(Int64(election.version)),
      "released": .flag(election.wasReleased),
      "waited": elapsed(election.waited),
      "promised": .number(election.promised.nanoseconds),
      "residual": elapsed(election.residual),
      "sinceAdvertisement": elapsed(election.sinceAdvertisement),
      "dueAfterBlow": elapsed(election.dueAfterBlow),
      "timerLateness": .number(Election.timerLateness.nanoseconds),
      "processorWait": election.processorWait.map { .number($0.nanoseconds) } ?? .null,
      "processorWaitTrouble": .text(election.processorWaitTrouble),
      "machinePause": election.machinePause.map { .number($0.nanoseconds) } ?? .null,
      "machinePauseTrouble": .text(election.machinePauseTrouble),
    ])
  }

  private func transition(_ change: Transition, _ blow: Interval?) -> JSONText {
    .object([
      "from": .text(optional: change.from), "to": .text(change.to),
      "at": stamp(change.at, since: blow),
    ])
  }

  private func claim(_ claim: Claim, _ blow: Interval?) -> JSONText {
    .object([
      "address": .text(claim.address.description), "node": .text(claim.node),
      "from": stamp(claim.from, since: blow), "until": stamp(claim.until, since: blow),
    ])
  }

  private func overlap(_ overlap: Overlap) -> JSONText {
    .object([
      "address": .text(overlap.address.description),
      "nodes": .list(overlap.nodes.map { .text($0) }), "length": elapsed(overlap.length),
    ])
  }

  private func absence(_ absence: Absence) -> JSONText {
    .object([
      "address": .text(absence.address.description), "length": elapsed(absence.length),
    ])
  }

  private func outage(_ outage: Outage, _ blow: Interval?) -> JSONText {
    .object([
      "vantage": .text(outage.vantage), "method": .text(outage.method.rawValue),
      "address": .text(outage.address.description), "ended": .flag(outage.until != nil),
      "from": stamp(outage.from, since: blow), "until": stamp(outage.until, since: blow),
      "length": elapsed(outage.length),
    ])
  }

  private func repair(_ repair: CacheRepair, _ blow: Interval?) -> JSONText {
    .object([
      "vantage": .text(repair.vantage), "address": .text(repair.address.description),
      "way": .text(repair.way.rawValue), "at": stamp(repair.at, since: blow),
      "length": elapsed(repair.length), "watched": .number(repair.watched.nanoseconds),
      "last": .text(optional: repair.last),
    ])
  }

  private func probed(_ probed: Probed) -> JSONText {
    .object([
      "vantage": .text(probed.vantage), "method": .text(probed.method.rawValue),
      "address": .text(probed.address.description), "period": .number(probed.period.nanoseconds),
      "asked": .number(Int64(probed.asked)), "good": .number(Int64(probed.good)),
    ])
  }

  private func window(_ window: Window?) -> JSONText {
    window.map { .list([.number($0.from.nanoseconds), .number($0.to.nanoseconds)]) } ?? .null
  }

  private func stamp(_ when: Interval?, since blow: Interval?) -> JSONText {
    guard let when else { return .null }
    return .object([
      "axis": pair(when.earliest.nanoseconds, when.latest.nanoseconds),
      "wall": pair(clock.nanoseconds(when.earliest), clock.nanoseconds(when.latest)),
      "sinceBlow": elapsed(blow.map { when == $0 ? Elapsed(exactly: .zero) : when.since($0) }),
    ])
  }

  private func elapsed(_ elapsed: Elapsed?) -> JSONText {
    elapsed.map { pair($0.atLeast.nanoseconds, $0.atMost.nanoseconds) } ?? .null
  }

  private func pair(_ least: Int64, _ most: Int64) -> JSONText {
    .list([.number(least), .number(most)])
  }
}
