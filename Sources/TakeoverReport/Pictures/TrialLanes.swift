// What a picture of a trial shows, before anybody draws it: a stretch of the axis and a lane for each
// thing that was watched. The page, the files and the text of a job's summary are drawn from it.

internal import TakeoverModel

struct TrialLanes: Sendable {
  enum Tone: Hashable, Sendable {
    /// By its place in the site: the first and the second node have colours of their own.
    case node(Int)
    case good, bad, doubtful
  }

  enum Item: Hashable, Sendable {
    /// Surely from the latest beginning to the earliest end, perhaps from the earliest to the latest.
    case span(from: Interval, until: Interval, Tone)
    case tick(Interval, Tone, isHollow: Bool)
    case tip(Interval, Tone)
    case words(Interval, String, Tone)
  }

  struct Lane: Hashable, Sendable {
    var name: String
    var items: [Item]
  }

  /// A time that is measured out above the lanes.
  struct Gap: Hashable, Sendable {
    var from: Interval
    var to: Interval
    /// `2.7813 s ± 220 µs until a has it`
    var words: String
  }

  var shown: Window
  var blow: Interval
  var healing: Interval?
  var gap: Gap?
  var due: DueWindow?
  /// What `takeover-within` allows, from the blow.
  var limit: Duration?
  var lanes: [Lane]

  /// More addresses of a node, schedules or watches than this are in the tables only.
  private static let most = 4

  /// nil: there was no blow, so there is nothing to show.
  init?(of trial: TrialTimeline, at site: Site) {
    guard let blow = trial.marks.blow, let window = trial.window else { return nil }
    let focus = PictureFocus(of: trial, blow: blow, window: window)
    shown = focus.shown
    self.blow = blow
    healing = trial.healing
    due = trial.due.flatMap { $0.when.earliest <= focus.shown.to ? $0 : nil }
    limit = focus.limit
    if let taken = trial.taken, let length = trial.sinceBlow(taken.at), let to = trial.takeover?.to
    {
      gap = Gap(from: blow, to: taken.at, words: "\(length) until \(to) has it")
    }
    lanes = []
    let names = Self.names(trial, at: site)
    lanes.append(Self.doings(trial, names))
    lanes += Self.claims(trial, names, window, at: site)
    lanes += Self.together(trial, window)
    lanes += Self.sent(trial.course.advertisements, "advertises", names, within: shown) {
      .tick($0.when, $1, isHollow: $0.isGoodbye)
    }
    lanes += Self.sent(trial.course.announcements, "announces", names, within: shown) {
      .tip($0.when, $1)
    }
    lanes += Self.probes(trial, window, isService: false)
    lanes += Self.probes(trial, window, isService: true)
    lanes += Self.told(trial, window)
  }

  /// The site's nodes, then whoever else held or sent something.
  private static func names(_ trial: TrialTimeline, at site: Site) -> [String] {
    let others =
      trial.claims.map(\.node) + trial.course.advertisements.map(\.node)
      + trial.course.announcements.map(\.node)
    return (site.nodes.map(\.name) + others).unique
  }

  // MARK: The lanes

  private static func doings(_ trial: TrialTimeline, _ names: [String]) -> Lane {
    var items: [Item] = []
    for blow in trial.course.blows {
      let tone = tone(of: blow.node, names)
      items.append(.tick(blow.when, .bad, isHollow: false))
      items.append(.words(blow.when, "\(blow.fault.kind) on \(blow.node)", tone))
    }
    if let healing = trial.healing {
      items.append(.tick(healing, .good, isHollow: false))
      items.append(.words(healing, "healing", .good))
    }
    return Lane(name: "blow", items: items)
  }

  private static func tone(of node: String, _ names: [String]) -> Tone {
    .node(names.firstIndex(of: node) ?? names.count)
  }

  private static func claims(
    _ trial: TrialTimeline, _ names: [String], _ window: Window, at site: Site
  ) -> [Lane] {
    let addresses = trial.addresses.prefix(most)
    return names.flatMap { node in
      addresses.compactMap { address -> Lane? in
        let own = trial.claims.filter { $0.node == node && $0.address == address }
        // That a member of the pair never had it is worth a lane, too.
        let isMember = site.node(named: node) != nil && addresses.count == 1
        guard !own.isEmpty || isMember else { return nil }
        let end = Interval(at: window.to)
        return Lane(
          name: "\(node) has \(address)",
          items: own.map { .span(from: $0.from, until: $0.until ?? end, tone(of: node, names)) })
      }
    }
  }

  /// Where two nodes held one address: each pair of claims, as far as they surely overlap.
  private static func together(_ trial: TrialTimeline, _ window: Window) -> [Lane] {
    guard !trial.overlaps.isEmpty else { return [] }
    var items: [Item] = []
    for overlap in trial.overlaps {
      let own = trial.claims.filter {
        $0.address == overlap.address && overlap.nodes.contains($0.node)
      }
      for (index, one) in own.enumerated() {
        for other in own[(index + 1)...] where other.node != one.node {
          let end = Interval(at: window.to)
          let (until, otherUntil) = (one.until ?? end, other.until ?? end)
          let from = max(one.from.latest, other.from.latest, window.from)
          let to = min(until.earliest, otherUntil.earliest, window.to)
          guard from < to else { continue }
          items.append(.span(from: Interval(at: from), until: Interval(at: to), .bad))
        }
      }
    }
    return items.isEmpty ? [] : [Lane(name: "two holders", items: items)]
  }

  private static func sent(
    _ frames: [Course.Sent], _ verb: String, _ names: [String], within shown: Window,
    _ item: (Course.Sent, Tone) -> Item
  ) -> [Lane] {
    names.compactMap { node in
      let own = frames.filter {
        $0.node == node && $0.when.latest >= shown.from && $0.when.earliest <= shown.to
      }
      guard !own.isEmpty else { return nil }
      return Lane(
        name: "\(node) \(verb)", items: own.map { item($0, tone(of: node, names)) })
    }
  }

  private static func probes(
    _ trial: TrialTimeline, _ window: Window, isService: Bool
  ) -> [Lane] {
    let asked = trial.probed.filter { $0.asked > 0 && ($0.method == .connect) == isService }
    let places = asked.map { "\($0.vantage)/\($0.method.rawValue)" }.unique
    return places.prefix(most).map { place in
      let outages = trial.outages.filter { "\($0.vantage)/\($0.method.rawValue)" == place }
      let whole = Item.span(
        from: Interval(at: window.from), until: Interval(at: window.to), .good)
      let silent = outages.map {
        Item.span(from: $0.from, until: $0.until ?? Interval(at: window.to), .bad)
      }
      return Lane(name: place, items: [whole] + silent)
    }
  }

  /// What the plan's own commands told of the application: each result holds until the next one.
  private static func told(_ trial: TrialTimeline, _ window: Window) -> [Lane] {
    trial.told.keys.sorted().prefix(most).map { watch in
      let results = trial.told[watch, default: []]
      let items = results.enumerated().map { index, result -> Item in
        let next = index + 1 < results.count ? results[index + 1].when : Interval(at: window.to)
        let tone: Tone =
          switch result.seen.status {
          case 0: .good
          case nil: .doubtful
          default: .bad
          }
        return .span(from: Interval(at: result.when.latest), until: next, tone)
      }
      return Lane(name: watch, items: items)
    }
  }
}
