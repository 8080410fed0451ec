// port-blocked: the switch's port has a carrier and forwards nothing, as a spanning tree that listens.

package import TakeoverModel

package struct PortBlocked: Fault {
  package static let declaration = FaultDeclaration(
    kind: "port-blocked",
    summary:
      "make the switch's port of a node forward nothing, either way, while its carrier stays",
    effect:
      "neither node hears the other: the standby takes over after the master-down interval, and "
      + "the node behind the port goes on as master, seen by nobody")

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .silence(.frozen) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try OutsideBlow.procedure(.forwarding, on: node, for: Self.declaration.kind)
  }
}
