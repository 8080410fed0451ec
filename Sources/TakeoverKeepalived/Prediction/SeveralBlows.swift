// Blows that overlap: what follows of them together, where it follows.

package import TakeoverModel

extension Prediction {
  /// One of a trial's blows.
  package struct Blow: Sendable {
    /// The fault's kind, for sentences.
    package var kind: String
    package var consequence: Consequence
    package var target: Target
    /// From the trial's first blow.
    package var after: Duration
    /// Until it is healed; nil: together with the first.
    package var hold: Duration?

    package init(
      _ kind: String, _ consequence: Consequence, at target: Target, after: Duration = .zero,
      hold: Duration? = nil
    ) {
      self.kind = kind
      self.consequence = consequence
      self.target = target
      self.after = after
      self.hold = hold
    }
  }

  /// `hold`: that of the first.
  package func outlook(of blows: [Blow], for hold: Duration? = nil) -> Forecast.Outlook {
    if let unknown = blows.lazy.compactMap({ reason($0) }).first, blows.count > 1 {
      return .silent(unknown)
    }
    let telling = blows.filter { !isNothing($0) }
    switch telling.count {
    case 0:
      guard let first = blows.first else { return .silent("there is no blow") }
      return outlook(of: first.consequence, striking: first.target, for: hold)
    case 1:
      let only = telling[0]
      return later(
        outlook(
          of: only.consequence, striking: only.target,
          for: only.hold ?? hold.map { $0 - only.after }),
        by: only.after)
    case 2: return together(telling[0], telling[1])
    default: return .silent("\(telling.count) blows overlap that each mean something to VRRP")
    }
  }

  /// At whom it strikes; nil: it is not one node.
  private func struck(_ blow: Blow) -> Speaker? {
    switch hit(blow.target) {
    case .holder: holder
    case .standby: standby
    case .both, .machine: nil
    }
  }

  private func meaning(_ blow: Blow) -> Consequence {
    struck(blow).map { resolved(blow.consequence, at: $0) } ?? blow.consequence
  }

  private func isNothing(_ blow: Blow) -> Bool { meaning(blow) == .nothing }

  private func reason(_ blow: Blow) -> String? {
    guard case .open(let reason) = meaning(blow) else { return nil }
    return reason
  }

  private func later(_ outlook: Forecast.Outlook, by delay: Duration) -> Forecast.Outlook {
    guard case .promised(var promise) = outlook, delay > .zero else { return outlook }
    promise.afterBlow = promise.afterBlow.later(by: delay)
    if promise.origin == .blow { promise.wait = promise.wait.later(by: delay) }
    if promise.origin == .lastHeard {
      // Whose blow that is, the marks do not tell.
      promise.origin = .blow
      promise.wait = promise.afterBlow
      promise.others = []
      promise.point = nil
    }
    if let lapse = promise.lapse { promise.lapse = lapse + delay }
    return .promised(promise)
  }

  private func together(_ first: Blow, _ second: Blow) -> Forecast.Outlook {
    let unknown = Forecast.Outlook.silent(
      "\(first.kind) and \(second.kind) overlap, and what they come to together is not computed")
    guard first.hold == nil, second.hold == nil else { return unknown }
    let (one, two) = (meaning(first), meaning(second))
    let (at, then) = (hit(first.target), hit(second.target))
    // A goodbye that does not come through is a silence.
    if one == .goodbyesLost(own: true), two == .goodbye, at == .holder, then == .holder {
      return later(.promised(falling(silent: .gone)), by: second.after)
    }
    guard [at, then] == [.holder, .standby] || [at, then] == [.standby, .holder],
      Self.isEnd(one), Self.isEnd(two)
    else { return unknown }
    let (ofHolder, ofStandby) = at == .holder ? (one, two) : (two, one)
    // Before the standby was due: neither of them takes over from the other.
    if at == .holder {
      guard let due = outlook(of: one, striking: .holder).promise?.afterBlow.atLeast,
        second.after - first.after + Self.toSayGoodbye < due
      else { return unknown }
    }
    return later(
      .promised(nobody(after: ofHolder, and: ofStandby)),
      by: at == .holder ? first.after : second.after)
  }

  private static func isEnd(_ consequence: Consequence) -> Bool {
    switch consequence {
    case .goodbye, .departure, .silence: true
    default: false
    }
  }
}
