// drop-goodbyes: the one packet in which a holder says that it leaves is lost.

package import TakeoverModel

package struct DropGoodbyes: Fault {
  package static let declaration = FaultDeclaration(
    kind: "drop-goodbyes",
    summary: "drop the VRRP advertisements of priority 0, and no others (nftables)",
    effect: "nothing until a holder leaves gracefully: then the standby takes over after the "
      + "master-down interval instead of its skew time",
    parameters: [
      Parameter(
        "direction", .choice(["in", "out", "both"]), standard: .text("out"),
        summary: "as the node sees it"),
      InterfaceParameter.parameter,
    ],
    requires: ["nft"],
    examples: [[:], ["direction": .text("both")]])

  let direction: String
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    direction = arguments.text("direction") ?? "out"
    interface = try InterfaceParameter.checked(arguments)
  }

  /// The second byte is the virtual router's id and the third the priority, in both versions (RFC
  /// 3768, 5.3; RFC 9568, 5.2), over IPv4 and over IPv6.
  package var consequence: Consequence {
    InterfaceParameter.along(interface, .goodbyesLost(own: direction != "in"))
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let interface = interface ?? node.interface
    let goodbye = site.vrid.map { "@th,8,16 \($0 * 256)" } ?? "@th,16,8 0"
    return FaultTable(
      family: "netdev", name: FaultTable.name(["goodbyes", direction, interface]),
      chains: ["in", "out"].filter { direction == $0 || direction == "both" }.map { way in
        FaultTable.Chain(
          way: way, hook: FaultTable.frames(way, interface),
          rules: ["meta l4proto 112 \(goodbye) counter drop"])
      }
    ).procedure(on: node, everybody: false)
  }
}
