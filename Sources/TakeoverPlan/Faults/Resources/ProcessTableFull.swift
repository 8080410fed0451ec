// process-table-full: a service that cannot start another process.

package import TakeoverModel

package struct ProcessTableFull: Fault {
  package static let declaration = FaultDeclaration(
    kind: "process-table-full",
    summary: "allow a service's unit no more processes than it has",
    effect:
      "keepalived goes on without its checks: one that cannot be started counts as no failure, "
      + "so the addresses stay, whatever becomes of the service behind them",
    parameters: [ServiceProcesses.parameter])

  let service: String

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
  }

  /// keepalived starts processes for its checks and notices only.
  package var consequence: Consequence {
    .beside("a limit of processes of the service \(service)")
  }

  /// A limit of one: what runs already goes on above it, and fork(2) fails however many of them end.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let kind = Self.declaration.kind
    let processes = try ServiceProcesses(of: service, on: node, for: kind)
    let setting = try GroupSetting(
      of: service, on: node, for: kind, file: "pids.max", legacy: ("pids", "pids.max"))
    return Procedure(
      prepare: [processes.control.isActive, processes.prepare(.tree), setting.prepare],
      inject: [setting.change(to: "1", legacy: "1")],
      confirm: [processes.areSame, setting.isChanged(to: "1", legacy: "1")],
      heal: [setting.restore, processes.restart],
      confirmHealed: [setting.isRestored, processes.control.isActive],
      requirements: [setting.requirement("pids")])
  }
}
