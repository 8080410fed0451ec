// From who held an address and to whom it was bound to times: how long it led elsewhere, how long the
// subnet took to follow, and what of an outage that was.

internal import TakeoverModel

struct BindingReading: Sendable {
  let trial: TrialTimeline
  let window: Window
  let record: SubnetRecord

  private enum Change {
    case holder(String)
    case bound(String?)
  }

  /// When the pair had handed an address over: the new holder's announcement, where it was seen, for
  /// before that the subnet can know nothing.
  private func handedOver(_ turn: Transition, _ address: IPAddress) -> Interval {
    guard turn == trial.takeover, let announced = trial.marks.announcements[address] else {
      return turn.at
    }
    return announced
  }

  /// The stretches of the window in which the address led elsewhere than to its holder. Nothing is said
  /// where the binding is not known.
  func misbindings(of address: IPAddress) -> [Misbinding] {
    let bindings = record.bindings(of: address)
    guard let first = bindings.first, first.from.latest <= window.to else { return [] }
    var changes: [(at: Interval, change: Change)] =
      trial.transitions.map { (handedOver($0, address), .holder($0.to)) }
      + bindings.dropFirst().map { ($0.from, .bound($0.node)) }
    changes.sort { ($0.at.latest, $0.at.earliest) < ($1.at.latest, $1.at.earliest) }
    var holder = trial.holderBefore
    var bound = first.node
    var found: [Misbinding] = []
    var open: Misbinding?
    func look(at when: Interval) {
      let agrees = holder == nil || holder == bound
      if let current = open, agrees || current.bound != bound || current.holder != holder {
        found.append(Self.ended(current, at: when))
        open = nil
      }
      guard open == nil, !agrees, let holder else { return }
      open = Misbinding(
        address: address, holder: holder, bound: bound, from: when, until: nil,
        length: Elapsed(exactly: .zero))
    }
    look(at: Interval(at: max(window.from, first.from.latest)))
    for (at, change) in changes {
      switch change {
      case .holder(let name): holder = name
      case .bound(let name): bound = name
      }
      look(at: at)
    }
    if var last = open {
      let known = min(record.knownUntil[address] ?? last.from.latest, window.to)
      last.length = Elapsed(
        atLeast: max(.zero, known.since(last.from.latest)),
        atMost: max(.zero, window.to.since(last.from.earliest)))
      found.append(last)
    }
    return found
  }

  private static func ended(_ stretch: Misbinding, at when: Interval) -> Misbinding {
    var stretch = stretch
    let length = when.since(stretch.from)
    stretch.until = when
    stretch.length = Elapsed(
      atLeast: max(.zero, length.atLeast), atMost: max(.zero, length.atMost))
    return stretch
  }

  /// From the new holder's announcement to the binding to it; nil: it was not announced, or not bound.
  func lag(of address: IPAddress) -> BindingLag? {
    guard let takeover = trial.takeover, let announced = trial.marks.announcements[address] else {
      return nil
    }
    let next = trial.transitions.first { $0.at.earliest > takeover.at.latest }?.at.earliest
    let bound = record.bindings(of: address).last {
      $0.from.latest <= announced.earliest
    }
    // A call may have moved it before the announcement was made.
    if let bound, bound.node == takeover.to {
      return BindingLag(
        address: address, node: takeover.to, length: Elapsed(exactly: .zero),
        isCalled: bound.isCalled)
    }
    let follows = record.bindings(of: address).first {
      $0.node == takeover.to && $0.from.latest >= announced.earliest
    }
    guard let follows, follows.from.earliest <= next ?? window.to else { return nil }
    let length = follows.from.since(announced)
    return BindingLag(
      address: address, node: takeover.to,
      length: Elapsed(atLeast: max(.zero, length.atLeast), atMost: max(.zero, length.atMost)),
      isCalled: follows.isCalled)
  }

  /// An outage that was there when the new holder announced the address and that ended no sooner than
  /// the binding came, was ended by it.
  func parts(_ lags: [BindingLag]) -> [OutageParts] {
    lags.flatMap { lag -> [OutageParts] in
      guard let announced = trial.marks.announcements[lag.address],
        let takeover = trial.sinceBlow(announced)
      else { return [] }
      let bound = Interval(
        announced.earliest + lag.length.atLeast, announced.latest + lag.length.atMost)
      return trial.outages.filter { outage in
        guard outage.address == lag.address, let until = outage.until else { return false }
        return outage.from.earliest <= announced.latest && until.latest >= bound.earliest
      }.map { OutageParts(outage: $0, takeover: takeover, lag: lag.length) }
    }
  }
}
