// One trial: gate, blow, hold, heal, redundancy again. Whatever happens after the undo log was
// written, the healing is carried out.

internal import TakeoverModel

/// A node is not such that this fault could be done to it.
private struct Lack: Error {
  let words: String
}

struct TrialCourse: Sendable {
  let runner: Runner
  let header: TrialHeader
  let trial: Trial

  private var clock: any RunClock { runner.setting.clock }
  private var limits: Limits { runner.setting.limits }
  private var voice: RunVoice { runner.voice }

  /// What became of the worst of the nodes.
  func run() async -> Healed {
    guard let roles = await gate() else { return .asPlanned }
    let strikes: [Strike]
    do {
      strikes = try await plan(for: roles)
      try await proveSurvivor(besides: strikes.map(\.node.name))
    } catch let lack as Lack {
      voice.say(.trialSkipped(Note(lack.words)))
      return .asPlanned
    } catch {
      voice.say(.gateRefused(Note("\(error)")))
      return .asPlanned
    }
    let (healed, trouble) = await withLeases(strikes) { strikes in
      await withProcedures(strikes) {
        await Striking(runner: runner, header: header, trial: trial)
          .strikeAndHold(strikes, expecting: roles)
      }
    }
    if let trouble { voice.say(.gateRefused(Note(trouble))) }
    if healed == .asPlanned, trouble == nil { await restoreRedundancy() }
    return healed
  }

  /// Waits until exactly one node holds the addresses and everything agrees, calm for a while.
  private func gate() async -> Roles? {
    await runner.awaitCaptures(within: trial.recover)
    switch await soundRoles(within: trial.recover) {
    case .sound(let roles):
      voice.say(.gatePassed(roles))
      return roles
    case .unsound(let reasons):
      voice.say(.gateRefused(Note(reasons.joined(separator: "; "))))
      return nil
    }
  }

  /// Every way of looking agrees, for a while, and every node could take over.
  private func soundRoles(within limit: Duration) async -> PairTracker.Standing {
    let deadline = clock.now() + limit
    let readiness = Readiness(
      site: runner.setting.site, transports: runner.setting.transports,
      limits: limits, services: Readiness.services(for: trial.fault))
    var soundSince: (moment: Moment, roles: Roles)?
    while true {
      let now = clock.now()
      var standing = runner.pair.standing(at: now)
      if case .sound(let roles) = standing {
        if let since = soundSince, since.roles == roles {
          if now.since(since.moment) >= limits.calm {
            let complaints = await readiness.complaints()
            if complaints.isEmpty { return standing }
            standing = .unsound(complaints)
            soundSince = nil
          }
        } else {
          soundSince = (now, roles)
        }
      } else {
        soundSince = nil
      }
      if soundSince == nil, now >= deadline { return standing }
      do {
        try await clock.wait(until: now + limits.look)
      } catch {
        return .unsound(["interrupted while waiting for a sound pair"])
      }
    }
  }

  /// Decides everything before anything is touched.
  private func plan(for roles: Roles) async throws -> [Strike] {
    let site = runner.setting.site
    let names: [String]
    switch trial.target {
    case .holder: names = [roles.holder]
    case .standby: names = roles.standby
    case .both: names = site.nodes.map(\.name)
    case .node(let name): names = [name]
    }
    guard !names.isEmpty else {
      throw Complaint(
        "the target \(trial.target) is nobody: nothing would be struck",
        remedy: "name a node, or give the site a second one")
    }
    let fault = try runner.setting.faults.fault(trial.fault)
    var strikes: [Strike] = []
    for name in names {
      guard let node = site.node(named: name), let transport = runner.setting.transports[name]
      else {
        throw Complaint(
          "the site has no node \"\(name)\"",
          remedy: "name one of \(site.nodes.map(\.name).joined(separator: ", "))")
      }
      let commands = NodeCommands(node: name, transport: transport, clock: clock, limits: limits)
      let procedure = try fault.procedure(on: node, in: site)
      if let lack = try await commands.lack(
        of: type(of: fault).declaration.requires, for: procedure)
      {
        throw Lack(words: lack)
      }
      let cutsRoad = try await commands.cutsRoad(procedure, to: node)
      strikes.append(
        Strike(
          node: node, fault: trial.fault, procedure: procedure,
          lease: try lease(cutsRoad: cutsRoad), cutsRoad: cutsRoad, commands: commands))
    }
    return strikes
  }

