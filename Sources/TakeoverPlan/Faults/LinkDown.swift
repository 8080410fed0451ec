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

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let interface = interface ?? node.interface
    let record = "\(Procedure.stateFolder)/\(Self.declaration.kind).\(interface)"
    let virtual = site.addresses.map(\.address.description)
    return Procedure(
      prepare: [.script(Self.lookFlags + Self.save, [interface, record] + virtual)],
      inject: [Command("ip", "link", "set", "dev", interface, "down")],
      confirm: [.script(Self.lookFlags + Self.isDown, [interface])],
      heal: [.script(Self.lookFlags + Self.restore, [interface, record])],
      confirmHealed: [.script(Self.lookFlags + Self.isRestored, [interface, record])],
      silences: interface)
  }

  /// Shell: `look INTERFACE` sets flags to `,UP,LOWER_UP,…,`.
  private static let lookFlags = """
    look() {
      flags=$(ip -o link show dev "$1") || return 1
      flags=${flags#*<} flags=,${flags%%>*},
    }

    """

  /// Taking the link down loses its routes and its IPv6 addresses (IPv4 addresses stay). The virtual
  /// addresses are keepalived's business and are left out.
  private static let save = """
    look "$1" || exit 1
    case $flags in *,UP,*) ;; *) echo "$1 is not up" >&2; exit 1 ;; esac
    interface=$1 record=$2
    shift 2
    umask 077
    mkdir -p "${record%/*}" || exit 1
    ip -4 route show table main dev "$interface" >"$record.routes4" || exit 1
    ip -6 route show table main dev "$interface" >"$record.routes6" || exit 1
    found=$(ip -o -6 addr show dev "$interface" scope global permanent) || exit 1
    echo "$found" | while read -r number name family address rest; do
      case " $* " in *" ${address%/*} "*) ;; *) [ -z "$address" ] || echo "$address" ;; esac
    done >"$record.addresses6"
    """

  private static let isDown = """
    look "$1" || exit 1
    case $flags in *,UP,*) exit 1 ;; esac
    """

  /// Routes of the kernel, of router advertisements and of keepalived come back by themselves.
  private static let restore = """
    ip link set dev "$1" up || exit 1
    [ -e "$2.addresses6" ] || exit 0
    tries=0
    while look "$1" && [ "$tries" -lt 50 ]; do
      case $flags in *,LOWER_UP,*) break ;; esac
      tries=$((tries + 1))
      sleep 0.1
    done
    failed=0
    while read -r address; do
      case $(ip -o -6 addr show dev "$1") in
        *" $address "*) ;;
        *) ip -6 addr add "$address" dev "$1" || failed=1 ;;
      esac
    done <"$2.addresses6"
    for family in 4 6; do
      while read -r route; do
        case $route in *"proto kernel"* | *"proto ra"* | *"proto keepalived"*) continue ;; esac
        ip -$family route show table main dev "$1" | grep -qxF -e "$route" -e "$route " ||
          ip -$family route add $route dev "$1" || failed=1
      done <"$2.routes$family"
    done
    exit "$failed"
    """

  private static let isRestored = """
    look "$1" || exit 1
    case $flags in *,UP,*) ;; *) exit 1 ;; esac
    case $flags in *,LOWER_UP,*) ;; *) exit 1 ;; esac
    [ -e "$2.addresses6" ] || exit 0
    while read -r address; do
      case $(ip -o -6 addr show dev "$1") in *" $address "*) ;; *) exit 1 ;; esac
    done <"$2.addresses6"
    for family in 4 6; do
      while read -r to route; do
        case $route in *"proto ra"* | *"proto keepalived"*) continue ;; esac
        [ -n "$(ip -$family route show table main to exact "$to" dev "$1")" ] || exit 1
      done <"$2.routes$family"
    done
    """
}

/// The interface that a fault names, checked as the kernel would.
enum InterfaceParameter {
  static let parameter = Parameter(
    "interface", .text, summary: "standard: the interface that carries the addresses")

  static func checked(_ arguments: Arguments) throws(Complaint) -> String? {
    guard let name = arguments.text("interface") else { return nil }
    guard ScalarText.isInterface(name) else {
      throw Complaint(
        "\"\(name)\" is not an interface name", remedy: "name it as `ip link` shows it")
    }
    return name
  }
}
