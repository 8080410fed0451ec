// freeze-process: what a paused virtual machine or a starved scheduler looks like from outside.

package import TakeoverModel

package struct FreezeProcess: Fault {
  package static let declaration = FaultDeclaration(
    kind: "freeze-process",
    summary: "stop a service's processes in their tracks (SIGSTOP), and let them go on at the end",
    effect: "the standby takes over after the master-down interval while the frozen node's kernel "
      + "still answers for the address: two holders until the thaw",
    parameters: [ServiceProcesses.parameter, ProcessScope.parameter])

  let service: String
  let scope: ProcessScope

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
    scope = arguments.text("scope").flatMap(ProcessScope.init) ?? .tree
  }

  package var consequence: Consequence {
    KeepalivedService.means(KeepalivedService.frost(of: scope), to: service)
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    return Procedure(
      prepare: [processes.control.isActive, processes.prepare(scope)],
      inject: [processes.verify, processes.signal("STOP")],
      confirm: [processes.areFrozen],
      heal: [processes.thaw, processes.restart],
      confirmHealed: [processes.areThawed, processes.control.isActive])
  }
}
