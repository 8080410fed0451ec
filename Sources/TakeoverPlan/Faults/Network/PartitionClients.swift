// partition-clients: the pair is whole, and nobody else reaches it: the uplink of its switch is out.

package import TakeoverModel

package struct PartitionClients: Fault {
  package static let declaration = FaultDeclaration(
    kind: "partition-clients",
    summary: "drop everything on an interface but the pair's own traffic and the way to the node",
    effect: "nothing: the nodes hear each other, and VRRP asks nobody else, so the holder keeps an "
      + "address that no client reaches, unless a check of its own finds that out",
    parameters: [InterfaceParameter.parameter],
    requires: ["nft"])

  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    .beside("clients that do not reach it")
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let traffic = try PeerTraffic(of: node, in: site, interface: interface)
    let table = FaultTable(
      family: "netdev", name: FaultTable.name(["clients", traffic.interface]),
      chains: ["in", "out"].map { way in
        FaultTable.Chain(
          way: way, hook: FaultTable.frames(way, traffic.interface),
          spared: [RoadRule.place(way), RoadRule.neighbours(way)]
            + traffic.matches(way).map { "\($0) accept" },
          rules: ["meta protocol { ip, ip6, arp } counter drop"])
      })
    return table.procedure(on: node, everybody: true, interface: traffic.interface)
  }
}
