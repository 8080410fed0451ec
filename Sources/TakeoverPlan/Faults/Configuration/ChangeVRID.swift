// change-vrid: two nodes that do not belong together any more.

package import TakeoverModel

package struct ChangeVRID: Fault {
  package static let declaration = FaultDeclaration(
    kind: "change-vrid",
    summary: "give a node's instances another virtual router id",
    effect: "neither node hears the other: both hold the addresses once the master-down "
      + "interval is over",
    parameters: [
      Parameter("to", .count(1...255), required: true, summary: "the virtual router id")
    ] + KeepalivedFault.parameters,
    requires: KeepalivedFault.requires, examples: [["to": .count(99)]])

  let fault: KeepalivedFault
  let router: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
    router = arguments.count("to") ?? 1
  }

  private var operation: KeepalivedText.Operation { .set("virtual_router_id", String(router)) }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try fault.procedure(
      operation,
      lacking: "no vrrp_instance with another virtual_router_id", on: node)
  }
}
