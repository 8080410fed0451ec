// All virtual routers that are watched: the site's own, or, where no site is known, each that speaks up
// in the segment.

package import TakeoverModel

package struct SegmentWatch: Sendable {
  /// A virtual router of one address family: IPv4 and IPv6 may use one id for different ones.
  package struct Router: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var vrid: Int
    package var isV4: Bool

    package static func < (left: Self, right: Self) -> Bool {
      (left.vrid, left.isV4 ? 0 : 1) < (right.vrid, right.isV4 ? 0 : 1)
    }

    package var description: String { "virtual router \(vrid)\(isV4 ? "" : " (IPv6)")" }
  }

  /// There are 255 of them for each family (RFC 9568, 5.2.3); more speakers than members are a flood.
  private static let mostRouters = 512

  package let site: Site
  private let began: Moment
  /// The site's own; nil: none is known.
  private var own: PairWatch?
  private var found: [Router: PairWatch] = [:]
  /// Where no site is known and nobody was heard yet: how the capture itself fares.
  private var unheard: PairWatch
  /// Other routers that were heard beside the site's own.
  package private(set) var others: Set<Router> = []
  package private(set) var lastSeen: Moment

  /// A site without nodes stands for a segment that nothing is known of.
  package init(site: Site, from began: Moment = .began) {
    self.site = site
    self.began = began
    lastSeen = began
    unheard = PairWatch(site: site, from: began)
    own = site.nodes.isEmpty ? nil : PairWatch(site: site, from: began)
  }

  /// The watched pairs with what to call them: nothing where there is one only.
  package var pairs: [(name: String, watch: PairWatch)] {
    if let own { return [("", own)] }
    return found.keys.sorted().compactMap { router in
      found[router].map { (router.description, $0) }
    }
  }

  package mutating func take(_ observation: Observation) -> [PairNotice] {
    lastSeen = max(lastSeen, observation.when.latest)
    if case .advertisement(let seen) = observation.event {
      let router = Router(vrid: seen.vrid, isV4: seen.from.isV4)
      if own != nil {
        if let vrid = site.vrid, vrid != seen.vrid, others.count < Self.mostRouters {
          others.insert(router)
        }
      } else if found[router] == nil, found.count < Self.mostRouters {
        var one = site
        one.vrid = seen.vrid
        found[router] = PairWatch(site: one, from: observation.when.latest)
      }
      if own == nil { return each(router) { $0.take(observation) } }
    }
    if own == nil, found.isEmpty {
      switch observation.event {
      case .captureBegan, .captureState, .observerDied: return unheard.take(observation)
      default: return []
      }
    }
    return each { $0.take(observation) }
  }

  package mutating func pass(_ now: Moment) -> [PairNotice] {
    lastSeen = max(lastSeen, now)
    return each { $0.pass(now) }
  }

  private mutating func each(
    _ only: Router? = nil, _ act: (inout PairWatch) -> [PairNotice]
  ) -> [PairNotice] {
    if var pair = own {
      let notices = act(&pair)
      own = pair
      return notices
    }
    return found.keys.sorted().filter { only == nil || $0 == only }.flatMap { router in
      guard var pair = found[router] else { return [PairNotice]() }
      let notices = act(&pair)
      found[router] = pair
      return notices.map { notice in
        var named = notice
        named.sentence = "\(router): \(notice.sentence)"
        return named
      }
    }
  }
}
