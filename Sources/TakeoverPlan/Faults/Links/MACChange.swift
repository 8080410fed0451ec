// mac-change: another network card, or a machine that was moved: the same address behind another
// hardware address, and nobody is told.

package import TakeoverModel

package struct MACChange: Fault {
  package static let declaration = FaultDeclaration(
    kind: "mac-change",
    summary: "give an interface another hardware address, and set the old one back",
    effect:
      "the standby still hears the holder; clients go on sending to an address that nobody has "
      + "until they ask anew, or keepalived repeats its announcement (garp_master_refresh)",
    parameters: [
      Parameter(
        "mac", .text, standard: .text("02:7a:6b:00:00:01"), summary: "the other hardware address"),
      InterfaceParameter.parameter,
    ],
    requires: ["ip"])

  let mac: MACAddress
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    let text = arguments.text("mac") ?? "02:7a:6b:00:00:01"
    guard let mac = MACAddress(text), mac != .zero, mac.bytes[0] & 1 == 0 else {
      throw Complaint(
        "\"\(text)\" is no hardware address of one interface",
        remedy: "give one like 02:7a:6b:00:00:01")
    }
    self.mac = mac
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    .open(
      "who sends to the old hardware address, a peer among them, does so until its kernel asks anew"
    )
  }

  /// Whoever comes by this interface sends to the old address, too, until it asks anew.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    LinkSetting(
      name: "address", value: mac.description, fault: Self.declaration.kind,
      interface: interface ?? node.interface, silences: true
    ).procedure()
  }
}
