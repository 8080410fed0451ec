// The blow itself: staged at every target, aimed, fired together, shown to be in force.

internal import TakeoverModel

struct Striking: Sendable {
  let runner: Runner
  let header: TrialHeader
  let trial: Trial

  private var clock: any RunClock { runner.setting.clock }
  private var limits: Limits { runner.setting.limits }
  private var voice: RunVoice { runner.voice }

  func strikeAndHold(_ wards: [Ward], expecting roles: Roles) async {
    for ward in wards {
      for strike in ward.strikes {
        let step = await ward.acting.run(strike.procedure.prepare)
        voice.say(.prepared(step))
        guard step.outcome == .pass else { return }
      }
    }
    let first = wards.filter { $0.strikes.first?.after == .zero }
    guard let armed = await arm(first), await announce(first, armed) else { return }
    await leaveAlone(roles.holder)
    guard case .sound(let now) = runner.pair.standing(at: clock.now()), now == roles,
      !Task.isCancelled
    else {
      for blow in armed.values { await blow.disarm() }
      voice.say(.gateRefused(Note("the pair changed while the blow was prepared")))
      return
    }
    await fire(armed, first, at: aim(at: roles.holder))
    let struck = clock.now()
    await withTaskGroup(of: Void.self) { group in
      for ward in wards { group.addTask { await goOn(ward, since: struck) } }
    }
    // A cancelled hold ends at once; the healing comes next.
    try? await clock.wait(until: struck + trial.hold)
  }

  /// What follows the first blow at a ward: the others, each at its time, and the proof of each. What
  /// is to be over before the trial's healing is mended then.
  private func goOn(_ ward: Ward, since struck: Moment) async {
    await withTaskGroup(of: Void.self) { group in
      for (index, strike) in ward.strikes.enumerated() {
        if index > 0 || strike.after > .zero {
          guard await fireLater(strike, at: ward, since: struck) else { return }
        }
        let fallen = clock.now()
        group.addTask {
          await confirm(strike, at: ward)
          await mendEarly(strike, at: ward, fallen: fallen)
        }
      }
    }
  }

  /// Several blows at one node have one armed shell between them: each is staged when the one before
  /// it has fallen.
  private func fireLater(_ strike: Strike, at ward: Ward, since struck: Moment) async -> Bool {
    var trouble: String?
    do {
      let before = await ward.acting.run(Array(strike.procedure.inject.dropLast()))
      trouble = before.outcome == .pass ? nil : before.detail
      if trouble == nil, let last = ward.armed(strike) {
        let blow = try await ward.acting.transport.arm(last, within: limits.command)
        do {
          try await clock.wait(until: struck + strike.after)
        } catch {
          await blow.disarm()
          return false
        }
        record(try await blow.fire(within: patience(strike)), of: strike, at: ward)
      }
    } catch {
      trouble = "\(error)"
    }
    if let trouble {
      voice.say(.note(Note("\(ward.node.name): the further blow was not fired: \(trouble)")))
    }
    return trouble == nil
  }

  /// No answer comes along a road that the blow cuts.
  private func patience(_ strike: Strike) -> Duration {
    strike.cutsRoad ? limits.look : limits.acknowledgement
  }

  private func mendEarly(_ strike: Strike, at ward: Ward, fallen: Moment) async {
    guard let hold = strike.hold,
      (try? await clock.wait(until: fallen + hold)) != nil
    else { return }
    var step = await ward.acting.run(strike.procedure.heal)
    if step.outcome == .pass {
      step = await ward.acting.ask(
        strike.procedure.confirmHealed, until: clock.now() + limits.confirmation)
    }
    voice.say(.mended(step))
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
  private func announce(_ wards: [Ward], _ armed: [String: any ArmedBlow]) async -> Bool {
    do {
      try voice.sayDurably(
        .note(Note("firing at \(wards.map(\.key).joined(separator: ", "))")))
      return true
    } catch {
      for blow in armed.values { await blow.disarm() }
      voice.say(.gateRefused(Note("the journal cannot be written: \(error)")))
      return false
    }
  }

  /// The first blow of each ward, by the wards' keys.
  private func arm(_ wards: [Ward]) async -> [String: any ArmedBlow]? {
    var armed: [String: any ArmedBlow] = [:]
    for ward in wards {
      guard let strike = ward.strikes.first else { continue }
      let before = await ward.acting.run(Array(strike.procedure.inject.dropLast()))
      var trouble = before.outcome == .pass ? nil : before.detail
      if trouble == nil, let last = ward.armed(strike) {
        do {
          armed[ward.key] = try await ward.acting.transport.arm(last, within: limits.command)
        } catch {
          trouble = error.description
        }
      }
      if let trouble {
        for blow in armed.values { await blow.disarm() }
        voice.say(.prepared(Step(node: ward.node.name, outcome: .unknown, detail: trouble)))
        return nil
      }
    }
    return armed
  }

  /// Fires at all of them together. The blow's interval is [byte sent, acknowledgement read].
  private func fire(
    _ armed: [String: any ArmedBlow], _ wards: [Ward], at moment: Moment?
  ) async {
    if let moment { try? await clock.wait(until: moment) }
    await withTaskGroup(of: Void.self) { group in
      for ward in wards {
        guard let blow = armed[ward.key], let strike = ward.strikes.first else { continue }
        group.addTask {
          do {
            record(try await blow.fire(within: patience(strike)), of: strike, at: ward)
          } catch {
            voice.say(.note(Note("\(ward.node.name): the blow was not fired: \(error)")))
          }
        }
      }
    }
  }

  private func record(_ blow: Blow, of strike: Strike, at ward: Ward) {
    let origin = clock.origin
    let sent = Moment(nanoseconds: blow.sent - origin)
    let closed = blow.acknowledged.map { Moment(nanoseconds: $0 - origin) } ?? clock.now()
    let event = BlowStruck(
      node: ward.node.name, fault: strike.fault,
      command: strike.procedure.inject.last?.shellText ?? "", status: blow.result?.status,
      cutsPort: strike.procedure.cutsPort ? true : nil)
    do {
      try voice.sayDurably(.blow(event), when: Interval(sent, closed))
    } catch {
      voice.say(.note(Note("the blow's record may not be on the disk: \(error)")))
    }
  }

  private func confirm(_ strike: Strike, at ward: Ward) async {
    // What starts itself anew proves it afterwards.
    guard !strike.cutsRoad, !ward.losesMemory else { return }
    var step = await ward.acting.ask(
      strike.procedure.confirm, until: clock.now() + limits.confirmation)
    if strike.procedure.confirm.isEmpty {
      step = Step(node: ward.node.name, outcome: .unknown, detail: "nothing proves this blow")
    }
    voice.say(.confirmed(step))
  }
}
