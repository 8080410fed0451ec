// address-delete: the virtual address is taken away by hand, while the daemon still means to hold it.

package import TakeoverModel

package struct AddressDelete: Fault {
  package static let declaration = FaultDeclaration(
    kind: "address-delete",
    summary: "delete the virtual addresses from a node that has them",
    effect: "keepalived sees its address go, steps down and comes back as holder after the "
      + "master-down interval, or the standby does: nobody has the address until then",
    requires: ["ip"])

  package init(_ arguments: Arguments) {}

  package var consequence: Consequence { .addressesGone }

  /// keepalived may give the address back at once, so the blow itself looks whether it was gone.
  /// Giving it back is left to keepalived: it may be another node's by now.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind)"
    let virtual = site.addresses.map(\.address.description)
    return Procedure(
      prepare: [
        .script(
          """
          record=$1
          shift
          umask 077
          mkdir -p "${record%/*}" && rm -f "$record.gone" && : >"$record.found" || exit 1
          for address in "$@"; do
            found=$(ip -o address show to "$address") || exit 1
            echo "$found" | while read -r number name family with rest; do
              [ -z "$with" ] || echo "$with $name"
            done >>"$record.found"
          done
          [ -s "$record.found" ] || { echo "it has none of the virtual addresses" >&2; exit 1; }
          """, [record] + virtual)
      ],
      inject: [
        .script(
          """
          failed=0
          while read -r address interface; do
            ip address del "$address" dev "$interface" || failed=1
          done <"$1.found"
          [ "$failed" = 0 ] && : >"$1.gone"
          """, [record])
      ],
      confirm: [
        .script(
          """
          [ -e "$1.gone" ] && exit 0
          while read -r address interface; do
            found=$(ip -o address show to "${address%/*}") && [ -z "$found" ] || exit 1
          done <"$1.found"
          """, [record])
      ],
      heal: [.script(#"rm -f "$1.found" "$1.gone""#, [record])],
      confirmHealed: [.script(#"[ ! -e "$1.found" ]"#, [record])])
  }
}
