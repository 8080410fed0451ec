// mtu-change: jumbo frames on one end of a link only, or a tunnel that takes its share.

package import TakeoverModel

package struct MTUChange: Fault {
  package static let declaration = FaultDeclaration(
    kind: "mtu-change",
    summary: "change the largest packet that an interface sends, and set it back",
    effect: "nothing: an advertisement is far smaller; but what the holder serves comes in smaller "
      + "pieces, or not at all where fragments are not let through",
    parameters: [
      Parameter(
        "mtu", .count(1280...65535), standard: .count(1280),
        summary: "bytes; with less than 1280 the interface would lose IPv6 (RFC 8200, 5)"),
      InterfaceParameter.parameter,
    ],
    requires: ["ip"],
    examples: [["mtu": .count(1300)]])

  let mtu: Int
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    mtu = arguments.count("mtu") ?? 1280
    interface = try InterfaceParameter.checked(arguments)
  }

  /// Where it is not, an advertisement is small enough for any.
  package var consequence: Consequence {
    .open(
      "some network drivers take the link down for a moment to change the size of its packets")
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    LinkSetting(
      name: "mtu", value: String(mtu), fault: Self.declaration.kind,
      interface: interface ?? node.interface
    ).procedure()
  }
}
