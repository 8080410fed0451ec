// A fault decided for one node: what will be done there, and how it is mended.

internal import TakeoverModel

struct Strike: Sendable {
  let node: String
  let fault: FaultUse
  let procedure: Procedure
  let commands: NodeCommands

  /// Heals until the node proves that it is whole; returns false when it could not be shown.
  func heal(voice: RunVoice) async -> Bool {
    voice.say(.healing(Step(node: node, outcome: .pass)))
    let deadline = commands.clock.now() + commands.limits.healing
    while true {
      var step = await commands.run(procedure.heal)
      if step.outcome == .pass {
        let patience = min(commands.clock.now() + .seconds(5), deadline)
        step = await commands.ask(procedure.confirmHealed, until: patience)
      }
      if step.outcome == .pass || commands.clock.now() >= deadline {
        voice.say(.healed(step))
        return step.outcome == .pass
      }
      // The way to the node may come back; a healing command is harmless when repeated.
      try? await commands.clock.wait(until: commands.clock.now() + .milliseconds(500))
    }
  }
}
