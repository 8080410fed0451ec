// drop-announcements: a switch that throws gratuitous ARP away, as some do by "ARP inspection".

package import TakeoverModel

package struct DropAnnouncements: Fault {
  package static let declaration = FaultDeclaration(
    kind: "drop-announcements",
    summary: "drop the announcements of the virtual addresses that leave a node (nftables)",
    effect: "nothing until the node takes over: then clients go on sending to the old holder until "
      + "their neighbour entries age",
    parameters: [InterfaceParameter.parameter],
    requires: ["nft"])

  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { .nothing }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let announcements = Announcements(of: node, in: site, interface: interface)
    return announcements.table(
      "announcements", rules: announcements.matches.map { "\($0) counter drop" }
    ).procedure(on: node, everybody: false)
  }
}
