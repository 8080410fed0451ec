// address-flush: a slip of the hand, or a network service that starts anew: the interface is up, and
// has nothing.

package import TakeoverModel

package struct AddressFlush: Fault {
  package static let declaration = FaultDeclaration(
    kind: "address-flush",
    summary: "take all addresses from an interface, and put its own back with their routes",
    effect:
      "keepalived sees the virtual address go and gives it back to itself, on an interface that "
      + "leads nowhere: two holders over IPv6, over IPv4 one that serves nobody; a standby that is "
      + "hit hears nobody and takes over",
    parameters: [InterfaceParameter.parameter],
    requires: ["ip"])

  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    .open(
      "whether keepalived hears first that its own address is gone, or the virtual one, decides "
        + "whether it leaves or goes on unheard")
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let kept = InterfaceRecord(
      Self.declaration.kind, on: node, in: site, interface: interface, withLinkLocal: true)
    return Procedure(
      prepare: [kept.save],
      inject: [Command("ip", "address", "flush", "dev", kept.interface)],
      confirm: [
        .script(
          """
          [ -s "$2.addresses" ] || exit 1
          while read -r address rest; do
            found=$(ip -o address show dev "$1") || exit 1
            case $found in *" $address "*) exit 1 ;; esac
          done <"$2.addresses"
          """, [kept.interface, kept.record])
      ],
      heal: [kept.restore],
      confirmHealed: [kept.isRestored],
      silences: kept.interface)
  }
}
