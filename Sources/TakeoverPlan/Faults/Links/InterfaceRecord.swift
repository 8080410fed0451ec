// What is lost of an interface when it goes down or its addresses are flushed, written down on the
// node and put back: its addresses and its routes. The virtual addresses are keepalived's business
// and are left out.

internal import TakeoverModel

struct InterfaceRecord: Sendable {
  let interface: String
  /// `.addresses` has a line for each address and `.routes4` and `.routes6` for each route, as ip(8)
  /// takes them back.
  let record: String
  let virtual: [String]
  /// Whether link-local addresses are put back, or come back by themselves.
  let withLinkLocal: Bool

  init(
    _ fault: String, on node: Node, in site: Site, interface: String?, withLinkLocal: Bool = false
  ) {
    self.interface = interface ?? node.interface
    record = "\(Procedure.stateFolder)/\(fault).\(self.interface)"
    virtual = site.addresses.map(\.address.description)
    self.withLinkLocal = withLinkLocal
  }

  /// Shell: `look INTERFACE` sets flags to `,UP,LOWER_UP,…,`.
  static let look = """
    look() {
      flags=$(ip -o link show dev "$1") || return 1
      flags=${flags#*<} flags=,${flags%%>*},
    }

    """

  /// Shell: `listed LINE…` has the words of a line of `ip -o address show` and prints what
  /// ip-address(8) takes: without what the kernel says of an address, with lifetimes that end.
  private static let listed = """
    listed() {
      shift 2
      own="$2" before=
      shift 2
      for word in "$@"; do
        word=${word%\\\\}
        [ -n "$word" ] || continue
        case $before in
          peer) own=${own%%/*}; own="$own peer $word" ;;
          brd | scope | metric) own="$own $before $word" ;;
          valid_lft | preferred_lft) [ "$word" = forever ] || own="$own $before ${word%sec}" ;;
          proto) ;;
          *) case $word in
              peer | brd | scope | metric | proto | valid_lft | preferred_lft) ;;
              noprefixroute | nodad | home | mngtmpaddr | autojoin) own="$own $word" ;;
              secondary | tentative | deprecated | optimistic | dynamic | permanent | dadfailed) ;;
              "$interface") ;;
              *) own="$own label $word" ;;
            esac ;;
        esac
        before=$word
      done
      echo "$own"
    }

    """

  /// Fails where the interface is not up.
  var save: Command {
    .script(
      Self.look + Self.listed + """
        look "$1" || exit 1
        case $flags in *,UP,*) ;; *) echo "$1 is not up" >&2; exit 1 ;; esac
        interface=$1 record=$2 links=$3
        shift 3
        umask 077
        mkdir -p "${record%/*}" || exit 1
        ip -4 route show table main dev "$interface" >"$record.routes4" || exit 1
        ip -6 route show table main dev "$interface" >"$record.routes6" || exit 1
        found=$(ip -o address show dev "$interface") || exit 1
        echo "$found" | while read -r line; do
          case $line in
            '' | *" temporary "*) continue ;;
            *" scope link "*) [ "$links" = yes ] || case $line in *" inet6 "*) continue ;; esac ;;
          esac
          address=${line#* inet} address=${address#6} address=${address# }
          address=${address%% *} address=${address%%/*}
          case " $* " in *" $address "*) ;; *) listed $line ;; esac
        done >"$record.addresses"
        """, [interface, record, withLinkLocal ? "yes" : "no"] + virtual)
  }

  /// Brings the interface up, then puts back what is missing. Routes of the kernel, of router
  /// advertisements and of keepalived come back by themselves.
  var restore: Command {
    .script(
      Self.look + """
        ip link set dev "$1" up || exit 1
        [ -e "$2.addresses" ] || exit 0
        tries=0
        while look "$1" && [ "$tries" -lt 50 ]; do
          case $flags in *,LOWER_UP,*) break ;; esac
          tries=$((tries + 1))
          sleep 0.1
        done
        failed=0
        while read -r address rest; do
          case $(ip -o address show dev "$1") in
            *" $address "*) ;;
            *) ip address add "$address" $rest dev "$1" || failed=1 ;;
          esac
        done <"$2.addresses"
        for family in 4 6; do
          while read -r route; do
            case $route in *"proto kernel"* | *"proto ra"* | *"proto keepalived"*) continue ;; esac
            ip -$family route show table main dev "$1" | grep -qxF -e "$route" -e "$route " ||
              ip -$family route add $route dev "$1" || failed=1
          done <"$2.routes$family"
        done
        exit "$failed"
        """, [interface, record])
  }

  /// The kernel's own routes are those of its addresses, virtual ones among them.
  var isRestored: Command {
    .script(
      Self.look + """
        look "$1" || exit 1
        case $flags in *,UP,*) ;; *) exit 1 ;; esac
        case $flags in *,LOWER_UP,*) ;; *) exit 1 ;; esac
        [ -e "$2.addresses" ] || exit 0
        while read -r address rest; do
          case $(ip -o address show dev "$1") in *" $address "*) ;; *) exit 1 ;; esac
        done <"$2.addresses"
        for family in 4 6; do
          while read -r to route; do
            case $route in *"proto kernel"* | *"proto ra"* | *"proto keepalived"*) continue ;; esac
            [ -n "$(ip -$family route show table main to exact "$to" dev "$1")" ] || exit 1
          done <"$2.routes$family"
        done
        """, [interface, record])
  }

  /// Exit 0: the interface is down.
  var isDown: Command {
    .script(
      Self.look + """
        look "$1" || exit 1
        case $flags in *,UP,*) exit 1 ;; esac
        """, [interface])
  }
}

/// The interface that a fault names, checked as the kernel would.
enum InterfaceParameter {
  static let parameter = Parameter(
    "interface", .text, summary: "standard: the interface that carries the addresses")

  /// What is done to an interface that is named may be done beside the instance.
  static func along(_ interface: String?, _ consequence: Consequence) -> Consequence {
    interface.map { .along($0, consequence) } ?? consequence
  }

  static func checked(_ arguments: Arguments) throws(Complaint) -> String? {
    guard let name = arguments.text("interface") else { return nil }
    guard ScalarText.isInterface(name) else {
      throw Complaint(
        "\"\(name)\" is not an interface name", remedy: "name it as `ip link` shows it")
    }
    return name
  }
}
