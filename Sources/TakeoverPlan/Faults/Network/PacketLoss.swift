// packet-loss: a bad cable, a full queue: some of the packets do not arrive, at random.

package import TakeoverModel

package struct PacketLoss: Fault {
  package static let declaration = FaultDeclaration(
    kind: "packet-loss",
    summary: "lose a share of the packets at a node, at random (nftables)",
    effect: "a takeover that nobody asked for comes when all advertisements of a master-down "
      + "interval are lost in a row: three of them, at 30 percent once in some fifty",
    parameters: [
      Parameter("percent", .count(1...100), required: true, summary: "how many of a hundred")
    ] + TrafficRules.parameters(TrafficRules.Traffic.allCases),
    requires: ["nft"],
    examples: [
      ["percent": .count(30), "protocol": .text("vrrp")],
      [
        "percent": .count(50), "protocol": .text("all"), "peer": .text("any"),
        "direction": .text("in"),
      ],
    ])

  let rules: TrafficRules

  package init(_ arguments: Arguments) throws(Complaint) {
    let percent = arguments.count("percent") ?? 100
    rules = try TrafficRules(arguments, verdict: .loss(percent))
  }

  package var consequence: Consequence { rules.consequence }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try rules.procedure(on: node, in: site)
  }
}
