// Who holds the addresses now, as far as the observations tell. A pure machine: fed with events,
// asked with a moment.

package import TakeoverModel

package struct PairTracker: Sendable {
  /// How the pair stands at a moment.
  package enum Standing: Hashable, Sendable {
    /// Exactly one node holds every address, and every way of looking agrees.
    case sound(Roles)
    /// Why not, in words.
    case unsound([String])
  }

  /// Who holds and who advertises at a moment, as far as it was seen.
  package struct Sight: Sendable {
    /// Every virtual address, also one that nobody holds.
    package var holders: [IPAddress: Set<String>]
    package var advertisers: Set<String>

    package init(holders: [IPAddress: Set<String>], advertisers: Set<String>) {
      self.holders = holders
      self.advertisers = advertisers
    }
  }

  private struct Advertiser: Sendable {
    var last: Moment
    var interval: Int64
  }

  private struct Round: Sendable {
    var sent: Moment
    var nodes: Set<String>
  }

  private let site: Site
  private let nodeOfPort: [String: String]
  private var nodeOfMAC: [MACAddress: String] = [:]
  private var advertisers: [String: Advertiser] = [:]
  /// When a node was last sent somebody else's advertisement, where its port is captured.
  private var delivered: [String: Moment] = [:]
  private var rounds: [IPAddress: [Round]] = [:]
  private var held: [String: Set<IPAddress>] = [:]
  private var heldAt: [String: Moment] = [:]
  /// What the site's cloud subnet made of it; nil: it is in none.
  private var subnet: SubnetSight?
  /// Vantage, method and address of whatever is asked.
  private let expectedProbes: [String]
  /// Keyed as `expectedProbes`.
  private var lastProbe: [String: (sent: Moment, good: Bool)] = [:]
  /// When a row of the ledger was acknowledged last; nil: no ledger is kept, as far as was seen.
  private var lastRow: Moment?
  /// The captures made elsewhere that ended, or whose machine does not answer.
  package private(set) var lostCaptures: Set<String> = []

  package init(site: Site) {
    self.site = site
    var ports: [String: String] = [:]
    for point in site.captures { if let node = point.node { ports[point.name] = node } }
    nodeOfPort = ports
    subnet = SubnetSight(site)
    expectedProbes = site.vantages.flatMap { vantage in
      site.addresses.map(\.address).flatMap { address in
        site.probing.methods(for: address).map { Self.key(vantage.name, $0, address) }
      }
    }.sorted()
  }

  package mutating func take(_ observation: Observation) {
    subnet?.take(observation.event)
    switch observation.event {
    case .nodeDescribed(let description):
      for link in description.links {
        if let mac = link.mac, mac != .zero { nodeOfMAC[mac] = description.node }
      }
    case .advertisement(let seen): take(seen, at: observation.when.latest)
    case .probe(let probe): take(probe)
    case .ledger(let entry):
      lastRow = max(
        lastRow ?? .began, entry.outcome == .acknowledged ? entry.last.arrived.latest : .began)
    case .observerDied:
      for point in site.captures where observation.source == RemoteCapture.name(at: point) {
        lostCaptures.insert(point.name)
      }
    case .captureBegan(let state), .captureState(let state):
      if state.trouble.contains(RemoteWatch.silence) {
        lostCaptures.insert(state.port)
      } else {
        lostCaptures.remove(state.port)
      }
    case .addresses(let seen):
      held[seen.node] = Set(seen.addresses)
      heldAt[seen.node] = observation.when.latest
    default: break
    }
  }

  private mutating func take(_ seen: AdvertisementSeen, at moment: Moment) {
    guard site.vrid == nil || seen.vrid == site.vrid else { return }
    if seen.sight.outgoing {
      if let node = nodeOfPort[seen.sight.port] { delivered[node] = moment }
      return
    }
    guard let node = nodeOfPort[seen.sight.port] ?? nodeOfMAC[seen.sight.source] else { return }
    advertisers[node] =
      seen.priority == 0 ? nil : Advertiser(last: moment, interval: max(seen.interval, 10_000_000))
  }

  private mutating func take(_ probe: Probe) {
    if probe.method.isWitness {
      let nodes = probe.answers.compactMap(\.mac).map { nodeOfMAC[$0] ?? $0.description }
      rounds[probe.address, default: []].append(Round(sent: probe.sent, nodes: Set(nodes)))
      // Three rounds: one lost answer must not look like a released address.
      if let count = rounds[probe.address]?.count, count > 3 {
        rounds[probe.address]?.removeFirst(count - 3)
      }
    }
    // One that nobody answers is told when its wait is over, behind later ones that were answered.
    let key = Self.key(probe.vantage, probe.method, probe.address)
    guard lastProbe[key].map({ $0.sent <= probe.sent }) ?? true else { return }
    lastProbe[key] = (probe.sent, probe.isGood)
  }

  private static func key(_ vantage: String, _ method: Probe.Method, _ address: IPAddress) -> String
  {
    "\(vantage)/\(method)/\(address)"
  }

  /// Who answers for the addresses; where nobody asks, whose system has them or who advertises them.
  package func sight(at now: Moment) -> Sight {
    let advertisers = advertising(at: now)
    let isAsked = !site.vantages.isEmpty && site.probing.arp != nil
    var holders: [IPAddress: Set<String>] = [:]
    for address in site.addresses.map(\.address) {
      let having = held.filter { node, addresses in
        addresses.contains(address) && heldAt[node].map { now.since($0) < .seconds(3) } == true
      }
      holders[address] = isAsked ? answering(address, at: now) : advertisers.union(having.keys)
    }
    return Sight(holders: holders, advertisers: advertisers)
  }

  /// How the pair stands at `now`: what has not been seen for a while does not count as seen.
  package func standing(at now: Moment) -> Standing {
    let standing = standingByItself(at: now)
    let speaking = advertising(at: now)
    guard case .unsound(let reasons) = standing, let subnet, speaking.count == 1,
      let speaker = speaking.first
    else { return standing }
    return .unsound(reasons + subnet.reasons(against: speaker))
  }

  private func standingByItself(at now: Moment) -> Standing {
    var reasons: [String] = []
    var holders: Set<String> = []
    for virtual in site.addresses {
      let answering = answering(virtual.address, at: now)
      if site.vantages.isEmpty || site.probing.arp == nil { continue }
      switch answering.count {
      case 0: reasons.append("nobody answers for \(virtual.address)")
      case 1: holders.formUnion(answering)
      default:
        let names = answering.sorted().joined(separator: " and ")
        reasons.append("\(names) both answer for \(virtual.address)")
      }
    }
    let speaking = advertising(at: now)
    if speaking.count > 1 {
      reasons.append("\(speaking.sorted().joined(separator: " and ")) both send advertisements")
    }
    if holders.count > 1 { reasons.append("the addresses are on different nodes") }
    if !holders.isEmpty, !speaking.isEmpty, holders.isDisjoint(with: speaking) {
      reasons.append("\(speaking.sorted()[0]) advertises, but \(holders.sorted()[0]) answers")
    }
    guard let holder = holders.union(speaking).sorted().first else {
      return .unsound(reasons + ["no advertisement of virtual router \(site.vrid ?? 0) is seen"])
    }
    guard site.node(named: holder) != nil else {
      return .unsound(reasons + ["\(holder) answers, which is no node of this site"])
    }
    reasons += disagreements(with: holder, at: now)
    guard reasons.isEmpty else { return .unsound(reasons) }
    let standby = site.nodes.map(\.name).filter { $0 != holder }
    return .sound(Roles(holder: holder, standby: standby))
  }

  /// How often the node says that it advertises; nil where no advertisement of it is known.
  package func advertisementInterval(of node: String) -> Duration? {
    advertisers[node].map { .nanoseconds($0.interval) }
  }

  /// When the node last advertised, by the kernel's stamp; nil where none of it is known.
  package func lastAdvertisement(of node: String) -> Moment? { advertisers[node]?.last }

  private func answering(_ address: IPAddress, at now: Moment) -> Set<String> {
    let fresh = (rounds[address] ?? []).filter { now.since($0.sent) < .seconds(1) }
    return fresh.reduce(into: []) { $0.formUnion($1.nodes) }
  }

  private func advertising(at now: Moment) -> Set<String> {
    // Three intervals and one second of skew at most: the master-down interval (RFC 9568, 6.1).
    Set(
      advertisers.filter {
        now.since($0.value.last) < .nanoseconds(3 * $0.value.interval + 1_000_000_000)
      }
      .keys)
  }

  private func disagreements(with holder: String, at now: Moment) -> [String] {
    var reasons: [String] = []
    for (node, addresses) in held.sorted(by: { $0.key < $1.key }) {
      for virtual in site.addresses.map(\.address) {
        if node == holder, !addresses.contains(virtual) {
          reasons.append("\(node) answers for \(virtual), but its system does not have it")
        }
        if node != holder, addresses.contains(virtual) {
          reasons.append("\(node)'s system has \(virtual) too")
        }
      }
    }
    if let speaker = advertisers[holder] {
      for port in site.captures {
        guard let node = port.node, node != holder, site.node(named: node) != nil else { continue }
        let limit = Duration.nanoseconds(3 * speaker.interval + 1_000_000_000)
        if delivered[node].map({ now.since($0) >= limit }) ?? true {
          reasons.append("\(node) is not sent \(holder)'s advertisements")
        }
      }
    }
    // What is not answered is known only when the wait is over: until then nothing is known.
    for probe in expectedProbes where lastProbe[probe] == nil {
      reasons.append("the probe \(probe) has no answer yet")
    }
    for (probe, last) in lastProbe.sorted(by: { $0.key < $1.key }) {
      if !last.good { reasons.append("the probe \(probe) gets no answer") }
      if now.since(last.sent) > .seconds(3) { reasons.append("the probe \(probe) has stopped") }
    }
    if let lastRow, now.since(lastRow) > .seconds(2) {
      reasons.append("no row of the ledger is acknowledged")
    }
    return reasons
  }
}
