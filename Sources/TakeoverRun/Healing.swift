// Mends a node and proves it: by the fault's own proof, and by the node being what it was before.

internal import TakeoverModel

/// What became of a node that was struck.
enum Healed: Int, Sendable, Comparable {
  /// It is whole, by the healing commands that were written down beforehand.
  case asPlanned
  /// It is whole, but other means were needed: the healing is not to be trusted.
  case byEscalation
  /// It could not be shown to be whole.
  case notAtAll

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

struct Healing: Sendable {
  let ward: Ward
  let keeper: Keeper
  let site: Site
  let voice: RunVoice
  /// The node's second way, not yet opened; nil: it has none.
  var otherWay: (any Transport)?

  private var commands: NodeCommands { ward.acting }
  private var clock: any RunClock { commands.clock }
  private var node: String { ward.node.name }
  private var service: String {
    ward.strikes.lazy.compactMap { $0.fault.arguments.text("service") }.first ?? "keepalived"
  }

  /// Where it cannot be shown that the node is whole, the lease goes on: the node tries by itself.
  func run() async -> Healed {
    voice.say(.healing(Step(node: node, outcome: .pass)))
    // Along a cut road nothing is heard until the node has healed itself.
    let patience =
      commands.limits.healing + (ward.cutsRoad ? ward.lease.length : .zero)
      + (ward.restarts ? commands.limits.restart : .zero)
    let repair = Repair(
      commands: commands, looking: ward.place == .node ? nil : ward.looking, node: ward.node,
      site: site, procedure: ward.healing, before: ward.before, mayHaveRebooted: ward.restarts)
    var step = await repair.attempt(until: clock.now() + patience)
    let planned = step
    if step.outcome != .pass, ward.place == .node {
      step = await Escalation(repair: repair, service: service, otherWay: otherWay, voice: voice)
        .climb(after: step)
    }
    if step.outcome == .pass, ward.restarts { step = await takeAgain(after: step) }
    if step.outcome == .pass, ward.losesMemory { await confirmByStart() }
    if step.outcome == .pass, ward.cutsRoad, !ward.losesMemory { await confirmFromRecord() }
    if step.outcome == .pass, !(await keeper.end(leaseOf: ward)) {
      step = Step(
        node: node, outcome: .unknown,
        detail: "it is whole, but what it was given to heal itself is still there")
    }
    let isWhole = step.outcome == .pass
    if isWhole, planned.outcome != .pass {
      step.outcome = .fail
      step.detail =
        "its healing commands did not make it whole (\(planned.detail)); other means did"
    }
    voice.say(.healed(step))
    guard isWhole else {
      keeper.leaveLocked()
      return .notAtAll
    }
    return planned.outcome == .pass ? .asPlanned : .byEscalation
  }

  /// Only then is a node whole that was started anew: nobody else may break it meanwhile.
  private func takeAgain(after step: Step) async -> Step {
    guard let trouble = await keeper.retake(node) else { return step }
    return Step(
      node: node, outcome: .unknown, detail: "it is whole, but cannot be locked again: \(trouble)")
  }

  /// Whether it is another start of the node than before.
  private func confirmByStart() async {
    var step = Step(node: node, outcome: .unknown, detail: "\(node) does not tell its start")
    if let now = try? await ward.looking.state(of: ward.node, in: site, touching: ward.touches),
      let old = ward.before?.lines[.boot], let new = now.lines[.boot]
    {
      step = Step(
        node: node, outcome: old == new ? .fail : .pass,
        detail: old == new ? "\(node) was not started anew" : "")
    }
    voice.say(.confirmed(step))
  }

  /// Whether the blow was in force, as the node itself saw it.
  private func confirmFromRecord() async {
    var step = await commands.run([ward.lease.record])
    if step.outcome == .fail { step.detail = "\(node) did not see the blow in force" }
    voice.say(.confirmed(step))
  }
}

/// The healing commands and their proofs on one node, until all of it holds.
struct Repair: Sendable {
  var commands: NodeCommands
  /// Where the node is looked at, if not where it is mended.
  var looking: NodeCommands?
  let node: Node
  let site: Site
  let procedure: Procedure
  /// The node as it was before the blow; nil: nothing to compare with.
  let before: NodeState?
  /// It was started anew to be healed, and that is no difference then.
  var mayHaveRebooted = false

  private var clock: any RunClock { commands.clock }

  /// The healing commands are harmless when repeated, and the way to the node may come back.
  func attempt(until deadline: Moment) async -> Step {
    while true {
      var step = await commands.run(procedure.heal)
      if step.outcome == .pass {
        step = await commands.ask(procedure.confirmHealed, until: patience(deadline))
      }
      if step.outcome == .pass { step = await compare(until: patience(deadline)) }
      if step.outcome == .pass || clock.now() >= deadline { return step }
      try? await clock.wait(until: clock.now() + .milliseconds(500))
    }
  }

  private func patience(_ deadline: Moment) -> Moment {
    min(clock.now() + .seconds(5), deadline)
  }

  /// The node is what it was before; else what differs, and what would mend that.
  private func compare(until deadline: Moment) async -> Step {
    guard let before else { return Step(node: node.name, outcome: .pass) }
    while true {
      var trouble: String
      do throws(TransportError) {
        let now = try await (looking ?? commands).state(
          of: node, in: site, touching: procedure.touches)
        let differences = now.differences(from: before, on: node)
          .filter { !(mayHaveRebooted && [.boot, .clock].contains($0.section)) }
        if differences.isEmpty { return Step(node: node.name, outcome: .pass) }
        trouble = Self.words(for: differences)
      } catch {
        trouble = "it cannot be compared with what it was: \(error.problem)"
      }
      guard clock.now() < deadline,
        (try? await clock.wait(until: clock.now() + commands.limits.look)) != nil
      else { return Step(node: node.name, outcome: .fail, detail: trouble) }
    }
  }

  /// The first few of them; a node that differs in everything says no more with all of it.
  static func words(for differences: [Difference]) -> String {
    let told = differences.prefix(4).map { difference in
      difference.words + (difference.mend.map { " (mend: \($0.shellText))" } ?? "")
    }
    let rest = differences.count - told.count
    return "it is not what it was: " + told.joined(separator: "; ")
      + (rest > 0 ? "; and \(rest) more" : "")
  }
}
