// pinned-neighbour: a client, or a router, whose neighbour entry no announcement changes.

package import TakeoverModel

package struct PinnedNeighbour: Fault {
  package static let declaration = FaultDeclaration(
    kind: "pinned-neighbour",
    summary: "pin a machine's neighbour entries for the virtual addresses to what they are now",
    effect:
      "nothing moves; after a takeover this client goes on sending to the node that has lost the "
      + "address",
    requires: ["ip", "ping"], target: .machine)

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .nothing }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind).\(node.interface)"
    let addresses = site.addresses.map(\.address.description)
    return Procedure(
      prepare: [.script(Self.look, [node.interface, record] + addresses)],
      inject: [.script(Self.pin, [node.interface, record])],
      confirm: [.script(Self.isPinned, [node.interface, record])],
      heal: [.script(Self.unpin, [node.interface, record])],
      confirmHealed: [.script(Self.isFree, [node.interface, record])])
  }

  /// Writes down `address hardware-address` for each; who has it is asked for where it is not known.
  private static let look = """
    interface=$1 record=$2
    shift 2
    umask 077
    mkdir -p "${record%/*}" && : >"$record" || exit 1
    for address; do
      turn=0 mac=
      while [ -z "$mac" ] && [ "$turn" -lt 5 ]; do
        set -- $(ip neigh show to "$address" dev "$interface")
        case " $* " in *" PERMANENT "*) echo "$address is pinned already" >&2; exit 1 ;; esac
        while [ $# -gt 1 ]; do [ "$1" != lladdr ] || mac=$2; shift; done
        [ -n "$mac" ] || ping -c 1 -W 1 "$address" >/dev/null 2>&1
        turn=$((turn + 1))
      done
      [ -n "$mac" ] || { echo "nobody answers for $address" >&2; exit 1; }
      echo "$address $mac" >>"$record"
    done
    """

  private static let pin = """
    while read -r address mac; do
      ip neigh replace "$address" lladdr "$mac" dev "$1" nud permanent || exit 1
    done <"$2"
    """

  private static let isPinned = """
    while read -r address mac; do
      case $(ip neigh show to "$address" dev "$1" nud permanent) in *"$mac"*) ;; *) exit 1 ;; esac
    done <"$2"
    """

  /// A fresh start: the entry is asked for again when it is needed.
  private static let unpin = """
    [ -e "$2" ] || exit 0
    while read -r address mac; do
      [ -z "$(ip neigh show to "$address" dev "$1" nud permanent)" ] ||
        ip neigh del "$address" dev "$1" || exit 1
    done <"$2"
    """

  private static let isFree = """
    [ -e "$2" ] || exit 0
    while read -r address mac; do
      [ -z "$(ip neigh show to "$address" dev "$1" nud permanent)" ] || exit 1
    done <"$2"
    """
}
