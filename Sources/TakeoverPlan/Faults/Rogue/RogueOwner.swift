// rogue-owner: a machine that has the virtual addresses, too, and says nothing of it until it is asked.

package import TakeoverModel

package struct RogueOwner: Fault {
  package static let declaration = FaultDeclaration(
    kind: "rogue-owner",
    summary: "give the virtual addresses to a machine that is none of the pair, silently",
    effect:
      "nothing moves, but two machines answer who has the address: each client keeps whichever "
      + "answer it heard last",
    requires: ["ip"], target: .machine)

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .claims }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let addresses = site.addresses.map { "\($0.address)/\($0.address.isV4 ? 32 : 128)" }
    let words = [node.interface] + addresses
    return Procedure(
      prepare: [.script(Self.each + "! each has", words)],
      // IPv6 asks first whether another has it (RFC 4862, 5.4), and would give way.
      inject: [.script(Self.each + "each add", words)],
      confirm: [.script(Self.each + "each has", words)],
      heal: [.script(Self.each + "each del", words)],
      confirmHealed: [.script(Self.each + "each lacks", words)])
  }

  /// Shell: `each DO` does it for all addresses, and fails when it fails for one.
  private static let each = """
    interface=$1
    shift
    list=$*
    has() { [ -n "$(ip -o addr show dev "$interface" to "$1")" ]; }
    lacks() { ! has "$1"; }
    add() {
      case $1 in
        *:*) ip addr add "$1" dev "$interface" nodad ;;
        *) ip addr add "$1" dev "$interface" ;;
      esac
    }
    del() { lacks "$1" || ip addr del "$1" dev "$interface"; }
    each() {
      good=0
      for address in $list; do "$1" "$address" || good=1; done
      return "$good"
    }

    """
}
