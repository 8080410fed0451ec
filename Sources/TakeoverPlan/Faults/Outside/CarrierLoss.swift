// carrier-loss: the cable is out at the far end: the node's interface is up, and has no carrier.

package import TakeoverModel

package struct CarrierLoss: Fault {
  package static let declaration = FaultDeclaration(
    kind: "carrier-loss",
    summary: "take the carrier of a node's cable away at the far end, the switch's port",
    effect: "a daemon that tracks its interface gives up at once, silently; the standby takes over "
      + "after the master-down interval")

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .linkDown(nil) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try OutsideBlow.procedure(.carrier, on: node, for: Self.declaration.kind, cutsPort: true)
  }
}
