// lose-peers: keepalived without unicast_peer falls back to multicast without a word.

package import TakeoverModel

package struct LosePeers: Fault {
  package static let declaration = FaultDeclaration(
    kind: "lose-peers",
    summary: "take unicast_peer out of a node's instances",
    effect: "the node multicasts and hears no unicast: both hold the addresses where the other "
      + "node, or the network, takes unicast only",
    parameters: KeepalivedFault.parameters,
    requires: KeepalivedFault.requires)

  let fault: KeepalivedFault

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
  }

  private var operation: KeepalivedText.Operation { .removeBlock("unicast_peer") }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try fault.procedure(operation, lacking: "no unicast_peer", on: node)
  }
}
