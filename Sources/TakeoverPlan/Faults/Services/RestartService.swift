// restart-service: what an operator does first, and what a package upgrade does unasked.

package import TakeoverModel

package struct RestartService: Fault {
  package static let declaration = FaultDeclaration(
    kind: "restart-service",
    summary: "restart a service as its operator would",
    effect: "keepalived says goodbye with priority 0 and comes back as a backup: the standby takes "
      + "over after its skew time, and gives back only to a higher priority that preempts",
    parameters: [ServiceProcesses.parameter])

  let service: String

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
  }

  package var consequence: Consequence { KeepalivedService.means(.goodbye, to: service) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let control = processes.control
    return Procedure(
      prepare: [control.isActive, processes.prepare(.tree)],
      inject: [processes.restartAtOnce],
      confirm: [processes.areGone, control.isActive],
      heal: [processes.restart],
      confirmHealed: [control.isActive])
  }
}
