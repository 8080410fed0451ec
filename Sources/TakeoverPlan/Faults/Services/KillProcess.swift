// kill-process: a crash of a service, or of a part of it.

package import TakeoverModel

package struct KillProcess: Fault {
  static let signals = ["KILL", "TERM", "ABRT", "SEGV"]

  package static let declaration = FaultDeclaration(
    kind: "kill-process",
    summary: "send a deadly signal to a service's processes, all at once, or again and again",
    effect: "a killed tree leaves its addresses behind and the standby takes over after the "
      + "master-down interval; a killed parent makes keepalived's child leave gracefully",
    parameters: [
      ServiceProcesses.parameter,
      Parameter(
        "signal", .choice(signals), standard: .text("KILL"), summary: "the signal, signal(7)"),
      ProcessScope.parameter,
      Parameter(
        "every", .duration,
        summary: "strike again whenever so much time has passed, until the healing, so that no "
          + "supervisor saves the service; without it, once"),
    ],
    cmdlets: WindowsService.cmdlets + ["Stop-Process"],
    examples: [
      [:], ["scope": .text("parent")], ["scope": .text("child"), "signal": .text("SEGV")],
      ["scope": .text("worker")], ["every": .duration(.seconds(1))],
    ])

  let service: String
  let signal: String
  let scope: ProcessScope
  let every: Duration?

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
    signal = arguments.text("signal") ?? "KILL"
    scope = arguments.text("scope").flatMap(ProcessScope.init) ?? .tree
    every = arguments.duration("every")
    if let every, every < .milliseconds(100) {
      throw Complaint(
        "a service cannot be looked for every \(TimeText.chosen(every))",
        remedy: "100ms is the shortest; without every: it is struck once")
    }
  }

  package var consequence: Consequence {
    KeepalivedService.means(KeepalivedService.death(of: scope, by: signal), to: service)
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try node.system.faults.service(
      service, on: node, for: Self.declaration.kind)
    let mending = processes.mending(scope, holding: site.addresses.map(\.address))
    let once = Procedure(
      prepare: [processes.control.isActive, try processes.prepare(scope)],
      inject: [processes.verify, try processes.blow(signal, at: scope)],
      confirm: [processes.areGone], heal: mending.heal, confirmHealed: mending.proof)
    guard let every else { return once }
    return try processes.repeating(once, signal, at: scope, every: every)
  }
}
