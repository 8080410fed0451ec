// What became of the services' processes: which went and which came since the blow.

internal import TakeoverModel

struct DaemonTracking: Sendable {
  /// Without a look in so long at the end nobody knows what runs there.
  private static let fresh = Duration.seconds(3)

  let evidence: TrialEvidence
  let window: Window

  /// One for each service that a node of the site has, where processes were looked at at all.
  func records() -> [DaemonRecord] {
    guard !evidence.processes.isEmpty else { return [] }
    return evidence.site.nodes.flatMap { node in
      node.services.keys.sorted().map { record(of: $0, on: node.name) }
    }
  }

  private struct Look {
    var when: Interval
    var processes: [ServiceProcessesSeen.Process]
  }

  private func record(of service: String, on node: String) -> DaemonRecord {
    let looks = evidence.processes.filter { $0.seen.node == node }.compactMap { look in
      look.seen.services.first { $0.name == service }
        .map { Look(when: look.when, processes: $0.processes) }
    }
    let before = looks.last { $0.when.latest <= window.from }
    let after = looks.last { window.to.since($0.when.latest) <= Self.fresh }
    return DaemonRecord(
      node: node, service: service, ranBefore: before.map { !$0.processes.isEmpty },
      runsAfter: after.map { !$0.processes.isEmpty }, events: events(in: looks))
  }

  /// What is seen once only is no process of the daemon's but a script that it runs, unless it is
  /// the first process. A change lies between two looks.
  private func events(in looks: [Look]) -> [DaemonRecord.Event] {
    var places: [ServiceProcessesSeen.Process: (first: Int, last: Int, leads: Bool)] = [:]
    for (index, look) in looks.enumerated() {
      for (place, process) in look.processes.enumerated() {
        let known = places[process]
        places[process] = (
          known?.first ?? index, index, place == 0 || (known?.leads ?? false)
        )
      }
    }
    var events: [DaemonRecord.Event] = []
    func add(_ process: Int, _ change: DaemonRecord.Change, between one: Int, and other: Int) {
      let at = Interval(looks[one].when.earliest, looks[other].when.latest)
      guard at.latest >= window.from, at.earliest <= window.to else { return }
      events.append(.init(process: process, change: change, at: at))
    }
    for (process, place) in places where place.leads || place.last > place.first {
      if place.first > 0 { add(process.id, .came, between: place.first - 1, and: place.first) }
      if place.last + 1 < looks.count {
        add(process.id, .went, between: place.last, and: place.last + 1)
      }
    }
    return events.sorted { ($0.at.latest, $0.process) < ($1.at.latest, $1.process) }
  }
}
