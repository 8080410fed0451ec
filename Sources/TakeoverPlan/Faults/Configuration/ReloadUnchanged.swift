// reload-unchanged: the most harmless thing an operator does, which has dropped addresses before.

package import TakeoverModel

package struct ReloadUnchanged: Fault {
  package static let declaration = FaultDeclaration(
    kind: "reload-unchanged",
    summary: "have a service read its configuration again, though nothing in it has changed",
    effect: "nothing: the addresses stay where they are, and every question is answered",
    parameters: [ServiceProcesses.parameter],
    requires: ["awk"])

  let service: String

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
  }

  package var consequence: Consequence { KeepalivedService.means(.nothing, to: service) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let control = processes.control
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind).\(service).before"
    return Procedure(
      prepare: [
        control.isActive, processes.prepare(.tree),
        .script(
          Loading.loaded + "loaded \"$1\" >\"$2\"", [control.mainProcess.shellText, record]),
      ],
      inject: [control.rereading],
      confirm: [
        .script(
          Loading.loaded + "[ \"$(loaded \"$1\")\" != \"$(cat \"$2\")\" ]",
          [control.mainProcess.shellText, record])
      ],
      heal: [processes.restart],
      confirmHealed: [control.isActive],
      requirements: Loading.requirements(of: control))
  }
}
