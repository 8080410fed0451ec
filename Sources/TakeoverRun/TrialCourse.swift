// One trial: gate, blow, hold, heal, redundancy again. Whatever happens after the undo log was
// written, the healing is carried out.

internal import TakeoverModel

struct TrialCourse: Sendable {
  let runner: Runner
  let header: TrialHeader
  let trial: Trial

  private var clock: any RunClock { runner.setting.clock }
  private var limits: Limits { runner.setting.limits }
  private var voice: RunVoice { runner.voice }

  /// Returns false when a node is left broken.
  func run() async -> Bool {
    guard let roles = await gate() else { return true }
    let strikes: [Strike]
    do {
      strikes = try plan(for: roles)
      for strike in strikes {
        try runner.undo.append(
          UndoLog.Entry(
            trial: header, node: strike.node, fault: trial.fault, heal: strike.procedure.heal,
            confirmHealed: strike.procedure.confirmHealed))
      }
    } catch {
      voice.say(.gateRefused(Note("\(error)")))
      return true
    }
    let healed = await withProcedures(strikes) { await strikeAndHold(strikes, expecting: roles) }
    if healed { await restoreRedundancy() }
    return healed
  }

  /// Waits until exactly one node holds the addresses and everything agrees, calm for a while.
  private func gate() async -> Roles? {
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
  private func plan(for roles: Roles) throws -> [Strike] {
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
    return try names.map { name in
      guard let node = site.node(named: name), let transport = runner.setting.transports[name]
      else {
        throw Complaint(
          "the site has no node \"\(name)\"",
          remedy: "name one of \(site.nodes.map(\.name).joined(separator: ", "))")
      }
      return Strike(
        node: name, fault: trial.fault, procedure: try fault.procedure(on: node, in: site),
        commands: NodeCommands(node: name, transport: transport, clock: clock, limits: limits))
    }
  }

  /// Runs the body, and heals every node afterwards: on return, on throw, on cancellation.
  private func withProcedures(
    _ strikes: [Strike], _ body: () async -> Void
  ) async -> Bool {
    await body()
    return await shielded {
      await withTaskGroup(of: Bool.self) { group in
        for strike in strikes { group.addTask { await strike.heal(voice: voice) } }
        return await group.reduce(true) { $0 && $1 }
      }
    }
  }

  private func strikeAndHold(_ strikes: [Strike], expecting roles: Roles) async {
    for strike in strikes {
      let step = await strike.commands.run(strike.procedure.prepare)
      voice.say(.prepared(step))
      guard step.outcome == .pass else { return }
    }
    guard let armed = await arm(strikes), await announce(strikes, armed) else { return }
    await leaveAlone(roles.holder)
    guard case .sound(let now) = runner.pair.standing(at: clock.now()), now == roles,
      !Task.isCancelled
    else {
      for blow in armed.values { await blow.disarm() }
      voice.say(.gateRefused(Note("the pair changed while the blow was prepared")))
      return
    }
    await fire(armed, strikes, at: aim(at: roles.holder))
    let struck = clock.now()
    await confirm(strikes)
    // A cancelled hold ends at once; the healing comes next.
    try? await clock.wait(until: struck + trial.hold)
  }

  /// The moment to fire at; nil: at once, because nobody advertises.
  private func aim(at holder: String) -> Moment? {
    guard let interval = runner.pair.advertisementInterval(of: holder) else { return nil }
    guard let part = trial.phase.aim(repetition: header.repetition) else {
      let turn = header.plan + header.trial + header.repetition
      return clock.now() + Aim.delay(of: turn, within: interval)
    }
    return runner.pair.lastAdvertisement(of: holder).map {
      Aim.moment(part, after: $0, every: interval, from: clock.now())
    }
  }

  /// How long after the last preparation an advertisement counts as undisturbed by it.
  private static let stillness = Duration.milliseconds(20)

  /// Waits for an advertisement that nothing disturbs. The standby counts from the last one before
  /// the blow, and where the nodes share this machine, that one came in among the processes that
  /// staged the blow: 1 in 10 was read up to 3 ms late.
  private func leaveAlone(_ holder: String) async {
    guard let interval = runner.pair.advertisementInterval(of: holder) else { return }
    let prepared = clock.now()
    let deadline = prepared + min(Self.stillness + interval * 2, Aim.most)
    while clock.now() < deadline {
      if let last = runner.pair.lastAdvertisement(of: holder), last >= prepared + Self.stillness {
        return
      }
      guard (try? await clock.wait(until: clock.now() + .milliseconds(5))) != nil else { return }
    }
  }

  /// Writes down what is about to happen; false when it cannot be, and then it does not.
  private func announce(_ strikes: [Strike], _ armed: [String: any ArmedBlow]) async -> Bool {
    do {
      try voice.sayDurably(.note(Note("firing at \(strikes.map(\.node).joined(separator: ", "))")))
      return true
    } catch {
      for blow in armed.values { await blow.disarm() }
      voice.say(.gateRefused(Note("the journal cannot be written: \(error)")))
      return false
    }
  }

  private func arm(_ strikes: [Strike]) async -> [String: any ArmedBlow]? {
    var armed: [String: any ArmedBlow] = [:]
    for strike in strikes {
      let before = await strike.commands.run(Array(strike.procedure.inject.dropLast()))
      var trouble = before.outcome == .pass ? nil : before.detail
      if trouble == nil, let last = strike.procedure.inject.last {
        do {
          armed[strike.node] = try await strike.commands.transport.arm(
            last, within: limits.command)
        } catch {
          trouble = error.description
        }
      }
      if let trouble {
        for blow in armed.values { await blow.disarm() }
        voice.say(.prepared(Step(node: strike.node, outcome: .unknown, detail: trouble)))
        return nil
      }
    }
    return armed
  }

  /// Fires at all targets together. The blow's interval is [byte sent, acknowledgement read].
  private func fire(
    _ armed: [String: any ArmedBlow], _ strikes: [Strike], at moment: Moment?
  ) async {
    if let moment { try? await clock.wait(until: moment) }
    let limit = limits.acknowledgement
    await withTaskGroup(of: Void.self) { group in
      for strike in strikes {
        guard let blow = armed[strike.node] else { continue }
        group.addTask {
          do {
            record(try await blow.fire(within: limit), of: strike)
          } catch {
            voice.say(.note(Note("\(strike.node): the blow was not fired: \(error)")))
          }
        }
      }
    }
  }

  private func record(_ blow: Blow, of strike: Strike) {
    let origin = clock.origin
    let sent = Moment(nanoseconds: blow.sent - origin)
    let closed = blow.acknowledged.map { Moment(nanoseconds: $0 - origin) } ?? clock.now()
    let event = BlowStruck(
      node: strike.node, fault: strike.fault,
      command: strike.procedure.inject.last?.shellText ?? "", status: blow.result?.status)
    do {
      try voice.sayDurably(.blow(event), when: Interval(sent, closed))
    } catch {
      voice.say(.note(Note("the blow's record may not be on the disk: \(error)")))
    }
  }

  private func confirm(_ strikes: [Strike]) async {
    let deadline = clock.now() + limits.confirmation
    await withTaskGroup(of: Void.self) { group in
      for strike in strikes {
        group.addTask {
          var step = await strike.commands.ask(strike.procedure.confirm, until: deadline)
          if strike.procedure.confirm.isEmpty {
            step = Step(node: strike.node, outcome: .unknown, detail: "nothing proves this blow")
          }
          voice.say(.confirmed(step))
        }
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
