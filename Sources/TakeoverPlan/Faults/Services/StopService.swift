// stop-service: the graceful way out, as an operator or a package upgrade does it.

package import TakeoverModel

package struct StopService: Fault {
  package static let declaration = FaultDeclaration(
    kind: "stop-service",
    summary: "stop a service as its operator would",
    effect: "keepalived says goodbye with priority 0: the standby takes over after its skew time",
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
      inject: [processes.stop],
      confirm: [processes.areGone, processes.isInactive],
      heal: [processes.restart],
      confirmHealed: [control.isActive])
  }
}
