// Reads a node as it is, before a blow and after its healing: the one command that prints it.

package import TakeoverModel

package enum NodeDigest {
  /// Prints the node's state; changes nothing. POSIX sh, ip(8) of iproute2 or busybox; what the node
  /// has no program for (nft, tc) is said to be unread.
  package static func command(
    for node: Node, in site: Site, touching touches: Touches = Touches()
  ) -> Command {
    let services = Services(of: node)
    let own = services.commands.flatMap { [$0.isActive.shellText, $0.mainProcess.shellText] }
    let settings = touches.sysctls.map(Self.path)
    let files = Self.files(touches)
    return .script(
      body,
      [String(services.commands.count)] + own + [String(settings.count)] + settings
        + [String(files.count)] + files + services.units)
  }

  /// Our own notes on the node are no part of it.
  static func files(_ touches: Touches) -> [String] {
    touches.files.filter { !$0.hasPrefix(Procedure.root + "/") }
  }

  /// The services of a node in the order in which the command speaks of them.
  struct Services {
    var commandNames: [String] = []
    var commands: [ServiceCommands] = []
    var unitNames: [String] = []
    var units: [String] = []

    init(of node: Node) {
      for (name, control) in node.services.sorted(by: { $0.key < $1.key }) {
        switch control {
        case .commands(let own):
          commandNames.append(name)
          commands.append(own)
        case .unit(let unit):
          unitNames.append(name)
          units.append(unit)
        }
      }
    }
  }

  /// Where a kernel setting is: sysctl(8) takes dots and slashes for each other where the first of
  /// them is a dot, so that an interface may have a dot in its name.
  static func path(_ setting: String) -> String {
    let first = setting.unicodeScalars.first { $0 == "." || $0 == "/" }
    guard first == "." else { return "/proc/sys/" + setting }
    let turned = setting.unicodeScalars.map { scalar in
      scalar == "." ? "/" : scalar == "/" ? "." : scalar
    }
    return "/proc/sys/" + String(String.UnicodeScalarView(turned))
  }

  /// Between NUL bytes stand, in turns, a name with what is printed of it, and the status with which
  /// the printing ended: there is no NUL in any name, comment or path, so nothing on the node can
  /// pretend to be another part. Large parts come last: an output that is too long is cut there.
  ///
  /// Processes are read from their `status`, where the kernel escapes a process's name; settings by
  /// cat(1), because the shell's `read` asks for single bytes, of which the kernel gives the first.
  private static let body = #"""
    LC_ALL=C
    export LC_ALL
    part() {
      printf '\0%s\n' "$1"
      shift
      "$@" 2>/dev/null </dev/null
      printf '\0%s\n' "$?"
    }
    boot() {
      read -r id </proc/sys/kernel/random/boot_id && read -r line </proc/1/stat || return 1
      set -- ${line##*) }
      echo "$id ${20}"
    }
    clock() {
      while read -r word value; do [ "$word" != btime ] || echo "$value"; done </proc/stat
    }
    own() {
      (eval "$1") >/dev/null
      echo "$?"
      (eval "$2") || :
    }
    setting() {
      cat -- "$1"
    }
    file() {
      if [ -L "$1" ]; then printf 'link ' && readlink -- "$1" || return 1; fi
      if [ -e "$1" ]; then stat -L -c 'mode %a %u:%g' -- "$1" || return 1; fi
      [ ! -f "$1" ] || sha256sum <"$1"
    }
    six() {
      [ ! -e /proc/net/if_inet6 ] || ip -6 "$@"
    }
    repeat() {
      name=$1 each=$2 count=$3
      shift 3
      while [ "$count" -gt 0 ]; do
        if [ "$each" = 2 ]; then part "$name" "$name" "$1" "$2"; else part "$name" "$name" "$1"; fi
        shift "$each"
        count=$((count - 1))
      done
    }
    part boot boot
    part clock clock
    part shell echo "$$"
    repeat own 2 "$@"
    shift $((1 + 2 * $1))
    repeat setting 1 "$@"
    shift $((1 + $1))
    repeat file 1 "$@"
    shift $((1 + $1))
    [ $# = 0 ] ||
      part units systemctl show -p ActiveState -p UnitFileState -p MainPID -- "$@"
    part links ip -o link show
    part addresses ip -o address show
    part rules4 ip -4 rule show
    part rules6 six rule show
    part neighbours ip neigh show nud permanent
    part qdiscs tc qdisc show
    part processes grep -hE '^(Name|State|P?Pid):' /proc/[0-9]*/status
    part nftables nft -s list ruleset
    part routes4 ip -4 -o route show table all
    part routes6 six -o route show table all
    :
    """#
}
