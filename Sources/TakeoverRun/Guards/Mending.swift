// Heals what another run left: by what that run had written down before its blows, and by what can
// be seen on the nodes.

package import TakeoverModel

package struct Mending: Sendable {
  private let site: Site
  private let transports: [String: any Transport]
  private let outsides: [String: any Transport]
  private let clock: any RunClock
  private let limits = Limits()

  /// `transports`: by the names of nodes and machines, open; `outsides`: to those who carry them.
  package init(
    site: Site, transports: [String: any Transport], outsides: [String: any Transport] = [:],
    clock: any RunClock
  ) {
    self.site = site
    self.outsides = outsides
    self.transports = transports
    self.clock = clock
  }

  /// What came of one node.
  package struct Outcome: Hashable, Sendable {
    package var node: String
    package var isWhole = true
    /// What was found and done, and what stays broken, a sentence each.
    package var words: [String] = []
    /// The entries of the undo log that are healed now.
    package var closed: [TrialHeader] = []
  }

  // MARK: By the undo log

  /// The last blow first. A node is whole when it is what it was before the first of them.
  package func heal(_ entries: [UndoLog.Entry]) async -> [Outcome] {
    let byNode = Dictionary(grouping: entries, by: \.node)
    return await onNodes(byNode.keys.sorted()) { node, commands in
      await heal(node, byNode[node.name, default: []], commands)
    }
  }

  private func heal(
    _ node: Node, _ entries: [UndoLog.Entry], _ commands: NodeCommands
  ) async -> Outcome {
    var outcome = Outcome(node: node.name)
    // What was done from outside comes first: a node without power mends nothing.
    let order =
      entries.reversed().filter { $0.place == .outside }
      + entries.reversed().filter { $0.place != .outside }
    for entry in order {
      let procedure = Procedure(
        inject: [], confirm: [], heal: entry.heal, confirmHealed: entry.confirmHealed,
        touches: entry.touches ?? Touches())
      var acting = commands
      if entry.place == .outside, let outside = outsides[node.name] { acting.transport = outside }
      let step = await Repair(
        commands: acting, looking: commands, node: node, site: site, procedure: procedure,
        before: entry == entries.first ? entry.before : nil,
        // Since the run died, that is nothing to mend.
        mayHaveRebooted: true
      ).attempt(until: clock.now() + limits.healing)
      var trouble = step.outcome == .pass ? nil : step.detail
      if trouble == nil, let lease = entry.lease { trouble = await end(lease, acting) }
      outcome.words.append("\(entry.fault.kind): \(trouble ?? "healed")")
      if trouble == nil { outcome.closed.append(entry.trial) } else { outcome.isWhole = false }
    }
    if outcome.isWhole { await unlock(entries.compactMap(\.lease).map(\.run), commands) }
    return outcome
  }

  /// nil: nothing of the lease is left.
  private func end(_ lease: Lease, _ commands: NodeCommands) async -> String? {
    let deadline = clock.now() + limits.healing
    while true {
      let status = try? await commands.transport.run(lease.release, within: limits.command).status
      if status == 0 || status == Lease.gone { return nil }
      if clock.now() >= deadline { return "healed, but \(lease.folder) is still there" }
      try? await clock.wait(until: clock.now() + .milliseconds(500))
    }
  }

  /// The other nodes of a dead run are locked too, though nothing is broken there.
  package func unlock(_ runs: [String]) async {
    _ = await onNodes(site.nodes.map(\.name)) { node, commands in
      await unlock(runs, commands)
      return Outcome(node: node.name)
    }
  }

  private func unlock(_ runs: [String], _ commands: NodeCommands) async {
    for run in Set(runs) {
      _ = await commands.run([NodeLock(token: run, owner: "", length: .zero).release])
    }
  }

  // MARK: By looking

  /// What is left on the nodes by whatever run: leases, tables of nftables, stopped or missing
  /// services, the interface. `force`: also where a run still holds the node.
  package func sweep(force: Bool) async -> [Outcome] {
    await onNodes(site.nodes.map(\.name)) { node, commands in
      var outcome = Outcome(node: node.name)
      do throws(TransportError) {
        let result = try await commands.transport.run(
          Sweep.command(on: node, force: force), within: .seconds(90))
        outcome.words = Sweep.words(result.text)
        outcome.isWhole = result.succeeded
        if !result.succeeded, outcome.words.isEmpty {
          outcome.words = [result.errorText.trimmed]
        }
      } catch {
        outcome.isWhole = false
        outcome.words = [error.problem]
      }
      return outcome
    }
  }

  /// What stays broken by those who carry the nodes, mended before anybody asks the nodes themselves: one
  /// without power says nothing.
  package func sweepOutside(of names: Set<String>) async -> [Outcome] {
    var outcomes: [Outcome] = []
    for node in site.nodes where names.contains(node.name) {
      guard let acts = node.outside?.acts, let transport = outsides[node.name] else { continue }
      let commands = NodeCommands(
        node: node.name, transport: transport, clock: clock, limits: limits)
      var outcome = Outcome(node: "\(node.name), from outside")
      for (act, own) in acts.sorted(by: { $0.key.rawValue < $1.key.rawValue })
      where await commands.run([own.isBroken]).outcome == .pass {
        _ = await commands.run([own.mend])
        let isMended = await commands.run([own.isBroken]).outcome != .pass
        outcome.words.append(
          "its \(act.rawValue) was broken: \(isMended ? "healed" : "NOT healed")")
        if !isMended { outcome.isWhole = false }
      }
      if !outcome.words.isEmpty { outcomes.append(outcome) }
    }
    return outcomes
  }

  private func onNodes(
    _ names: [String], _ body: @escaping @Sendable (Node, NodeCommands) async -> Outcome
  ) async -> [Outcome] {
    await withTaskGroup(of: Outcome.self) { group in
      for name in names {
        guard let node = site.strikable(named: name), let transport = transports[name] else {
          group.addTask {
            Outcome(node: name, isWhole: false, words: ["\(name) is not reached"])
          }
          continue
        }
        let commands = NodeCommands(
          node: name, transport: transport, clock: clock, limits: limits)
        group.addTask { await body(node, commands) }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.node < $1.node }
    }
  }
}
