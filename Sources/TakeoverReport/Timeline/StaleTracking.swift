// For how long a client's neighbour entry led to a node that was not the holder, over all changes of
// hands in the window. (How the first takeover reached the clients is CacheHealing's matter.)

internal import TakeoverModel

struct StaleTracking: Sendable {
  let trial: TrialTimeline
  let window: Window
  let attribution: Attribution

  func found(in caches: CacheHealing, at site: Site) -> [Staleness] {
    guard let holder = trial.holderBefore else { return [] }
    return site.vantages.flatMap { vantage in
      site.addresses.compactMap { virtual in
        staleness(
          Staleness(vantage: vantage.name, address: virtual.address), heldBy: holder,
          entries: caches.entries(of: virtual.address, at: vantage.name))
      }
    }
  }

  private enum Change {
    case holder(String)
    /// To whom the entry leads; nil: nowhere, or to whoever is the master (a virtual MAC).
    case entry(String?)
  }

  /// nil: the entry was not watched when the blow fell.
  private func staleness(
    _ blank: Staleness, heldBy first: String, entries: [(when: Interval, mac: MACAddress?)]
  ) -> Staleness? {
    guard let before = entries.last(where: { $0.when.latest <= window.from }) else { return nil }
    let later = entries.filter { $0.when.latest > window.from && $0.when.earliest <= window.to }
    let changes =
      trial.transitions.map { (at: $0.at, change: Change.holder($0.to)) }
      + later.map { (at: $0.when, change: Change.entry(attribution.owner(of: $0.mac))) }
    var found = blank
    var (holder, led) = (first, attribution.owner(of: before.mac))
    var began = Interval(at: window.from)
    var isStale = led.map { $0 != holder } ?? false
    if isStale { (found.led, found.holder) = (led, holder) }
    var start = (led: led, holder: holder)
    func close(at end: Interval) {
      let length = end.since(began)
      if length.atLeast > found.length.atLeast || found.led == nil {
        (found.led, found.holder) = (start.led, start.holder)
      }
      found.length = Elapsed(
        atLeast: max(found.length.atLeast, length.atLeast, .zero),
        atMost: max(found.length.atMost, length.atMost, .zero))
    }
    for (at, change) in changes.sorted(by: { $0.at.latest < $1.at.latest }) {
      switch change {
      case .holder(let node): holder = node
      case .entry(let node): led = node
      }
      let nowStale = led.map { $0 != holder } ?? false
      if nowStale, !isStale {
        began = at
        start = (led, holder)
      }
      if isStale, !nowStale { close(at: at) }
      isStale = nowStale
    }
    if isStale { close(at: Interval(at: window.to)) }
    return found
  }
}
