// change-priority: a node that is given another rank while it runs.

package import TakeoverModel

package struct ChangePriority: Fault {
  package static let declaration = FaultDeclaration(
    kind: "change-priority",
    summary: "give a node's instances another priority in keepalived's configuration",
    effect: "with preemption the higher priority has the addresses after the master-down "
      + "interval; with nopreempt nothing moves until the holder fails",
    parameters: [
      Parameter("to", .count(1...254), required: true, summary: "the priority (RFC 9568, 5.2.4)")
    ] + KeepalivedFault.parameters,
    requires: KeepalivedFault.requires,
    examples: [["to": .count(50)], ["to": .count(200), "apply": .text("restart")]])

  let fault: KeepalivedFault
  let priority: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
    priority = arguments.count("to") ?? 100
  }

  private var operation: KeepalivedText.Operation { .set("priority", String(priority)) }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try fault.procedure(
      operation, lacking: "no vrrp_instance of another priority", on: node)
  }
}
