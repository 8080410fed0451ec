// How regularly nodes advertise, and how often an address is announced.

internal import TakeoverModel

enum Pace {
  /// `advertised` is sorted by time.
  ///
  /// A node that is silent for longer than its mastership lasts and comes back after another one's
  /// turn, or after its own goodbye, begins anew: that distance is none.
  static func cadences(of advertised: [Advertised], in window: Window) -> [Cadence] {
    var last: [String: Advertised] = [:]
    var lastOfAll: Advertised?
    var found: [String: Cadence] = [:]
    for one in advertised where one.when.earliest <= window.to {
      defer {
        last[one.node] = one
        if one.priority > 0 { lastOfAll = one }
      }
      guard let before = last[one.node], before.priority > 0, one.priority > 0,
        one.when.latest >= window.from
      else { continue }
      let distance = one.when.since(before.when)
      let isAnew = distance.atMost > before.interval * Mastership.patience
      if isAnew, lastOfAll?.node != one.node { continue }
      let deviation = deviation(of: distance, from: before.interval)
      guard var cadence = found[one.node] else {
        found[one.node] = Cadence(
          node: one.node, count: 1, interval: before.interval, distance: distance,
          deviation: deviation)
        continue
      }
      cadence.count += 1
      if deviation.atLeast > cadence.deviation.atLeast {
        cadence.interval = before.interval
        cadence.distance = distance
      }
      cadence.deviation = Elapsed(
        atLeast: max(cadence.deviation.atLeast, deviation.atLeast),
        atMost: max(cadence.deviation.atMost, deviation.atMost))
      found[one.node] = cadence
    }
    return found.values.sorted { $0.node < $1.node }
  }

  private static func deviation(of distance: Elapsed, from interval: Duration) -> Elapsed {
    let early = interval - distance.atLeast
    let late = distance.atMost - interval
    let least = max(distance.atLeast - interval, interval - distance.atMost, .zero)
    return Elapsed(atLeast: least, atMost: max(early, late, least))
  }

  private static let second = Duration.seconds(1)

  /// `announcements` are of one address, sorted by time.
  static func burst(of announcements: [Used], about address: IPAddress) -> Burst? {
    var burst: Burst?
    var (surely, perhaps) = (0, 0)
    for (index, last) in announcements.enumerated() {
      // Those before it that lie within the second that ends with it.
      while last.when.latest.since(announcements[surely].when.earliest) > second, surely < index {
        surely += 1
      }
      while last.when.earliest.since(announcements[perhaps].when.latest) > second, perhaps < index {
        perhaps += 1
      }
      let (least, most) = (index - surely + 1, index - perhaps + 1)
      var next =
        burst
        ?? Burst(address: address, atLeast: 0, atMost: 0, nodes: [], from: last.when)
      if least > next.atLeast {
        next.atLeast = least
        next.nodes = Set(announcements[surely...index].map(\.node)).sorted()
        next.from = announcements[surely].when
      }
      next.atMost = max(next.atMost, most)
      burst = next
    }
    return burst
  }
}
