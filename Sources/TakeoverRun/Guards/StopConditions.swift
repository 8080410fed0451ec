// What ends a run by itself: the pair has stood badly for too long. A pure machine: fed with
// observations, asked with who holds what and the time.

package import TakeoverModel

package struct StopConditions: Sendable {
  /// What lasts.
  private enum Trouble: Hashable {
    case nobodyHolds(IPAddress)
    case severalHold(IPAddress)
    case severalAdvertise
    case silent(String)
  }

  /// Time during which nobody looked does not count: a coordinator that was frozen knows nothing of
  /// it, and its observers have not seen anything either.
  private static let mostBetweenLooks = Duration.seconds(2)

  private let limits: StopLimits
  private let nodes: [String]
  private var lastLook: Moment
  private var lasted: [Trouble: Duration] = [:]
  /// Nodes whose shells have answered since the last look.
  private var answered: Set<String> = []
  private var isStruck = false
  private var unstruck = 0

  package init(_ limits: StopLimits, of site: Site, from now: Moment) {
    self.limits = limits
    nodes = site.nodes.map(\.name)
    lastLook = now
  }

  package mutating func take(_ observation: Observation) {
    switch observation.event {
    case .addresses(let seen): answered.insert(seen.node)
    case .trialBegan: isStruck = false
    case .blow: isStruck = true
    case .trialEnded: unstruck = isStruck ? 0 : unstruck + 1
    default: break
    }
  }

  /// Why the run must end now, in one sentence; nil: it may go on.
  package mutating func sentence(seeing sight: PairTracker.Sight, at now: Moment) -> String? {
    let step = min(max(now.since(lastLook), .zero), Self.mostBetweenLooks)
    lastLook = now
    var met: [String] = []
    func judge(_ trouble: Trouble, _ isThere: Bool, _ limit: Duration?, _ words: String) {
      lasted[trouble] = isThere ? lasted[trouble, default: .zero] + step : nil
      guard let limit, let length = lasted[trouble], length >= limit else { return }
      met.append("\(words) for \(TimeText.chosen(limit))")
    }
    for (address, holders) in sight.holders.sorted(by: { $0.key < $1.key }) {
      judge(
        .nobodyHolds(address), holders.isEmpty, limits.nobodyHolds,
        "nobody was seen to hold \(address)")
      judge(
        .severalHold(address), holders.count > 1, limits.severalHold,
        "\(Self.listed(holders)) have held \(address) together")
    }
    judge(
      .severalAdvertise, sight.advertisers.count > 1, limits.severalHold,
      "\(Self.listed(sight.advertisers)) have advertised together")
    for node in nodes {
      judge(
        .silent(node), !answered.contains(node), limits.unreachable,
        "\(node)'s shell has not answered")
    }
    answered = []
    if let most = limits.noVerdict, unstruck >= most {
      met.append(
        unstruck == 1
          ? "a trial could not be struck" : "\(unstruck) trials in a row could not be struck")
    }
    return met.isEmpty ? nil : met.joined(separator: "; ")
  }

  private static func listed(_ names: Set<String>) -> String {
    names.sorted().joined(separator: " and ")
  }
}
