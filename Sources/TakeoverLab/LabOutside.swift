// What the lab does to a node from outside: its power, its pause, its cable, its port in the switch.

import TakeoverModel

extension LabLayout {
  func outside(of machine: Machine) -> Outside {
    Outside(acts: [
      .power: power(of: machine), .pause: pause(of: machine), .carrier: carrier(of: machine),
      .forwarding: forwarding(of: machine), .memory: memory(of: machine),
    ])
  }

  private func power(of machine: Machine) -> Outside.Commands {
    Outside.Commands(
      break: locked(unplug(machine)), mend: locked(boot(machine)),
      isBroken: .script(
        """
        read -r pid <"$1/pid" || exit 0
        ! grep -q "/$2/\\|/$2\\$" "/proc/$pid/cgroup" 2>/dev/null
        """, [machine.folder, group + "/" + machine.name]))
  }

  /// Its processes stand still by the cgroup's freezer, and its kernel, which is the coordinator's own
  /// and goes on, says nothing: no frame leaves the interface under test. What comes in meanwhile is
  /// read at the end.
  private func pause(of machine: Machine) -> Outside.Commands {
    func act(_ words: String) -> Command {
      .script(
        Booting.hierarchy + "\n" + """
          folder=$1 group=$(hierarchy)/$2 image=$3 interface=$4
          [ -e "$group/cgroup.freeze" ] || { echo "no cgroup2 is here to freeze it" >&2; exit 1; }
          read -r pid <"$folder/pid" || exit 1
          nft() { nsenter --target "$pid" --net chroot "$image" nft "$@"; }
          """ + "\n" + words,
        [
          machine.folder, group + "/" + machine.name, tools.path(in: folders),
          machine.cables[0].interface,
        ])
    }
    return Outside.Commands(
      break: act(
        """
        nft "add table netdev takeover_pause
        add chain netdev takeover_pause out { type filter hook egress device \\"$interface\\" priority 0; policy drop; }" &&
          echo 1 >"$group/cgroup.freeze"
        """),
      mend: act(
        """
        echo 0 >"$group/cgroup.freeze" || exit 1
        case $(nft list tables) in
          *"netdev takeover_pause"*) nft delete table netdev takeover_pause ;;
        esac
        """),
      isBroken: act("grep -qx 'frozen 1' \"$group/cgroup.events\""))
  }

  private func carrier(of machine: Machine) -> Outside.Commands {
    let port = machine.cables[0].port
    return Outside.Commands(
      break: inFabric("ip", "link", "set", "dev", port, "down"),
      mend: inFabric("ip", "link", "set", "dev", port, "up"),
      isBroken: .script(
        "found=$(eval \"$1\") && [ -z \"$found\" ]",
        [inFabric("ip", "-o", "link", "show", "dev", port, "up").shellText]))
  }

  private func forwarding(of machine: Machine) -> Outside.Commands {
    let port = machine.cables[0].port
    // States of bridge(8): 0 disabled, 3 forwarding.
    return Outside.Commands(
      break: inFabric("bridge", "link", "set", "dev", port, "state", "0"),
      mend: inFabric("bridge", "link", "set", "dev", port, "state", "3"),
      // Without a carrier every port is disabled.
      isBroken: shows("LOWER_UP", "state disabled", of: port))
  }

  /// It forgets, and learns nothing while that lasts: every frame to the node goes out at all ports.
  private func memory(of machine: Machine) -> Outside.Commands {
    let port = machine.cables[0].port
    func learning(_ word: String) -> [String] {
      ["ip", "link", "set", "dev", port, "type", "bridge_slave", "learning", word]
    }
    return Outside.Commands(
      break: inFabric(learning("off") + ["fdb_flush"]), mend: inFabric(learning("on")),
      isBroken: shows("learning off", of: port))
  }

  private func shows(_ words: String..., of port: String) -> Command {
    .script(
      """
      found=$(eval "$1") || exit 1
      shift
      for words; do
        case $found in *"$words"*) ;; *) exit 1 ;; esac
      done
      """, [inFabric("bridge", "-d", "link", "show", "dev", port).shellText] + words)
  }

  private func inFabric(_ words: String...) -> Command { inFabric(words) }

  private func inFabric(_ words: [String]) -> Command {
    Command(["nsenter", "--net=" + fabric, "chroot", tools.path(in: folders)] + words)
  }
}
