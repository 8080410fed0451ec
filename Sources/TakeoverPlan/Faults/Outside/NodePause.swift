// node-pause: a virtual machine that is paused, for its snapshot or its move, and goes on later.

package import TakeoverModel

package struct NodePause: Fault {
  package static let declaration = FaultDeclaration(
    kind: "node-pause",
    summary:
      "make a whole node stand still, from outside, and let it go on at the end; frames that "
      + "came meanwhile are read then, unless its port is blocked as well",
    effect:
      "the standby takes over after the master-down interval; when the node goes on, it still "
      + "believes that it is the master: two holders until one of them gives way")

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .silence(.frozen) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try OutsideBlow.procedure(.pause, on: node, for: Self.declaration.kind)
  }
}
