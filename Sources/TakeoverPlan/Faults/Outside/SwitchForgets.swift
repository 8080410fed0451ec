// switch-forgets: the switch's table has lost the node, and learns it no more.

package import TakeoverModel

package struct SwitchForgets: Fault {
  package static let declaration = FaultDeclaration(
    kind: "switch-forgets",
    summary: "make the switch forget which port leads to a node, and not learn it again meanwhile",
    effect: "nothing: frames to the node go out at every port, and a pair must not notice")

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .nothing }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try OutsideBlow.procedure(.memory, on: node, for: Self.declaration.kind)
  }
}
