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
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let blow =
      scope == .tree && signal == "KILL" ? processes.killAtOnce : processes.signal(signal)
    // The number of its children is the service's own: each death makes the next birth later.
    let losesChild = scope == .child || scope == .worker
    var procedure = Procedure(
      prepare: [processes.control.isActive, processes.prepare(scope)],
      inject: [processes.verify, blow],
      confirm: [processes.areGone],
      heal: losesChild
        ? [processes.restart, processes.forgetDeaths(site.addresses.map(\.address))]
        : [processes.restart],
      confirmHealed: losesChild
        ? [processes.control.isActive, processes.hasChild] : [processes.control.isActive])
    guard let every else { return procedure }
    let companion = Companion(record: processes.record)
    let again = processes.killing(scope, signal, every: every)
    procedure.inject = [
      processes.verify, companion.start(again.body, again.parameters), companion.striking(blow),
    ]
    procedure.confirm.append(companion.runs)
    procedure.heal.insert(companion.end, at: 0)
    procedure.confirmHealed.insert(companion.isGone, at: 0)
    procedure.requirements = Companion.requirements
    return procedure
  }
}
