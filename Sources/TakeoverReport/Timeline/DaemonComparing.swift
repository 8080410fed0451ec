// Puts what the daemons said of themselves beside what the wire and the kernels showed before and after.
// Where these two differ, something changed meanwhile, and nothing is compared.

internal import TakeoverModel

struct DaemonComparing: Sendable {
  /// What was seen so long before, or after, the reading tells nothing of it.
  private static let fresh = Duration.milliseconds(1_500)

  let evidence: TrialEvidence
  let blow: Interval

  /// When the daemons were asked for the first time after the blow; nil: they were not.
  static func begin(in doings: [Observation], after blow: Interval) -> Moment? {
    doings.lazy.compactMap { doing -> Moment? in
      guard case .daemonView = doing.event, doing.when.earliest >= blow.latest else { return nil }
      return doing.when.earliest
    }.min()
  }

  /// In the order of time, and of the site's nodes.
  func readings() -> [DaemonReading] {
    let spans = Mastership(evidence.advertised, seenUntil: evidence.span.to).spans
    let said = evidence.doings.compactMap { doing -> DaemonReading? in
      guard case .daemonView(let view) = doing.event else { return nil }
      return DaemonReading(
        stage: doing.when.earliest >= blow.latest ? .after : .before, when: doing.when, view: view)
    }
    return DaemonReading.Stage.allCases.flatMap { stage in
      evidence.site.nodes.compactMap { node in
        guard var reading = said.last(where: { $0.stage == stage && $0.view.node == node.name })
        else { return nil }
        reading.comparisons = comparisons(reading, spans.filter { $0.node == node.name })
        return reading
      }
    }
  }

  private func comparisons(
    _ reading: DaemonReading, _ spans: [AdvertisingSpan]
  ) -> [DaemonReading.Comparison] {
    let view = reading.view
    return view.instances.compactMap { instance in
      let own = evidence.site.addresses.map(\.address).filter(instance.addresses.contains)
      guard !own.isEmpty else { return nil }
      var comparison = DaemonReading.Comparison(instance: instance, addresses: own)
      comparison.held = held(own, by: view.node, around: reading.when)
      // Of the advertisements it is known whose they are and which number they have, no more: two
      // instances of one number, one for each family, are not told apart.
      let isAlone = view.instances.count { $0.vrid == instance.vrid } == 1
      let isWatched = evidence.site.vrid.map { $0 == instance.vrid } ?? (view.instances.count == 1)
      if isAlone, isWatched, !evidence.advertised.isEmpty {
        comparison.advertises = spans.advertise(reading.when)
        comparison.advertisedPriority = priority(of: view.node, around: reading.when)
      }
      return comparison
    }
  }

  private func held(
    _ addresses: [IPAddress], by node: String, around when: Interval
  ) -> [IPAddress]? {
    let looks = evidence.held.filter { $0.seen.node == node }
    guard let before = looks.last(where: { $0.when.latest <= when.earliest }),
      let after = looks.first(where: { $0.when.earliest >= when.latest }),
      when.earliest.since(before.when.latest) <= Self.fresh,
      after.when.earliest.since(when.latest) <= Self.fresh
    else { return nil }
    let had = addresses.filter(before.seen.addresses.contains)
    return had == addresses.filter(after.seen.addresses.contains) ? had : nil
  }

  private func priority(of node: String, around when: Interval) -> Int? {
    let own = evidence.advertised.filter { $0.node == node }
    guard let before = own.last(where: { $0.when.latest <= when.earliest }),
      let after = own.first(where: { $0.when.earliest >= when.latest }),
      before.priority == after.priority, before.priority > 0
    else { return nil }
    return before.priority
  }
}

extension TrialTimeline {
  mutating func compareDaemons(_ evidence: TrialEvidence, blow: Interval) {
    daemonReadings = DaemonComparing(evidence: evidence, blow: blow).readings()
    refusedAdvertisements = Self.refused(in: daemonReadings)
  }

  /// What the counters grew by. A daemon of other processes counted from nothing.
  private static func refused(in readings: [DaemonReading]) -> [RefusedAdvertisements] {
    readings.filter { $0.stage == .after }.flatMap { after in
      let before = readings.first { $0.stage == .before && $0.view.node == after.view.node }
      let goesOn = before.map { $0.view.processes == after.view.processes } ?? false
      return after.view.instances.flatMap { instance -> [RefusedAdvertisements] in
        guard let now = instance.counters, before?.view.trouble.isEmpty == true else { return [] }
        let then = before?.view.instances.first { $0.name == instance.name }?.counters
        return DaemonView.Refusal.allCases.compactMap { reason in
          let had = goesOn ? max(then?.refused[reason] ?? 0, 0) : 0
          let count = max(now.refused[reason] ?? 0, 0) - had
          guard count > 0 else { return nil }
          return RefusedAdvertisements(
            node: after.view.node, daemon: after.view.daemon, vrid: instance.vrid, reason: reason,
            count: count)
        }
      }
    }
  }
}
