// change-interval: two nodes that disagree about how often they speak.

package import TakeoverModel

package struct ChangeInterval: Fault {
  package static let declaration = FaultDeclaration(
    kind: "change-interval",
    summary: "give a node's instances another advertisement interval",
    effect: "with VRRPv2 the other node refuses its advertisements and both hold the addresses; "
      + "with VRRPv3 a standby follows the holder's interval",
    parameters: [
      Parameter("to", .duration, required: true, summary: "10ms to 40.95s in steps of 10ms")
    ] + KeepalivedFault.parameters,
    requires: KeepalivedFault.requires, examples: [["to": .duration(.seconds(2))]])

  let fault: KeepalivedFault
  let interval: Duration

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
    interval = arguments.duration("to") ?? .zero
    guard VRRPTimers.canSay(interval, version: 3) else {
      throw Complaint(
        "\(TimeText.chosen(interval)) is no advertisement interval",
        remedy: "VRRPv3 counts in steps of 10ms from 10ms to 40.95s (RFC 9568, 5.2.7)")
    }
  }

  private var operation: KeepalivedText.Operation {
    let hundredths = interval.nanoseconds / 10_000_000
    let digits = String(hundredths % 100)
    let seconds = "\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits)"
    return .set("advert_int", seconds)
  }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try fault.procedure(operation, lacking: "no vrrp_instance of another advert_int", on: node)
  }
}
