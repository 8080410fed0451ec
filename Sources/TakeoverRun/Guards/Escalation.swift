// What is tried, in this order, with a node that the healing commands have not made whole: another
// way there, a restart of the service, a start of the node where the site allows it.

internal import TakeoverModel

struct Escalation: Sendable {
  var repair: Repair
  /// The service that was hit, or the one that moves the addresses.
  let service: String
  let otherWay: (any Transport)?
  let voice: RunVoice

  /// How long each rung may take, and how long a node may take to come back.
  private static let patience = Duration.seconds(20)
  private static let reboot = Duration.seconds(120)

  private var clock: any RunClock { repair.commands.clock }
  private var node: Node { repair.node }

  /// The first step that is whole, or the last one.
  func climb(after first: Step) async -> Step {
    var own = self
    var step = first
    if let otherWay, step.outcome != .pass {
      step = await own.goRound(by: otherWay, after: step)
    }
    if let control = node.services[service], step.outcome != .pass {
      own.tell(step, "\(service) is restarted")
      _ = await own.repair.commands.run([control.stop])
      _ = await own.repair.commands.run([control.start])
      step = await own.again()
    }
    if let reboot = node.reboot, step.outcome != .pass {
      own.tell(step, "it is started anew")
      step = await own.startAnew(reboot)
    }
    return step
  }

  private mutating func goRound(by way: any Transport, after step: Step) async -> Step {
    do throws(TransportError) {
      try await way.open(within: repair.commands.limits.connect)
    } catch {
      return Step(
        node: node.name, outcome: .unknown,
        detail: "\(step.detail); nor is there another way: \(error.problem)")
    }
    tell(step, "the other way is taken: \(way.description)")
    repair.commands.transport = way
    return await again()
  }

  private func again() async -> Step {
    await repair.attempt(until: clock.now() + Self.patience)
  }

  /// Its end and its beginning cut the road; what comes back is another start of the same node.
  private mutating func startAnew(_ reboot: Command) async -> Step {
    _ = await repair.commands.run([reboot])
    try? await clock.wait(until: clock.now() + .seconds(5))
    repair.mayHaveRebooted = true
    return await repair.attempt(until: clock.now() + Self.reboot)
  }

  private func tell(_ step: Step, _ next: String) {
    voice.say(.note(Note("\(node.name) does not heal (\(step.detail)): \(next)")))
  }
}
