// reject-traffic: a firewall that says no, where drop-traffic's says nothing.

package import TakeoverModel

package struct RejectTraffic: Fault {
  static let protocols = TrafficRules.Traffic.allCases.filter { $0 != .arp }

  package static let declaration = FaultDeclaration(
    kind: "reject-traffic",
    summary: "refuse packets at a node: TCP by a reset, others by ICMP port unreachable (nftables)",
    effect:
      "clients are told at once that nobody serves, while VRRP goes on: the address stays where "
      + "it is of no use",
    parameters: TrafficRules.parameters(protocols, direction: "in"),
    requires: ["nft"],
    examples: [
      ["protocol": .text("tcp"), "port": .count(80), "peer": .text("any")],
      ["protocol": .text("all")],
    ])

  let rules: TrafficRules

  package init(_ arguments: Arguments) throws(Complaint) {
    rules = try TrafficRules(arguments, verdict: .reject)
  }

  package var consequence: Consequence { rules.consequence }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try rules.procedure(on: node, in: site)
  }
}
