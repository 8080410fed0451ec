// address-duplicate: a second host is given an address that is another's: a copied configuration, a
// restored machine, a colleague's laptop.

package import TakeoverModel

package struct AddressDuplicate: Fault {
  package static let declaration = FaultDeclaration(
    kind: "address-duplicate",
    summary: "add the virtual addresses to a node that does not hold them",
    effect:
      "VRRP does not see it: two hosts answer for the address, and clients reach the one that "
      + "answered, or announced itself, last",
    parameters: [
      Parameter(
        "announce", .flag, standard: .flag(false),
        summary: "whether it is announced, by gratuitous ARP (IPv4 only)"),
      InterfaceParameter.parameter,
    ],
    requires: ["ip"],
    examples: [[:], ["announce": .flag(true)]], target: .standby)

  /// Ours are known by their end: keepalived's have none. Longer than any hold.
  static let lifetime = Duration.seconds(86_400)

  let announce: Bool
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    announce = arguments.flag("announce") ?? false
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { .claims }

  /// Where the node has become the holder meanwhile, keepalived took our address for its own, sees it
  /// go with the healing, and comes back with one of its own after the master-down interval.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let interface = interface ?? node.interface
    let virtual = site.addresses.map { "\($0.address)/\($0.prefix)" }
    let four = site.addresses.map(\.address).filter(\.isV4).map(\.description)
    if announce, four.isEmpty {
      throw Complaint(
        "there is no IPv4 address to announce by ARP", remedy: "leave announce: out")
    }
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind).\(interface)"
    return Procedure(
      prepare: [
        .script(
          """
          record=$1
          shift
          for address in "$@"; do
            found=$(ip -o address show to "${address%/*}") || exit 1
            [ -z "$found" ] || { echo "it has $address already" >&2; exit 1; }
          done
          umask 077
          mkdir -p "${record%/*}" && rm -f "$record.announced"
          """, [record] + virtual)
      ],
      inject: [
        .script(
          Self.adding + (announce ? Self.announcing : ""),
          [interface, "\(Self.lifetime.components.seconds)", record] + virtual)
      ],
      confirm: [
        .script(
          """
          interface=$1
          shift
          for address in "$@"; do
            found=$(ip -o address show dev "$interface" to "${address%/*}") || exit 1
            [ -n "$found" ] || exit 1
          done
          """, [interface] + virtual)
      ] + (announce ? [Command("test", "-e", "\(record).announced")] : []),
      heal: [
        .script(
          Self.ours + """
            interface=$1 failed=0
            shift
            for address in "$@"; do
              ours || continue
              ip address del "$address" dev "$interface" || failed=1
            done
            exit "$failed"
            """, [interface] + virtual)
      ],
      confirmHealed: [
        .script(
          Self.ours + """
            interface=$1
            shift
            for address in "$@"; do ours && exit 1; done
            exit 0
            """, [interface] + virtual)
      ],
      requirements: announce
        ? [
          Requirement(
            .script("command -v arping >/dev/null"), otherwise: "has no arping to announce with")
        ] : [])
  }

  /// Shell: whether `address` is on `interface`, and there by us.
  private static let ours = """
    ours() {
      case $(ip -o address show dev "$interface" to "${address%/*}") in
        '' | *"valid_lft forever"*) return 1 ;;
      esac
    }

    """

  private static let adding = """
    interface=$1 seconds=$2 record=$3
    shift 3
    for address in "$@"; do
      nodad=
      case $address in *:*) nodad=nodad ;; esac
      ip address add "$address" dev "$interface" $nodad valid_lft "$seconds" \\
        preferred_lft "$seconds" || exit 1
    done

    """

  /// Beside the blow: arping(8) waits a second for answers that nobody gives.
  private static let announcing = """
    for address in "$@"; do
      case $address in *:*) ;; *) arping -q -U -c 1 -w 1 -I "$interface" "${address%/*}" || exit ;; esac
    done </dev/null >/dev/null 2>&1 3<&- && : >"$record.announced" &
    """
}