  /// A lease per trial and node; the node's own folders tell the nodes apart.
  private func lease(cutsRoad: Bool) throws(Complaint) -> Lease {
    let id =
      "\(runner.setting.token).\(header.plan + 1).\(header.trial + 1).\(header.repetition)"
    guard cutsRoad else { return Lease(id: id, length: runner.setting.plans[header.plan].lease) }
    return Lease(id: id, length: try trial.selfHealing(), isTimer: true)
  }

  /// Somebody must be left who can hold the addresses: reached this moment, its services running.
  private func proveSurvivor(besides targets: [String]) async throws(Complaint) {
    let others = runner.setting.site.nodes.filter { !targets.contains($0.name) }
    guard !others.isEmpty else { return }
    let readiness = Readiness(
      site: runner.setting.site, transports: runner.setting.transports, limits: limits,
      services: Readiness.services(for: trial.fault))
    var complaints: [String] = []
    for node in others {
      let found = await readiness.survival(of: node)
      if found.isEmpty { return }
      complaints += found
    }
    throw Complaint(
      "nobody would be left: \(complaints.joined(separator: "; "))",
      remedy: "make the other node whole first")
  }

  /// Writes down how each node is mended, has it watch over itself, and looks at it, before the body
  /// may touch anything. Words instead of a run of the body when one of that fails.
  private func withLeases(
    _ strikes: [Strike], _ body: ([Strike]) async -> Healed
  ) async -> (healed: Healed, trouble: String?) {
    var ready: [Strike] = []
    var trouble: String?
    for var strike in strikes where trouble == nil {
      do {
        trouble = await runner.keeper.renew(strike.node.name)
        strike.before = try await strike.commands.state(
          of: strike.node, in: runner.setting.site, touching: strike.procedure.touches)
        if let why = strike.before?.shortcoming {
          throw Complaint(
            "no healing of \(strike.node.name) could be proven: \(why)",
            remedy: "takeover doctor --site says what is missing there")
        }
        try runner.undo.append(
          UndoLog.Entry(
            trial: header, node: strike.node.name, fault: trial.fault,
            heal: strike.procedure.heal, confirmHealed: strike.procedure.confirmHealed,
            lease: strike.lease, before: strike.before,
            touches: strike.procedure.touches))
        ready.append(strike)
        if trouble == nil {
          trouble = await runner.keeper.grant(
            strike.lease, for: strike.procedure, on: strike.node.name)
        }
      } catch {
        trouble = "\(error)"
      }
    }
    if trouble == nil {
      let healed = await body(ready)
      return (healed, nil)
    }
    let granted = ready
    await shielded {
      for strike in granted {
        if await runner.keeper.end(leaseOn: strike.node.name, strike.lease) {
          runner.undo.markHealed(header, strike.node.name)
        }
      }
    }
    return (.asPlanned, trouble)
  }

  /// Runs the body, and heals every node afterwards: on return, on throw, on cancellation.
  private func withProcedures(
    _ strikes: [Strike], _ body: () async -> Void
  ) async -> Healed {
    await body()
    return await shielded {
      await withTaskGroup(of: Healed.self) { group in
        for strike in strikes {
          group.addTask {
            let healed = await Healing(
              strike: strike, keeper: runner.keeper, site: runner.setting.site, voice: voice,
              otherWay: runner.setting.otherWays[strike.node.name]
            ).run()
            if healed != .notAtAll { runner.undo.markHealed(header, strike.node.name) }
            return healed
          }
        }
        return await group.reduce(.asPlanned, max)
      }
    }
  }

  /// After the healing: watch for `settle`, then wait, bounded, until the pair is redundant again.
  private func restoreRedundancy() async {
    try? await clock.wait(until: clock.now() + trial.settle)
    guard !Task.isCancelled else { return }
    switch await soundRoles(within: trial.recover) {
    case .sound(let roles): voice.say(.restored(roles))
    case .unsound(let reasons):
      voice.say(.notRestored(Note(reasons.joined(separator: "; "))))
    }
  }
}
