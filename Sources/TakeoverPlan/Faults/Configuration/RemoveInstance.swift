// remove-instance: an instance that one node no longer has.

package import TakeoverModel

package struct RemoveInstance: Fault {
  package static let declaration = FaultDeclaration(
    kind: "remove-instance",
    summary: "take a vrrp_instance out of a node's configuration",
    effect: "the holder says goodbye with priority 0 and the standby takes over after its skew "
      + "time; other instances must not notice",
    parameters: KeepalivedFault.parameters,
    requires: KeepalivedFault.requires)

  let fault: KeepalivedFault

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
  }

  private var operation: KeepalivedText.Operation { .removeInstance }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try fault.procedure(operation, lacking: "no vrrp_instance", on: node)
  }
}
