// state-master: the keyword that silently switches nopreempt off.

package import TakeoverModel

package struct StateMaster: Fault {
  package static let declaration = FaultDeclaration(
    kind: "state-master",
    summary: "set state MASTER in a node's instances, which clears nopreempt and preempt_delay",
    effect: "the node with the higher priority takes the addresses back although nopreempt "
      + "promises that it does not",
    parameters: KeepalivedFault.parameters,
    requires: KeepalivedFault.requires, examples: [[:], ["apply": .text("restart")]])

  let fault: KeepalivedFault

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
  }

  private var operation: KeepalivedText.Operation { .set("state", "MASTER") }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try fault.procedure(
      operation, lacking: "no vrrp_instance that is not MASTER", on: node)
  }
}
