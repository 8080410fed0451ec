// Holds every node for this run: takes the locks, keeps them and the leases alive, lets them go.

internal import Synchronization
internal import TakeoverModel

final class Keeper: Sendable {
  private struct State {
    /// By ward: the lease that is in force there.
    var leases: [String: Lease] = [:]
    /// Nodes that lose what their memory holds, lock and lease among it, by right.
    var restarting: Set<String> = []
    var renewed: [String: Moment] = [:]
    var taken: Set<String> = []
    /// Why nothing more may be broken, in words.
    var trouble: String?
    var isBroken = false
  }

  private let locks: [String: NodeLock]
  /// By the keys of wards.
  private let transports: [String: any Transport]
  private let site: Site
  private let clock: any RunClock
  private let limits: Limits
  private let voice: RunVoice
  private let state = Mutex(State())

  init(_ setting: RunSetting, voice: RunVoice) {
    // A road that is cut carries no renewal, and it is cut for no longer than a lease may last.
    let longest = setting.plans.flatMap(\.trials).map(\.hold).max() ?? .zero
    let lease = setting.plans.map(\.lease).max() ?? Plan.standardLease
    let length = lease + min(longest, Plan.longestLease) + setting.limits.healing
    locks = setting.transports.mapValues { _ in
      NodeLock(token: setting.token, owner: setting.owner, length: length)
    }
    transports = setting.transports.merging(
      setting.outsides.map { (Ward.key($0.key, .outside), $0.value) }
    ) { own, _ in own }
    site = setting.site
    clock = setting.clock
    limits = setting.limits
    self.voice = voice
  }

  // MARK: Locks

  /// All nodes or none, in the order of their names, so that two runs cannot have one each.
  func take() async throws {
    for (node, lock) in locks.sorted(by: { $0.key < $1.key }) {
      let result = try await ask(node, lock.taking(for: site.name), within: .seconds(60))
      switch result.status {
      case 0:
        state.withLock { _ = $0.taken.insert(node) }
        let dead = result.text.trimmed
        if !dead.isEmpty {
          voice.say(.note(Note("\(node) was still held by \(dead), whose leases are healed now")))
        }
      case NodeLock.notAllowed:
        throw Complaint(
          "\(node) is not to be broken: \(result.errorText.trimmed)",
          remedy: "on \(node), as root: mkdir -p /etc/takeover && echo '\(site.name)' "
            + ">>\(NodeLock.permission)")
      case NodeLock.taken:
        throw Complaint(
          "\(node) is being broken already: \(result.errorText.trimmed)",
          remedy: "wait; or, if that run is dead: takeover heal with its folder or this site")
      default:
        // It may be ours already: a dead run's lease could not be healed then.
        _ = try? await ask(node, lock.release, within: limits.command)
        throw Complaint(
          "\(node) cannot be locked: \(result.errorText.trimmed)",
          remedy: "\(Procedure.root) must be writable there; see takeover heal --site")
      }
    }
  }

  /// A pair that is left broken stays locked, until that runs out by itself.
  func leaveLocked() { state.withLock { $0.isBroken = true } }

  /// Lets the locks go.
  func release() async {
    guard !state.withLock({ $0.isBroken }) else { return }
    for node in state.withLock({ $0.taken }).sorted() {
      guard let lock = locks[node] else { continue }
      _ = try? await ask(node, lock.release, within: limits.command)
    }
  }

  /// Renews what is due until it is cancelled, or until a node is not ours any more: then it says why
  /// nothing may be broken any longer.
  func keep(every period: Duration) async -> String? {
    while (try? await clock.wait(until: clock.now() + period / 2)) != nil {
      await withTaskGroup(of: Void.self) { group in
        for node in state.withLock({ $0.taken }) {
          let last = state.withLock { $0.renewed[node] } ?? .began
          guard clock.now().since(last) >= period else { continue }
          group.addTask { _ = await self.renew(node) }
        }
      }
      if let trouble = state.withLock({ $0.trouble }) { return trouble }
    }
    return nil
  }

