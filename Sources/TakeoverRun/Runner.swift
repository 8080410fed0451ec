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

  /// The whole run, ended by its end or by the task's cancellation; healed either way, if it can be.
  package func run() async -> RunEnd {
    let header = RunHeader(
      run: setting.name, version: setting.version, origin: setting.clock.origin,
      plans: setting.plans, site: setting.site)
    let end: RunEnd
    do {
      try voice.sayDurably(.runBegan(header))
      try await meetNodes()
      try await keeper.take()
      end = await withObservers(
        setting.observers, of: setting.site, into: journal, clock: setting.clock,
        readyWithin: setting.limits.connect
      ) { await keeping { await carryOutPlans() } }
    } catch is CancellationError {
      end = RunEnd(reason: .interrupted, detail: "interrupted before the first blow")
    } catch {
      end = RunEnd(reason: .stopped, detail: "\(error)")
    }
    let isWhole = end.healed
    await shielded {
      // The lock on a node that is left broken runs out by itself.
      if isWhole { await keeper.release() }
      for transport in setting.transports.values { await transport.close() }
    }
    voice.say(.runEnded(end))
    return end
  }

  /// Keeps the locks and leases alive while the body runs.
  private func keeping(_ body: @escaping @Sendable () async -> RunEnd) async -> RunEnd {
    guard setting.renews else { return await body() }
    return await withTaskGroup(of: RunEnd?.self) { group in
      group.addTask {
        await keeper.keep(every: setting.lease / 4)
        return nil
      }
      group.addTask { await body() }
      var end: RunEnd?
      while end == nil, let ended = await group.next() { end = ended ?? end }
      group.cancelAll()
      await group.waitForAll()
      return end ?? RunEnd(reason: .interrupted, detail: "interrupted")
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
      for description in met.sorted(by: { $0.node < $1.node }) {
        voice.say(.nodeDescribed(description))
      }
    }
  }

  /// A node whose interface is not known cannot be told by its frames from a stranger.
  private func check(_ described: NodeDescription) throws {
    guard let node = setting.site.node(named: described.node) else { return }
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
      for (trialIndex, trial) in plan.trials.enumerated() {
        for repetition in 1...max(trial.repetitions, 1) {
          if Task.isCancelled {
            return RunEnd(reason: .interrupted, detail: "interrupted between trials")
          }
          if let trouble = keeper.trouble { return RunEnd(reason: .stopped, detail: trouble) }
          let header = TrialHeader(plan: planIndex, trial: trialIndex, repetition: repetition)
          voice.say(.trialBegan(header))
          let course = TrialCourse(runner: self, header: header, trial: trial)
          let healed = await course.run()
          voice.say(.trialEnded(header))
          guard healed else {
            return RunEnd(
              reason: .stopped, detail: "a node could not be healed after \"\(trial.name)\"",
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
