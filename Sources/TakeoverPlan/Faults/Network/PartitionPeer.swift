// partition-peer: the segment between the nodes of a pair is cut, and only there.

package import TakeoverModel

package struct PartitionPeer: Fault {
  package static let declaration = FaultDeclaration(
    kind: "partition-peer",
    summary: "drop everything between a node and the others of its pair, both ways (nftables)",
    effect: "the standby takes over after the master-down interval while the holder stays: two "
      + "holders, until they hear each other again",
    parameters: [InterfaceParameter.parameter],
    requires: ["nft"])

  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { InterfaceParameter.along(interface, .cutOff) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try Self.procedure(ways: ["in", "out"], named: "partition", interface, on: node, in: site)
  }

  /// Cut in these ways only. What goes out is shown to be struck, not only the rules to be there.
  static func procedure(
    ways: [String], named name: String, _ interface: String?, on node: Node, in site: Site
  ) throws(Complaint) -> Procedure {
    let traffic = try PeerTraffic(of: node, in: site, interface: interface)
    let table = FaultTable(
      family: "netdev", name: FaultTable.name([name, traffic.interface]),
      chains: ways.map { way in
        FaultTable.Chain(
          way: way, hook: FaultTable.frames(way, traffic.interface), spared: [RoadRule.place(way)],
          rules: traffic.matches(way).map { "\($0) counter drop" })
      })
    var procedure = table.procedure(on: node, everybody: false)
    if ways.contains("out") {
      let peers = site.peers(of: node).flatMap(\.addresses)
      procedure.confirm.append(table.hasStruck(asking: peers))
    }
    return procedure
  }
}
