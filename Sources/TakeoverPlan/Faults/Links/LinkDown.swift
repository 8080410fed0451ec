// link-down: the cable is out, as far as the node's own kernel is concerned.

package import TakeoverModel

package struct LinkDown: Fault {
  package static let declaration = FaultDeclaration(
    kind: "link-down",
    summary: "take a network interface down, and bring it back with its addresses and routes",
    effect: "the standby takes over after the master-down interval; nobody has the address before",
    parameters: [InterfaceParameter.parameter],
    requires: ["ip"])

  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    interface = try InterfaceParameter.checked(arguments)
  }

  /// Taking the link down loses its routes and its IPv6 addresses; IPv4 addresses stay.
  package var consequence: Consequence { .linkDown(interface) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let kept = InterfaceRecord(Self.declaration.kind, on: node, in: site, interface: interface)
    return Procedure(
      prepare: [kept.save],
      inject: [Command("ip", "link", "set", "dev", kept.interface, "down")],
      confirm: [kept.isDown],
      heal: [kept.restore],
      confirmHealed: [kept.isRestored],
      silences: kept.interface)
  }
}
