// t1 to t7 of the first takeover after the blow, as FIELD defines them.

internal import TakeoverModel

struct MarkFinding: Sendable {
  /// Frames that two ports stamp may stand in either order, by far less than this.
  private static let disorder = Duration.milliseconds(50)

  let evidence: TrialEvidence
  let blow: Interval
  let window: Window
  let targets: [String]
  let holderBefore: String?
  let takeover: Transition?
  let transitions: [Transition]
  let outages: [Outage]

  func marks() -> Marks {
    var marks = Marks()
    marks.blow =
      BlowClosing(evidence: evidence, blow: blow, targets: targets, takeover: takeover).closed()
    if let takeover {
      let last = lastAdvertisement(before: takeover)
      let first = firstAdvertisement(of: takeover)
      (marks.lastAdvertisement, marks.lastAdvertisementStamp) = (last?.when, last?.stamp)
      (marks.firstAdvertisement, marks.firstAdvertisementStamp) = (first?.when, first?.stamp)
      marks.lastBeforeBlow = lastBeforeBlow(of: takeover.from ?? holderBefore)
      let announcements = announcements(of: takeover.to)
      marks.announcements = announcements.mapValues(\.when)
      marks.announcementStamps = announcements.compactMapValues(\.stamp)
    }
    marks.lastFrameOfOld = lastFrameOfOld()
    answers(into: &marks)
    return marks
  }

  /// A taker advertises before it announces. One that is seen long after the announcement was not
  /// the first: those before it were addressed to a peer that could not be reached.
  private func firstAdvertisement(of takeover: Transition) -> Advertised? {
    let announced = announcements(of: takeover.to).values.map(\.when.latest).min()
    return evidence.advertised.first {
      $0.node == takeover.to && $0.priority > 0 && $0.when.latest >= takeover.at.earliest
    }.flatMap { first in
      if let announced, first.when.earliest > announced + Self.disorder { return nil }
      return first
    }
  }

  /// Its goodbye counts: with priority 0 the standby waits its skew from that frame (RFC 9568, 6.4.2).
  private func lastAdvertisement(before takeover: Transition) -> Advertised? {
    evidence.advertised.last {
      $0.node == (takeover.from ?? holderBefore) && $0.when.earliest <= takeover.at.earliest
    }
  }

  private func lastBeforeBlow(of node: String?) -> [Interval] {
    let all = evidence.advertised.filter { $0.node == node && $0.priority > 0 }.map(\.when)
    return all.indices.filter { index in
      let isBefore = all[index].earliest <= blow.latest
      let isLast = index + 1 == all.endIndex || all[index + 1].latest >= blow.earliest
      return isBefore && isLast
    }.map { all[$0] }
  }

  /// A taker advertises, adds the address and announces it, within milliseconds; which of the three
  /// comes first on the wire does not matter here, so the blow is the bound.
  private func announcements(of node: String) -> [IPAddress: Used] {
    var first: [IPAddress: Used] = [:]
    for used in evidence.used
    where used.node == node && used.form == .announcement
      && used.when.latest >= blow.earliest
      && first[used.address] == nil
    {
      first[used.address] = used
    }
    return first
  }

  /// Until it has the address again by right.
  private func lastFrameOfOld() -> Interval? {
    guard let old = holderBefore else { return nil }
    let again = transitions.first { $0.to == old }?.at.earliest ?? window.to
    return evidence.used.last { $0.node == old && $0.when.earliest <= min(again, window.to) }?.when
  }

  private func answers(into marks: inout Marks) {
    for key in evidence.methods {
      let probes = evidence.probes[key, default: []].filter { $0.sent >= window.from }
      if let first = firstAnswer(of: key, among: probes) {
        marks.firstAnswers[key.name] = max(marks.firstAnswers[key.name], first)
        if key.method == .connect {
          marks.firstService[key.vantage] = max(marks.firstService[key.vantage], first)
        }
      }
      if let last = probes.last(where: \.isGood)?.answered {
        let known = marks.lastAnswers[key.name] ?? last
        marks.lastAnswers[key.name] = known.latest < last.latest ? known : last
      }
    }
  }

  /// By the new holder where the answer says whose it is; else the end of the outage that began
  /// with the blow; else, when nothing went unanswered, the first after the takeover.
  private func firstAnswer(of key: ProbeKey, among probes: [Probe]) -> Interval? {
    guard let takeover else { return nil }
    for probe in probes where probe.isGood {
      let own = probe.answers.filter {
        evidence.attribution.owner(of: $0.mac) == takeover.to
      }
      if let at = own.map(\.at).min() { return Interval(probe.sent, at) }
    }
    let named = probes.contains { probe in
      probe.answers.contains { evidence.attribution.owner(of: $0.mac) != nil }
    }
    if named { return nil }
    let own = outages.first {
      $0.vantage == key.vantage && $0.method == key.method && $0.address == key.address
        && ($0.until.map { $0.latest >= takeover.at.earliest } ?? true)
        && $0.from.earliest <= takeover.at.latest
    }
    if let own { return own.until }
    return probes.first { $0.isGood && $0.sent >= takeover.at.earliest }?.answered
  }

  private func max(_ known: Interval?, _ new: Interval) -> Interval {
    guard let known else { return new }
    return known.latest < new.latest ? new : known
  }
}
