// power-off: the plug is pulled, and put back at the end.

package import TakeoverModel

package struct PowerOff: Fault {
  package static let declaration = FaultDeclaration(
    kind: "power-off",
    summary: "cut a node's power at once, from outside, and start it again at the end",
    effect: "the standby takes over after the master-down interval; nobody has the address before, "
      + "and where preemption is allowed it goes back after the start")

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .silence(.off) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try OutsideBlow.procedure(
      .power, on: node, for: Self.declaration.kind, restarts: true, cutsPort: true)
  }
}
