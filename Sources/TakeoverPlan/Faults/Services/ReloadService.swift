// reload-service: the configuration is read anew without an interruption, or so its operator thinks.

package import TakeoverModel

package struct ReloadService: Fault {
  package static let declaration = FaultDeclaration(
    kind: "reload-service",
    summary: "have a service read its unchanged configuration anew",
    effect: "keepalived goes on as it was: no advertisement is missing for longer than the reload "
      + "takes, and the addresses stay",
    parameters: [ServiceProcesses.parameter])

  let service: String

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
  }

  /// systemd keeps when its reload command ran last, as which process and how that ended; of other
  /// services the reload command's own word must do. Either way the first process stays the same.
  package var consequence: Consequence { KeepalivedService.means(.nothing, to: service) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let control = processes.control
    guard let reload = control.reload else {
      throw Complaint(
        "the site does not say how \(service) of \(node.name) is reloaded",
        remedy: "add reload: to the service's commands in the site")
    }
    let record = processes.record
    var procedure = Procedure(
      prepare: [control.isActive, processes.prepare(.parent)],
      inject: [.script("eval \"$1\" && echo done >\"$2.reloaded\"", [reload.shellText, record])],
      confirm: [.script("[ -s \"$1.reloaded\" ]", [record]), processes.areSame, control.isActive],
      heal: [processes.restart],
      confirmHealed: [control.isActive])
    if case .unit(let unit) = control {
      procedure.requirements = [
        Requirement(
          .script(
            "[ \"$(systemctl show --property=CanReload --value \"$1\")\" = yes ]", [unit]),
          otherwise: "cannot reload \(unit)")
      ]
      procedure.prepare.append(
        .script(
          "systemctl show --property=ExecReload \"$1\" >\"$2.reload\"", [unit, record]))
      procedure.confirm.append(
        .script(
          """
          now=$(systemctl show --property=ExecReload "$1") && [ "$now" != "$(cat "$2.reload")" ] &&
            case $now in *' status=0 '*) ;; *) exit 1 ;; esac
          """, [unit, record]))
    }
    return procedure
  }
}
