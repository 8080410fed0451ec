// Carries out plans and writes down what happened. It never judges.

package import TakeoverModel

package struct Runner: Sendable {
  let setting: RunSetting
  let journal: any Journal
  let undo: UndoLog
  let pair: LivePair
  let voice: RunVoice
  let keeper: Keeper

  /// `pair` must be fed with everything that is recorded in `journal`.
  package init(_ setting: RunSetting, journal: any Journal, undo: UndoLog, pair: LivePair) {
    self.setting = setting
    self.journal = journal
    self.undo = undo
    self.pair = pair
    voice = RunVoice(journal: journal, clock: setting.clock)
    keeper = Keeper(setting, voice: voice)
  }

  /// The whole run, ended by its end, by the task's cancellation, by its stop conditions or from
  /// outside; healed in any case, if it can be.
  package func run() async -> RunEnd {
    let header = RunHeader(
      run: setting.name, version: setting.version, origin: setting.clock.origin,
      plans: setting.plans, site: setting.site)
    let (ended, reason) = await halting(on: watches) { await course(header) }
    let end = reason.map { Self.halted(ended, because: $0) } ?? ended
    await shielded {
      await keeper.release()
      for transport in setting.transports.values { await transport.close() }
      for transport in setting.otherWays.values { await transport.close() }
      for transport in setting.outsides.values { await transport.close() }
    }
    voice.say(.runEnded(end))
    return end
  }

  /// A quarter of the shortest lease: three renewals may go amiss.
  private var renewal: Duration { (setting.plans.map(\.lease).min() ?? Plan.standardLease) / 4 }

  private func course(_ header: RunHeader) async -> RunEnd {
    do {
      try voice.sayDurably(.runBegan(header))
      try await meetNodes()
      await tellForecasts()
      try await keeper.take()
      return await withObservers(
        setting.observers, of: setting.site, into: journal, clock: setting.clock,
        readyWithin: setting.limits.connect
      ) { await carryOutPlans() }
    } catch is CancellationError {
      return RunEnd(reason: .interrupted, detail: "interrupted before the first blow")
    } catch {
      return RunEnd(reason: .stopped, detail: "\(error)")
    }
  }

  /// Connects to every node and writes down what it is; nothing is changed there.
  private func meetNodes() async throws {
    try await withThrowingTaskGroup(of: NodeDescription.self) { group in
      for (name, transport) in setting.transports {
        group.addTask {
          try await transport.open(within: setting.limits.connect)
          let result = try await transport.run(
            NodeInspection.command, within: setting.limits.command)
          let described = NodeInspection.describe(
            node: name, transport: transport.description, output: result.text)
          try check(described)
          return described
        }
      }
      var met: [NodeDescription] = []
      for try await description in group { met.append(description) }
      for way in setting.outsides.values { try await way.open(within: setting.limits.connect) }
      for description in met.sorted(by: { $0.node < $1.node }) {
        voice.say(.nodeDescribed(description))
      }
    }
  }

  private func tellForecasts() async {
    guard let oracle = setting.oracle else { return }
    let forecasts = await oracle.forecasts(
      of: setting.plans, at: setting.site, over: setting.transports)
    for forecast in forecasts { voice.say(.forecast(forecast)) }
  }

  /// A node whose interface is not known cannot be told by its frames from a stranger.
  private func check(_ described: NodeDescription) throws {
    guard let node = setting.site.strikable(named: described.node) else { return }
    let names = described.links.map(\.name)
    guard !names.contains(node.interface) else { return }
    throw Complaint(
      names.isEmpty
        ? "\(node.name): `ip -o link show` names no interface"
        : "\(node.name) has no interface \(node.interface), only \(names.joined(separator: ", "))",
      remedy: names.isEmpty
        ? "look at what `ip` prints on \(node.name)" : "correct `interface:` in the site")
  }

  private func carryOutPlans() async -> RunEnd {
    for (planIndex, plan) in setting.plans.enumerated() {
      pair.watch(for: plan.stopIf, from: setting.clock.now())
      for (trialIndex, trial) in plan.trials.enumerated() {
        for repetition in 1...max(trial.repetitions, 1) {
          if Task.isCancelled {
            return RunEnd(reason: .interrupted, detail: "interrupted between trials")
          }
          if let words = pair.reasonToStop(at: setting.clock.now()) ?? setting.refusal(trial) {
            return RunEnd(reason: .stopped, detail: words)
          }
          let header = TrialHeader(plan: planIndex, trial: trialIndex, repetition: repetition)
          voice.say(.trialBegan(header))
          let course = TrialCourse(runner: self, header: header, trial: trial)
          let healed = await course.run()
          voice.say(.trialEnded(header))
          guard healed == .asPlanned else {
            return RunEnd(
              reason: .stopped,
              detail: healed == .notAtAll
                ? "a node could not be healed after \"\(trial.name)\""
                : "the healing after \"\(trial.name)\" failed; other means made the node whole",
              healed: false)
          }
        }
      }
    }
    return Task.isCancelled
      ? RunEnd(reason: .interrupted, detail: "interrupted; everything is healed")
      : RunEnd(reason: .completed)
  }
}

// MARK: - Halting

extension Runner {
  /// What may halt the run beside a signal.
  private var watches: [HaltWatch] {
    var watches: [HaltWatch] = setting.halt.map { [$0] } ?? []
    if setting.plans.contains(where: { !$0.stopIf.isEmpty }) {
      watches.append { await stopConditionMet() }
    }
    if setting.renews { watches.append { await keeper.keep(every: renewal) } }
    return watches.map { watch in
      {
        let reason = await watch()
        if let reason { voice.say(.note(Note("halting: \(reason)"))) }
        return reason
      }
    }
  }

  /// Also while a blow is in force: that is when it matters.
  private func stopConditionMet() async -> String? {
    let clock = setting.clock
    while true {
      if let sentence = pair.reasonToStop(at: clock.now()) { return sentence }
      let next = clock.now() + setting.limits.watch
      guard (try? await clock.wait(until: next)) != nil else { return nil }
    }
  }

  /// The end of a run whose body was cancelled for this reason.
  private static func halted(_ end: RunEnd, because reason: String) -> RunEnd {
    switch end.reason {
    case .completed: end
    case .stopped where end.detail == reason: end
    case .interrupted: RunEnd(reason: .stopped, detail: reason, healed: end.healed)
    case .stopped:
      RunEnd(reason: .stopped, detail: "\(reason); \(end.detail)", healed: end.healed)
    }
  }
}
