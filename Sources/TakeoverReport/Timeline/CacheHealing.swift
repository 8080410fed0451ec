// How the clients' neighbour entries came to lead to the new holder: by its announcement, by the
// clients' own asking, or not at all.

internal import TakeoverModel

struct CacheHealing: Sendable {
  /// An announcement heals at once or not at all; what comes later has another cause.
  static let announced = Duration.milliseconds(500)

  private struct Key: Hashable {
    var vantage: String
    var address: IPAddress
  }

  private struct Change {
    var when: Interval
    var entry: NeighbourEntry
  }

  private struct Announcement {
    var when: Interval
    var node: String
    var address: IPAddress
  }

  private let attribution: Attribution
  /// In the order in which they were written: each entry's changes are in the order of time.
  private var changes: [Key: [Change]] = [:]
  private var announcements: [Announcement] = []

  init(_ observations: [Observation], attribution: Attribution) {
    self.attribution = attribution
    for observation in observations {
      switch observation.event {
      case .neighbour(let entry):
        changes[Key(vantage: entry.vantage, address: entry.address), default: []]
          .append(Change(when: observation.when, entry: entry))
      case .announcement(let seen) where seen.form == .announcement:
        guard let node = attribution.sender(of: observation.event)?.name else { continue }
        announcements.append(
          Announcement(when: observation.when, node: node, address: seen.address))
      default: break
      }
    }
  }

  /// The entry's changes in the order of time.
  func entries(
    of address: IPAddress, at vantage: String
  ) -> [(when: Interval, mac: MACAddress?)] {
    changes[Key(vantage: vantage, address: address), default: []].map { ($0.when, $0.entry.mac) }
  }

  /// One for each entry that was watched when the blow fell, in the site's order. Empty when nobody
  /// took over.
  func repairs(of trial: TrialTimeline, at site: Site) -> [CacheRepair] {
    guard let takeover = trial.takeover, let blow = trial.marks.blow, let window = trial.window
    else { return [] }
    // What the next takeover does to the entry is not this one's work.
    let next = trial.transitions.first { $0.at.earliest > takeover.at.latest }?.at.earliest
    let end = min(next ?? window.to, window.to)
    return site.vantages.flatMap { vantage in
      site.addresses.compactMap { virtual in
        let all = changes[Key(vantage: vantage.name, address: virtual.address), default: []]
        return repair(
          all.filter { $0.when.latest <= end }, takeover: takeover, blow: blow.earliest, end: end)
      }
    }
  }

  private func repair(
    _ changes: [Change], takeover: Transition, blow: Moment, end: Moment
  ) -> CacheRepair? {
    guard let before = changes.last(where: { $0.when.latest <= blow }), let last = changes.last
    else { return nil }
    var repair = CacheRepair(
      vantage: before.entry.vantage, address: before.entry.address, way: .never,
      watched: max(.zero, end.since(takeover.at.earliest)), last: name(of: last.entry.mac))
    let after = changes.filter { $0.when.latest > blow }
    guard before.entry.mac != nil else {
      repair.way = .noEntry
      return repair
    }
    let isRight = { (change: Change) in
      // A virtual router's MAC leads to whoever is the master (RFC 9568 7.3).
      change.entry.mac.map { $0.isShared || attribution.owner(of: $0) == takeover.to } ?? false
    }
    let leadsAway = { (change: Change) in change.entry.mac != nil && !isRight(change) }
    if isRight(before), !after.contains(where: leadsAway) {
      repair.way = .nothing
      return repair
    }
    // It must not lead to another one later: a loser's last word would undo the repair.
    let settled = after.suffix(from: (after.lastIndex(where: leadsAway) ?? -1) + 1)
    guard isRight(last), let healed = settled.first(where: isRight) else { return repair }
    let since = healed.when.since(takeover.at)
    repair.way = wasAnnounced(healed, by: takeover.to) ? .announced : .detected
    repair.at = healed.when
    repair.length = Elapsed(atLeast: max(.zero, since.atLeast), atMost: max(.zero, since.atMost))
    return repair
  }

  /// An announcement makes an entry stale: it says where, not that the way back is open (RFC 4861
  /// 7.2.5, and the same in Linux for ARP). An entry that became reachable was answered a question.
  private func wasAnnounced(_ change: Change, by node: String) -> Bool {
    guard change.entry.state != .reachable else { return false }
    return announcements.contains {
      $0.node == node && $0.address == change.entry.address
        && $0.when.earliest <= change.when.latest
        && change.when.earliest <= $0.when.latest + Self.announced
    }
  }

  private func name(of mac: MACAddress?) -> String? {
    mac.map { attribution.owner(of: $0) ?? $0.description }
  }
}
