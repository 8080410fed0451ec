// VRRP's arithmetic for the first takeover, from the advertisements on both sides of it.

internal import TakeoverModel

enum ElectionFinding {
  /// nil when the wire did not show the old holder's last and the new one's first advertisement.
  static func election(
    _ evidence: TrialEvidence, marks: Marks, old: String?, new: String?
  ) -> Election? {
    let (advertised, site) = (evidence.advertised, evidence.site)
    guard let t1 = marks.lastAdvertisement, let t2 = marks.firstAdvertisement,
      let last = advertised.last(where: { $0.node == old && $0.when == t1 }),
      let first = advertised.first(where: { $0.node == new && $0.when == t2 }),
      // The goodbye need not say the interval; the one before it does.
      let said = advertised.last(where: {
        $0.node == old && $0.priority > 0 && $0.when.earliest <= last.when.earliest
      })
    else { return nil }
    // One that came while the blow was on its way is what the taker counts from, too.
    let before = advertised.last {
      $0.node == old && $0.priority > 0
        && $0.when.earliest <= (marks.blow?.latest ?? last.when.earliest)
    }
    var election = Election(
      interval: said.interval, priority: first.priority, version: first.version,
      wasReleased: last.priority == 0, waited: marks.detection ?? t2.since(t1),
      sinceAdvertisement: before.flatMap { one in marks.blow.map { $0.since(one.when) } },
      configuredPriority: new.flatMap { site.node(named: $0)?.priority })
    let waits = evidence.doings.compactMap { doing -> (when: Interval, said: ProcessorWaits)? in
      guard case .processorWaits(let said) = doing.event, said.node == new else { return nil }
      return (doing.when, said)
    }
    let counted = min(t1.earliest, before?.when.earliest ?? t1.earliest)
    (election.processorWait, election.processorWaitTrouble) = processorWait(
      waits, from: counted, to: t2.latest)
    let due = counted + election.promised
    (election.machinePause, election.machinePauseTrouble) = evidence.pauses.length(
      in: [
        // When the taker had to read what it counts from, and when its timer ran out.
        evidence.pauses.prolonged(
          Window(from: counted, to: max(last.when.latest, counted) + Election.timerLateness)),
        Window(from: min(due, t2.latest), to: t2.latest),
      ], for: new)
    return election
  }

  /// From the last reading before to the first one after; both were true at some instant of theirs.
  private static func processorWait(
    _ waits: [(when: Interval, said: ProcessorWaits)], from: Moment, to: Moment
  ) -> (Duration?, trouble: String) {
    guard let before = waits.last(where: { $0.when.latest <= from })?.said,
      let after = waits.first(where: { $0.when.earliest >= to })?.said
    else { return (nil, "it was not read on both sides of the takeover") }
    for said in [before, after] where !said.trouble.isEmpty { return (nil, said.trouble) }
    guard let longest = after.longest(since: before) else {
      return (nil, "a process of it has ended meanwhile")
    }
    return (longest, "")
  }
}
