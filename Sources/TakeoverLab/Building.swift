// The commands that make a lab's parts before its machines start: keys, files, fabric, clients.

package import TakeoverModel

extension LabLayout {
  /// The lab's cgroup below the hierarchy's mount point; each node's is below it.
  var group: String { "takeover-" + description.name }

  /// Everything a lab is made of, in order, but for the images. Pure.
  package func commands() -> [Command] {
    [keys()] + nodes.map(writeFiles) + [makeFabric()] + [guardFabric()].compactMap { $0 }
      + clients.map(connect) + nodes.map(boot)
  }

  /// Names this lab as built from this description; a running lab with the same name is kept.
  var fingerprint: String {
    let text = commands().map { $0.arguments.joined(separator: "\0") }.joined(separator: "\0\0")
    return Digest.hexadecimal(text, digits: 16)
  }

  /// Fresh Ed25519 keys for the user and every node, by the image's own ssh-keygen, and the strict
  /// known_hosts: the nodes under the address where they are reached.
  func keys() -> Command {
    let script = """
      set -eu
      umask 077
      keys=$1/keys image=$2
      shift 2
      mkdir -p "$keys"
      unshare --mount sh -c '
        set -eu
        mount --bind "$1" "${2%/}/mnt"
        chroot "$2" sh -c "
          set -eu
          for name; do
            ssh-keygen -q -t ed25519 -N \\"\\" -C takeover -f \\"/mnt/\\$name\\" </dev/null
          done" takeover user $3
        ' takeover "$keys" "$image" "$(while [ $# -ge 2 ]; do echo "host-$1"; shift 2; done)"
      while [ $# -ge 2 ]; do
        read -r type key _ <"$keys/host-$1.pub"
        echo "$2 $type $key"
        shift 2
      done >"$keys/known_hosts"
      """
    let names = nodes.flatMap { machine in
      machine.management.map { [machine.name, $0.description] } ?? []
    }
    return .script(script, [folder, tools.path(in: folders)] + names)
  }

  func writeFiles(_ machine: Machine) -> Command {
    let script = """
      set -eu
      umask 022
      folder=$1 keys=$2 name=$3
      shift 3
      mkdir -p "$folder/files/root/.ssh" "$folder/files/etc/ssh" "$folder/disk"
      cd "$folder/files"
      chmod 700 root root/.ssh
      while [ $# -ge 3 ]; do
        [ -d "${1%/*}" ] || mkdir -p "${1%/*}"
        printf %s "$3" >"$1"
        [ "$2" = 644 ] || chmod "$2" "$1"
        shift 3
      done
      cp "$keys/user.pub" root/.ssh/authorized_keys
      cp "$keys/host-$name.pub" etc/ssh/ssh_host_ed25519_key.pub
      cp "$keys/host-$name" etc/ssh/ssh_host_ed25519_key
      chmod 600 etc/ssh/ssh_host_ed25519_key root/.ssh/authorized_keys
      """
    let files = files(for: machine).flatMap { [$0.path, $0.mode, $0.content] }
    return .script(script, [machine.folder, folder + "/keys", machine.name] + files)
  }

  /// The switch: a network namespace with the bridges inside, held by a mount on a file. No
  /// spanning tree, no snooping, no IPv6 of its own: the fabric says nothing unasked.
  func makeFabric() -> Command {
    let script = """
      set -eu
      : >"$1"
      unshare --net="$1" true
      nsenter --net="$1" sh -c '
        set -eu
        [ ! -d /proc/sys/net/ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        echo "$2" | chroot "$1" ip -batch -
        [ -z "$4" ] || echo 0 >"/proc/sys/net/ipv6/conf/$4/disable_ipv6"
        echo "$3" | chroot "$1" ip -batch -' takeover "$2" "$3" "$4" "$5"
      """
    let links = bridges.flatMap { bridge in
      [
        "link add name \(bridge.name) address \(bridge.mac) type bridge "
          + "stp_state 0 forward_delay 0 mcast_snooping 0",
        "link set dev \(bridge.name) up",
      ]
    }
    let addresses = bridges.flatMap { bridge in
      bridge.addresses.map {
        "address add \($0) dev \(bridge.name)" + ($0.contains(":") ? " nodad" : "")
      }
    }
    let talksV6 = bridges.first { $0.addresses.contains { $0.contains(":") } }
    return .script(
      script,
      [
        fabric, tools.path(in: folders),
        (["link set dev lo up"] + links).joined(separator: "\n"),
        addresses.joined(separator: "\n"), talksV6?.name ?? "",
      ])
  }

  /// Anti-spoofing: at the ports of nodes that may not bind the virtual addresses nothing passes that
  /// claims one of them or is sent to one of them. nil: everybody may.
  func guardFabric() -> Command? {
    guard let mayBind = description.mayBind else { return nil }
    let ports = members.filter { !mayBind.contains($0.name) }.map { "\"\($0.cables[0].port)\"" }
    guard !ports.isEmpty else { return nil }
    let list = ports.joined(separator: ", ")
    let rules = [true, false].flatMap { isV4 -> [String] in
      let addresses = description.addresses.map(\.address).filter { $0.isV4 == isV4 }
        .map(\.description).joined(separator: ", ")
      guard !addresses.isEmpty else { return [] }
      let family = isV4 ? "ip" : "ip6"
      return (isV4 ? ["iifname { \(list) } arp saddr ip { \(addresses) } drop"] : []) + [
        "iifname { \(list) } \(family) saddr { \(addresses) } drop",
        "oifname { \(list) } \(family) daddr { \(addresses) } drop",
      ]
    }
    let table = """
      table bridge takeover_fabric {
        chain forward {
          type filter hook forward priority 0; policy accept;
      \(rules.map { "    \($0)" }.joined(separator: "\n"))
        }
      }
      """
    return .script(
      "echo \"$3\" | nsenter --net=\"$1\" chroot \"$2\" nft -f -",
      [fabric, tools.path(in: folders), table])
  }

  /// A client needs no process: its network namespace is held by a mount on a file.
  func connect(_ machine: Machine) -> Command {
    let script = """
      set -eu
      folder=$1 fabric=$2 image=$3 between=$4 inside=$5
      mkdir -p "$folder"
      : >"$folder/net"
      unshare --net="$folder/net" true
      nsenter --net="$folder/net" sh -c '
        set -eu
        echo "$3 netns $$" | nsenter --net="$1" unshare --mount sh -c "
          mount --bind /proc \\"\\${1%/}/proc\\" && exec chroot \\"\\$1\\" ip -batch -" takeover "$2"
        echo "$4" | chroot "$2" ip -batch -
        ' takeover "$fabric" "$image" "$between" "$inside"
      nsenter --net="$fabric" chroot "$image" ip link set dev "$6" master "$7" up
      """
    let cable = machine.cables[0]
    let quiet = cable.address.isV4 ? "" : " nodad"
    return .script(
      script,
      [
        machine.folder, fabric, tools.path(in: folders),
        "link add name \(cable.port) address \(cable.portMAC) type veth "
          + "peer name \(cable.interface) address \(cable.mac)",
        "link set dev lo up\nlink set dev \(cable.interface) up\n"
          + "address add \(cable.address)/\(cable.prefix) dev \(cable.interface)\(quiet)",
        cable.port, cable.bridge,
      ])
  }
}