  /// Puts the ends of the lock and of the lease off; words when the node is not ours any more. A
  /// node that cannot be reached is no news: its lease is what that is for.
  @discardableResult
  func renew(_ node: String) async -> String? {
    guard let lock = locks[node] else { return nil }
    let isRestarting = state.withLock { $0.restarting.contains(node) }
    do {
      for place in [Procedure.Place.outside, .node] {
        let key = Ward.key(node, place)
        guard let lease = state.withLock({ $0.leases[key] }), !lease.isTimer else { continue }
        if place == .node, isRestarting { continue }
        let kept = try await ask(key, lease.renewal, within: limits.command)
        if kept.status == Lease.gone { return ranOut(lease, of: key, on: node) }
      }
      if !isRestarting {
        let held = try await ask(node, lock.renewal, within: limits.command)
        if held.status != 0 {
          return lose(
            node, "its lock has passed to another run or ran out \(held.errorText.trimmed)")
        }
      }
      state.withLock { $0.renewed[node] = clock.now() }
      return nil
    } catch {
      return "\(node) cannot be asked: \(error.problem)"
    }
  }

  private func lose(_ node: String, _ why: String) -> String {
    let words = "\(node) is not held any more: \(why.trimmed)"
    state.withLock { $0.trouble = words }
    voice.say(.note(Note(words)))
    return words
  }

  private func ranOut(_ lease: Lease, of key: String, on node: String) -> String {
    let isNews = state.withLock { state in
      guard state.leases[key] == lease else { return false }
      state.leases[key] = nil
      return true
    }
    if isNews { tellOfSelfHealing(node) }
    return Self.selfHealed(node)
  }

  private static func selfHealed(_ node: String) -> String {
    "the lease ran out before it was renewed, and \(node) healed itself"
  }

  /// Whatever was measured since may have been a node that was whole.
  private func tellOfSelfHealing(_ node: String) {
    voice.say(
      .confirmed(Step(node: node, outcome: .unknown, detail: Self.selfHealed(node))))
  }

  // MARK: Leases

  /// Gives the node what heals it. nil: it watches; else why not.
  func grant(_ ward: Ward) async -> String? {
    let node = ward.node.name
    do {
      let result = try await ask(
        ward.key, ward.lease.grant([ward.healing]), within: limits.command)
      guard result.succeeded else { return "no lease on \(node): \(result.errorText.trimmed)" }
      state.withLock { state in
        state.leases[ward.key] = ward.lease
        state.renewed[node] = clock.now()
        if ward.restarts { state.restarting.insert(node) }
      }
      return nil
    } catch {
      return "no lease on \(node): \(error.problem)"
    }
  }

  /// Ends the lease of a node that is whole. False: it cannot be said that nothing is left of it.
  func end(leaseOf ward: Ward) async -> Bool {
    // No renewal from now on, lest one finds it gone and takes that for the node's own doing.
    let wasInForce = state.withLock { $0.leases.removeValue(forKey: ward.key) } == ward.lease
    let deadline = clock.now() + limits.healing
    while true {
      switch try? await ask(ward.key, ward.lease.release, within: limits.command).status {
      case 0: return true
      case Lease.gone:
        if wasInForce, !ward.lease.isTimer, !ward.losesMemory {
          tellOfSelfHealing(ward.node.name)
        }
        return true
      default: break
      }
      guard clock.now() < deadline else { return false }
      try? await clock.wait(until: clock.now() + .milliseconds(500))
    }
  }

  /// Takes the lock again of a node that was started anew: nobody may have it meanwhile. nil: it is
  /// ours.
  func retake(_ node: String) async -> String? {
    guard let lock = locks[node] else { return nil }
    do {
      let result = try await ask(node, lock.taking(for: site.name), within: .seconds(60))
      guard result.succeeded else { return result.errorText.trimmed }
      state.withLock { _ = $0.restarting.remove(node) }
      return nil
    } catch {
      return error.problem
    }
  }

  private func ask(
    _ key: String, _ command: Command, within limit: Duration
  ) async throws(TransportError) -> CommandResult {
    guard let transport = transports[key] else {
      throw TransportError(.misconfigured, "the site has no node \(key)", remedy: "name another")
    }
    return try await transport.run(command, within: limit)
  }
}

extension String {
  /// Without the blanks and line ends around it.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}
