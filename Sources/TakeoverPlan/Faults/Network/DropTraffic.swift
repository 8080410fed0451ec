// drop-traffic: a firewall, a switch or a cloud that eats some of the packets, in a table of its own.

package import TakeoverModel

package struct DropTraffic: Fault {
  package static let declaration = FaultDeclaration(
    kind: "drop-traffic",
    summary: "drop packets at a node by protocol, peer and direction (nftables)",
    effect: "advertisements that do not arrive make the standby take over after the master-down "
      + "interval while the holder stays: two holders",
    parameters: TrafficRules.parameters(TrafficRules.Traffic.allCases),
    requires: ["nft"],
    examples: [
      ["protocol": .text("vrrp"), "direction": .text("out")],
      ["protocol": .text("arp"), "peer": .text("any")],
      ["protocol": .text("tcp"), "port": .count(80)],
      ["protocol": .text("all"), "peer": .text("any")],
    ])

  let rules: TrafficRules

  package init(_ arguments: Arguments) throws(Complaint) {
    rules = try TrafficRules(arguments, verdict: .drop)
  }

  package var consequence: Consequence { rules.consequence }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try rules.procedure(on: node, in: site)
  }
}
