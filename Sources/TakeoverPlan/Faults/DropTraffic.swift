// drop-traffic: a firewall, a switch or a cloud that eats some of the packets, in a table of its own.

package import TakeoverModel

package struct DropTraffic: Fault {
  static let protocols = ["vrrp", "arp", "icmp", "tcp", "udp", "all"]

  package static let declaration = FaultDeclaration(
    kind: "drop-traffic",
    summary: "drop packets at a node by protocol, peer and direction (nftables)",
    effect: "advertisements that do not arrive make the standby take over after the master-down "
      + "interval while the holder stays: two holders",
    parameters: [
      Parameter(
        "protocol", .choice(protocols), required: true,
        summary: "all: IPv4 and IPv6, but not ARP; icmp: of ICMPv6 the echoes only"),
      Parameter("port", .count(1...65535), summary: "for tcp and udp, at either end"),
      Parameter(
        "peer", .text, standard: .text("peer"),
        summary: "peer: the other nodes of the site; any: everybody; or one address"),
      Parameter(
        "direction", .choice(["in", "out", "both"]), standard: .text("both"),
        summary: "as the node sees it"),
      Parameter("interface", .text, summary: "standard: the interface that carries the addresses"),
    ],
    requires: ["nft"],
    examples: [
      ["protocol": .text("vrrp"), "direction": .text("out")],
      ["protocol": .text("arp"), "peer": .text("any")],
      ["protocol": .text("all"), "peer": .text("any")],
    ])

  let rules: DropRules

  package init(_ arguments: Arguments) throws(Complaint) {
    let name = arguments.text("protocol") ?? ""
    guard let traffic = DropRules.Traffic(rawValue: name) else {
      throw Complaint("\"\(name)\" is no protocol", remedy: Self.protocols.joined(separator: ", "))
    }
    let port = arguments.count("port")
    if port != nil, traffic != .tcp, traffic != .udp {
      throw Complaint("\(name) has no ports", remedy: "leave port: out, or drop tcp or udp")
    }
    let word = arguments.text("peer") ?? "peer"
    let address = IPAddress(word)
    guard let peer = DropRules.Peer(word) else {
      throw Complaint("\"\(word)\" is no peer", remedy: "peer, any, or an IP address")
    }
    if traffic == .arp, address?.isV4 == false {
      throw Complaint("ARP knows no IPv6 address", remedy: "name an IPv4 address, or peer, or any")
    }
    rules = DropRules(
      traffic: traffic, port: port, peer: peer, direction: arguments.text("direction") ?? "both",
      interface: try InterfaceParameter.checked(arguments))
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let table = try rules.table(on: node, in: site)
    let file = "\(Procedure.stateFolder)/\(table.name).nft"
    let place = [table.family, table.name]
    return Procedure(
      prepare: [
        RoadRule.writing(
          table.text, to: file, port: node.reach.port, everybody: rules.peer == .any,
          dropped: rules.traffic == .tcp ? rules.port : nil)
      ],
      inject: [Command("nft", "-f", file)],
      confirm: [
        .script(
          """
          found=$(nft list table "$1" "$2") || exit 1
          [ "$(echo "$found" | grep -c ' drop$')" -eq "$3" ]
          """, place + [String(table.drops)])
      ],
      heal: [
        .script(
          """
          nft list table "$1" "$2" >/dev/null 2>&1 || exit 0
          nft delete table "$1" "$2"
          """, place)
      ],
      confirmHealed: [
        .script(
          """
          tables=$(nft list tables) || exit 1
          ! echo "$tables" | grep -qxF "table $1 $2"
          """, place)
      ])
  }
}
