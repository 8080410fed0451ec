// To whom the cloud subnet bound the addresses, gathered in one pass over the whole run, asked per trial:
// by its own decisions where they are written down, else by what its control plane answered.

internal import TakeoverModel

extension Interval {
  /// Before anybody looked: a year before the run.
  static let longAgo = Interval(at: Moment(nanoseconds: -365 * 86_400 * 1_000_000_000))
}

struct BindingTracking: Sendable {
  /// nil: the site is in no cloud.
  private let subnet: CloudSubnet?
  private let addresses: [IPAddress]
  private var decisions: [(when: Interval, seen: FabricDecision)] = []
  private var answers: [(when: Interval, seen: HavipBinding)] = []

  init(site: Site, observations: [Observation]) {
    subnet = site.cloud
    addresses = site.addresses.map(\.address)
    guard subnet != nil else { return }
    for observation in observations {
      switch observation.event {
      case .fabricDecision(let seen): decisions.append((observation.when, seen))
      case .havipBinding(let seen): answers.append((observation.when, seen))
      default: break
      }
    }
    // Questions are asked on an open schedule: a later one may be answered first.
    answers = sorted(answers)
    decisions = sorted(decisions)
  }

  private func sorted<Seen>(_ all: [(when: Interval, seen: Seen)]) -> [(
    when: Interval, seen: Seen
  )] {
    all.enumerated().sorted {
      ($0.element.when.earliest, $0.offset) < ($1.element.when.earliest, $1.offset)
    }.map(\.element)
  }

  /// nil: there is no subnet, or nobody watched it.
  func record(of trial: TrialTimeline, in window: Window) -> SubnetRecord? {
    guard let subnet, !decisions.isEmpty || !answers.isEmpty || subnet.decisions != nil else {
      return nil
    }
    var record = SubnetRecord()
    record.promisedLag = subnet.lag
    record.isRecorded = subnet.decisions != nil || !decisions.isEmpty
    record.trouble = answers.last { $0.when.earliest <= window.to }?.seen.trouble ?? ""
    record.refusals = refusals(in: window)
    for address in addresses {
      let (all, known) = course(of: address, until: window.to)
      let before = all.last { $0.from.latest < window.from }
      let since = all.filter { $0.from.latest >= window.from && $0.from.earliest <= window.to }
      record.bindings += (before.map { [$0] } ?? []) + since
      record.knownUntil[address] = known
    }
    let reading = BindingReading(trial: trial, window: window, record: record)
    record.misbindings = addresses.flatMap(reading.misbindings)
    record.lags = addresses.compactMap(reading.lag)
    record.parts = reading.parts(record.lags)
    record.reasons = addresses.flatMap { reasons(for: $0, in: trial, window, record) }
    return record
  }

  // MARK: Bindings

  /// Every change, from the first that is known on, and until when they are known; nil: not at all.
  private func course(
    of address: IPAddress, until end: Moment
  ) -> (bindings: [Binding], knownUntil: Moment?) {
    let decided = decided(for: address)
    // The subnet's own record is whole as long as it is followed.
    if !decided.isEmpty { return (decided, end) }
    return told(of: address, until: end)
  }

  private func decided(for address: IPAddress) -> [Binding] {
    var bindings: [Binding] = []
    if let owner = subnet?.owned.first(where: { $0.address == address }) {
      // Since long before anything was written down.
      bindings.append(
        Binding(
          address: address, node: owner.node, from: .longAgo, witness: .decisions))
    }
    for (when, seen) in decisions where seen.address == address {
      let node: String?
      switch seen.decision {
      case .believed, .refused: continue
      case .bound, .moved: node = seen.node ?? seen.hardware?.description ?? seen.port
      case .released: node = nil
      }
      if let last = bindings.last, last.node == node { continue }
      // What is taken from one and given to another at one instant was never nobody's.
      if let last = bindings.last, last.node == nil, last.from == when { bindings.removeLast() }
      if let last = bindings.last, last.node == node { continue }
      bindings.append(
        Binding(
          address: address, node: node, from: when, isCalled: seen.decision == .moved,
          witness: .decisions))
    }
    return bindings
  }

  /// Between two answers that differ it changed: after the first was asked for, before the second came.
  private func told(
    of address: IPAddress, until end: Moment
  ) -> (bindings: [Binding], knownUntil: Moment?) {
    var bindings: [Binding] = []
    var last: Interval?
    for (when, seen) in answers
    where seen.address == address && seen.trouble.isEmpty && when.earliest <= end {
      let node = seen.instance.isEmpty ? nil : seen.node ?? seen.instance
      if bindings.isEmpty || bindings.last?.node != node {
        let from = Interval(last?.earliest ?? when.earliest, when.latest)
        bindings.append(
          Binding(address: address, node: node, from: from, witness: .controlPlane))
      }
      last = when
    }
    return (bindings, last.map { min($0.earliest, end) })
  }

  // MARK: Refusals

  private struct Refused: Hashable {
    var address: IPAddress
    var node: String?
    var reason: String
  }

  private func refusals(in window: Window) -> [RefusedAnnouncements] {
    var found: [Refused: RefusedAnnouncements] = [:]
    for (when, seen) in decisions
    where seen.decision == .refused && addresses.contains(seen.address)
      && when.reaches(into: window)
    {
      let key = Refused(address: seen.address, node: seen.node, reason: seen.reason)
      guard let known = found[key] else {
        // What it stands for beside itself may have been before the window.
        found[key] = RefusedAnnouncements(
          address: seen.address, node: seen.node, reason: seen.reason, count: 1, first: when)
        continue
      }
      found[key]?.count = known.count.saturatingSum(seen.more).saturatingSum(1)
    }
    return found.values.sorted {
      ($0.first.earliest, $0.address, $0.node ?? "", $0.reason)
        < ($1.first.earliest, $1.address, $1.node ?? "", $1.reason)
    }
  }

  // MARK: Reasons

  /// For each holder since the blow that the address did not lead to when its time was over.
  private func reasons(
    for address: IPAddress, in trial: TrialTimeline, _ window: Window, _ record: SubnetRecord
  ) -> [String] {
    guard let subnet else { return [] }
    let turns = trial.transitions.filter { $0.at.earliest <= window.to }
    return turns.enumerated().compactMap { index, turn in
      let end = index + 1 < turns.count ? turns[index + 1].at.earliest : window.to
      let bound = record.bindings(of: address).last { $0.from.latest <= end }
      let last = decisions.last {
        $0.seen.address == address && $0.seen.node == turn.to && $0.when.earliest <= end
          && $0.when.latest >= (trial.marks.blow?.earliest ?? window.from)
          && ($0.seen.decision == .refused || $0.seen.decision == .believed)
      }?.seen
      let answer = answers.last {
        $0.seen.address == address && $0.seen.trouble.isEmpty && $0.when.earliest <= end
      }?.seen
      return SubnetReason(
        subnet: subnet, address: address, holder: turn.to,
        bound: bound.map { $0.node.map { .node($0) } ?? .nobody } ?? .unknown,
        refusal: last?.decision == .refused ? last?.reason : nil,
        isBelieved: last?.decision == .believed, associated: answer?.associated
      ).sentence
    }.unique
  }
}
