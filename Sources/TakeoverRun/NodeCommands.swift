// Runs a procedure's commands on one node and turns what came of them into a `Step`.

internal import TakeoverModel

struct NodeCommands: Sendable {
  let node: String
  var transport: any Transport
  let clock: any RunClock
  let limits: Limits

  /// Runs the commands in order; stops at the first that does not exit 0.
  func run(_ commands: [Command]) async -> Step {
    for command in commands {
      do {
        let result = try await transport.run(command, within: limits.command)
        if !result.succeeded {
          return Step(node: node, outcome: .fail, detail: Self.blame(command, result))
        }
      } catch {
        return Step(node: node, outcome: .unknown, detail: error.description)
      }
    }
    return Step(node: node, outcome: .pass)
  }

  /// Asks until every command exits 0, or `deadline` has passed.
  func ask(_ commands: [Command], until deadline: Moment) async -> Step {
    while true {
      let step = await run(commands)
      if step.outcome == .pass || clock.now() >= deadline { return step }
      do {
        try await clock.wait(until: min(clock.now() + limits.look, deadline))
      } catch {
        return step
      }
    }
  }

  /// Whether the blow silences the interface by which the coordinator comes to the node. Which one
  /// that is the node knows best; where it does not say, the site does.
  func cutsRoad(_ procedure: Procedure, to node: Node) async throws(TransportError) -> Bool {
    guard let silenced = procedure.silences else { return false }
    let said = try await transport.run(NodeInspection.road, within: limits.command).text.trimmed
    if !said.isEmpty { return said == silenced }
    return procedure.cutsRoad(to: node)
  }

  /// What the node lacks of these programs and of what the procedure needs, in words; nil: nothing.
  /// What cannot be broken there cannot be healed there either, and would count as broken.
  func lack(
    of programs: [String], for procedure: Procedure
  ) async throws(TransportError) -> String? {
    if !programs.isEmpty {
      let missing = try await transport.run(
        .script(
          "for name in \"$@\"; do command -v \"$name\" >/dev/null || echo \"$name\"; done", programs
        ),
        within: limits.command
      ).text.split(separator: "\n")
      if !missing.isEmpty { return "\(node) has no \(missing.joined(separator: ", nor "))" }
    }
    for requirement in procedure.requirements {
      let result = try await transport.run(requirement.command, within: limits.command)
      if !result.succeeded { return "\(node) \(requirement.otherwise)" }
    }
    return nil
  }

  /// What the node is now.
  func state(
    of node: Node, in site: Site, touching touches: Touches
  ) async throws(TransportError) -> NodeState {
    let result = try await transport.run(
      NodeDigest.command(for: node, in: site, touching: touches), within: limits.command)
    return NodeDigest.state(result.text, of: node, in: site, touching: touches)
  }

  private static func blame(_ command: Command, _ result: CommandResult) -> String {
    let said = (result.errorText + result.text).split(separator: "\n").suffix(3)
      .joined(separator: "; ")
    let name = command.asScript == nil ? command.shellText : "a script"
    return "\(name) ended with status \(result.status)" + (said.isEmpty ? "" : ": \(said)")
  }
}
