// one-way-loss: a fibre of which one strand is broken, a filter on one port of a switch.

package import TakeoverModel

package struct OneWayLoss: Fault {
  package static let declaration = FaultDeclaration(
    kind: "one-way-loss",
    summary: "drop everything that goes out to the others of the pair, or that comes in from them",
    effect: "a holder that is not heard stays while the standby takes over: two holders if the "
      + "holder has the higher priority, a clean takeover if it has the lower",
    parameters: [
      Parameter(
        "direction", .choice(["in", "out"]), standard: .text("out"), summary: "as the node sees it"),
      InterfaceParameter.parameter,
    ],
    requires: ["nft"],
    examples: [[:], ["direction": .text("in")]])

  let direction: String
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    direction = arguments.text("direction") ?? "out"
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    InterfaceParameter.along(interface, direction == "out" ? .unheard : .deaf)
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try PartitionPeer.procedure(
      ways: [direction], named: "one_way_\(direction)", interface, on: node, in: site)
  }
}
