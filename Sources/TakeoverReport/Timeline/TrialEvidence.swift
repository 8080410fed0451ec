// Everything that bears on one trial, sorted out: the run's own doings in the order they were
// written, what the wire and the probes showed in the order of time.

internal import TakeoverModel

/// What is asked by one schedule.
struct ProbeKey: Hashable, Comparable, Sendable {
  var vantage: String
  var method: Probe.Method
  var address: IPAddress

  /// `client/echo`
  var name: String { "\(vantage)/\(method.rawValue)" }

  static func < (left: Self, right: Self) -> Bool {
    (left.vantage, left.method.rawValue, left.address)
      < (right.vantage, right.method.rawValue, right.address)
  }
}

/// An advertisement, attributed.
struct Advertised: Hashable, Sendable {
  var when: Interval
  var node: String
  var priority: Int
  var interval: Duration
  var version = 2
  var stamp: ClockStamp?
}

/// A frame that used a virtual address, attributed. `form` is nil for an ordinary datagram.
struct Used: Hashable, Sendable {
  var when: Interval
  var node: String
  var address: IPAddress
  var form: AnnouncementSeen.Form?
  var stamp: ClockStamp?
}

struct TrialEvidence: Sendable {
  /// What was seen so long before the trial counts as the state in which it began.
  static let leadIn = Duration.seconds(3)

  let site: Site
  let attribution: Attribution
  /// The run's own doings, from the trial's beginning to the next one's.
  let doings: [Observation]
  let span: Window
  let pauses: MachinePauses
  /// Sorted by time.
  private(set) var advertised: [Advertised] = []
  /// Another virtual router's advertisements that name one of the site's addresses.
  private(set) var foreign: [Advertised] = []
  private(set) var used: [Used] = []
  /// Each schedule's questions, sorted by `sent`.
  private(set) var probes: [ProbeKey: [Probe]] = [:]
  private(set) var held: [(when: Interval, seen: AddressesHeld)] = []
  private var results: [WatchResult] = []
  private(set) var processes: [(when: Interval, seen: ServiceProcessesSeen)] = []

  /// `seen` is sorted by time and reaches from the lead-in to the end of the span.
  init(
    site: Site, attribution: Attribution, doings: [Observation], span: Window,
    pauses: MachinePauses, seen: [Observation]
  ) {
    self.site = site
    self.attribution = attribution
    self.doings = doings
    self.span = span
    self.pauses = pauses
    var gathering = FrameGathering(attribution)
    for observation in seen {
      gathering.take(observation)
      take(observation)
    }
    for frame in gathering.gathered() { take(frame) }
  }

  /// Where what is known begins.
  var begin: Moment { span.from - Self.leadIn }

  var methods: [ProbeKey] { probes.keys.sorted() }

  /// What the plan's commands told: the last of each that was whole before `blow`, and all after it.
  func told(in plan: String, from blow: Moment) -> [String: [WatchResult]] {
    let own = results.filter { $0.seen.plan == plan && $0.when.earliest <= span.to }
    return Dictionary(grouping: own, by: \.seen.watch).mapValues { all in
      let before = all.lastIndex { $0.when.latest < blow } ?? all.startIndex
      return Array(all[before...])
    }
  }

  /// Whether the round was answered by a MAC that tells no node from the other.
  func hasAnonymousAnswer(_ round: Probe) -> Bool {
    round.answers.contains { attribution.owner(of: $0.mac) == nil }
  }

  private mutating func take(_ observation: Observation) {
    switch observation.event {
    case .probe(let probe):
      let key = ProbeKey(vantage: probe.vantage, method: probe.method, address: probe.address)
      probes[key, default: []].append(probe)
    case .addresses(let seen): held.append((observation.when, seen))
    case .command(let seen): results.append(WatchResult(when: observation.when, seen: seen))
    case .processes(let seen): processes.append((observation.when, seen))
    default: break
    }
  }

  private mutating func take(_ frame: SeenFrame) {
    switch frame.event {
    case .advertisement(let seen):
      // 40.95 s is the longest that a VRRPv3 advertisement can say, 255 s a VRRPv2 one.
      let interval = min(max(seen.interval, 10_000_000), 255_000_000_000)
      let one = Advertised(
        when: frame.when, node: frame.sender, priority: seen.priority,
        interval: .nanoseconds(interval), version: seen.version, stamp: frame.stamp)
      if site.vrid == nil || site.vrid == seen.vrid {
        advertised.append(one)
      } else if seen.addresses.contains(where: { address in
        site.addresses.contains { $0.address == address }
      }) {
        foreign.append(one)
      }
    case .announcement(let seen):
      // Whoever asks before taking an address does not have it yet.
      if seen.form != .probe { use(of: seen.address, in: frame, form: seen.form) }
    case .datagram(let seen): use(of: seen.address, in: frame, form: nil)
    default: break
    }
  }

  private mutating func use(
    of address: IPAddress, in frame: SeenFrame, form: AnnouncementSeen.Form?
  ) {
    used.append(
      Used(
        when: frame.when, node: frame.sender, address: address, form: form, stamp: frame.stamp))
  }
}

extension Probe {
  /// False when the question never left: then its silence says nothing.
  var wasAsked: Bool { !trouble.hasPrefix("not sent") }

  /// When a good answer was given: between the question and the first answer to it.
  var answered: Interval? {
    guard isGood, let first = answers.map(\.at).min() else { return nil }
    return Interval(sent, first)
  }
}
