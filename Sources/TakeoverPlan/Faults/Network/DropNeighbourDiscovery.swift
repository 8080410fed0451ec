// drop-neighbour-discovery: what a switch does whose multicast snooping has gone wrong: IPv6 is there,
// but nobody finds anybody.

package import TakeoverModel

package struct DropNeighbourDiscovery: Fault {
  package static let declaration = FaultDeclaration(
    kind: "drop-neighbour-discovery",
    summary: "drop neighbour solicitations and advertisements, and nothing else (nftables)",
    effect:
      "nothing at first: IPv6 goes on for as long as neighbour entries last, and advertisements "
      + "to a unicast peer end with them; over IPv4 nothing at all",
    parameters: [
      Parameter(
        "direction", .choice(["in", "out", "both"]), standard: .text("both"),
        summary: "as the node sees it"),
      InterfaceParameter.parameter,
    ],
    requires: ["nft"],
    examples: [[:], ["direction": .text("in")]])

  let direction: String
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    direction = arguments.text("direction") ?? "both"
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    InterfaceParameter.along(interface, .undiscovered)
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let interface = interface ?? node.interface
    return FaultTable(
      family: "netdev", name: FaultTable.name(["discovery", direction, interface]),
      chains: ["in", "out"].filter { direction == $0 || direction == "both" }.map { way in
        FaultTable.Chain(
          way: way, hook: FaultTable.frames(way, interface),
          spared: [RoadRule.neighbours(way)],
          rules: ["icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } counter drop"])
      }
    ).procedure(on: node, everybody: false, interface: interface)
  }
}
