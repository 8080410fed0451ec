// kill-process: a crash of a service, or of a part of it.

package import TakeoverModel

package struct KillProcess: Fault {
  static let signals = ["KILL", "TERM", "ABRT", "SEGV"]

  package static let declaration = FaultDeclaration(
    kind: "kill-process",
    summary: "send a deadly signal to a service's processes, all at once",
    effect: "a killed tree leaves its addresses behind and the standby takes over after the "
      + "master-down interval; a killed parent makes keepalived's child leave gracefully",
    parameters: [
      ServiceProcesses.parameter,
      Parameter(
        "signal", .choice(signals), standard: .text("KILL"), summary: "the signal, signal(7)"),
      ProcessScope.parameter,
    ],
    examples: [[:], ["scope": .text("parent")], ["scope": .text("child")]])

  let service: String
  let signal: String
  let scope: ProcessScope

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
    signal = arguments.text("signal") ?? "KILL"
    scope = arguments.text("scope").flatMap(ProcessScope.init) ?? .tree
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let blow =
      scope == .tree && signal == "KILL" ? processes.killAtOnce : processes.signal(signal)
    return Procedure(
      prepare: [processes.control.isActive, processes.prepare(scope)],
      inject: [processes.verify, blow],
      confirm: [processes.areGone],
      heal: scope == .child
        ? [processes.restart, processes.forgetDeaths(site.addresses.map(\.address))]
        : [processes.restart],
      confirmHealed: scope == .child
        ? [processes.control.isActive, processes.hasChild] : [processes.control.isActive])
  }
}
