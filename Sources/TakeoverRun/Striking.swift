// The blow itself: staged at every target, aimed, fired together, shown to be in force.

internal import TakeoverModel

struct Striking: Sendable {
  let runner: Runner
  let header: TrialHeader
  let trial: Trial

  private var clock: any RunClock { runner.setting.clock }
  private var limits: Limits { runner.setting.limits }
  private var voice: RunVoice { runner.voice }

  func strikeAndHold(_ strikes: [Strike], expecting roles: Roles) async {
    for strike in strikes {
      let step = await strike.commands.run(strike.procedure.prepare)
      voice.say(.prepared(step))
      guard step.outcome == .pass else { return }
    }
    guard let armed = await arm(strikes), await announce(strikes, armed) else { return }
    await tellWaiting(strikes)
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
    await tellWaiting(strikes)
  }

  /// How long the daemons have waited for a processor; not asked along a road that the blow cuts.
  private func tellWaiting(_ strikes: [Strike]) async {
    guard !Task.isCancelled else { return }
    let unreached = strikes.filter(\.cutsRoad).map(\.node.name)
    await WaitReading(runner).tell(
      of: runner.setting.site.nodes.filter { !unreached.contains($0.name) })
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
      try voice.sayDurably(
        .note(Note("firing at \(strikes.map(\.node.name).joined(separator: ", "))")))
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
      if trouble == nil, let last = strike.armed {
        do {
          armed[strike.node.name] = try await strike.commands.transport.arm(
            last, within: limits.command)
        } catch {
          trouble = error.description
        }
      }
      if let trouble {
        for blow in armed.values { await blow.disarm() }
        voice.say(.prepared(Step(node: strike.node.name, outcome: .unknown, detail: trouble)))
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
    await withTaskGroup(of: Void.self) { group in
      for strike in strikes {
        guard let blow = armed[strike.node.name] else { continue }
        // No answer comes along a road that the blow cuts.
        let limit = strike.cutsRoad ? limits.look : limits.acknowledgement
        group.addTask {
          do {
            record(try await blow.fire(within: limit), of: strike)
          } catch {
            voice.say(.note(Note("\(strike.node.name): the blow was not fired: \(error)")))
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
      node: strike.node.name, fault: strike.fault,
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
      for strike in strikes where !strike.cutsRoad {
        group.addTask {
          var step = await strike.commands.ask(strike.procedure.confirm, until: deadline)
          if strike.procedure.confirm.isEmpty {
            step = Step(
              node: strike.node.name, outcome: .unknown, detail: "nothing proves this blow")
          }
          voice.say(.confirmed(step))
        }
      }
    }
  }
}
