// disk-slow: a service whose disk answers slowly, as a storage network does that is busy with others.

package import TakeoverModel

package struct DiskSlow: Fault {
  package static let declaration = FaultDeclaration(
    kind: "disk-slow",
    summary: "let a service read and write its disk at so many bytes a second only (cgroup io)",
    effect:
      "keepalived itself waits for no disk: nothing moves; a database behind the address answers late, "
      + "and a check that reads or writes may run into its timeout",
    parameters: [
      ServiceProcesses.parameter,
      Parameter("path", .text, standard: .text("/var"), summary: "whose disk, by a path on it"),
      Parameter(
        "bytes-per-second", .count(1_024...1_000_000_000), standard: .count(65_536),
        summary: "for reading, and for writing"),
    ],
    requires: ["systemctl", "stat", "readlink"])

  let service: String
  let path: String
  let rate: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
    path = arguments.text("path") ?? "/var"
    rate = arguments.count("bytes-per-second") ?? 65_536
    guard path.hasPrefix("/") else {
      throw Complaint("\"\(path)\" is no place on a disk", remedy: "name an absolute path")
    }
  }

  /// keepalived reads from no disk once it runs.
  package var consequence: Consequence { .beside("a slow disk") }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    guard case .unit(let unit) = processes.control else {
      throw Complaint(
        "\(service) of \(node.name) has no unit, so no control group of its own",
        remedy: "name a service with a unit")
    }
    func script(_ body: String) -> Command {
      .script(Self.locate + body, [unit, path, String(rate), processes.record])
    }
    return Procedure(
      prepare: [
        processes.control.isActive, processes.prepare(.tree),
        script(
          """
          locate && ! limited || { echo "it has a limit already" >&2; exit 1; }
          echo "$disk" >"$record.disk"
          """),
      ],
      inject: [script("locate && limit \"$rate\"")],
      confirm: [processes.areSame, script("locate && limited")],
      heal: [script("[ ! -s \"$record.disk\" ] || ! locate || limit none"), processes.restart],
      confirmHealed: [
        script("[ ! -s \"$record.disk\" ] || ! locate || ! limited"), processes.control.isActive,
      ],
      requirements: [
        Requirement(
          script("find_disk"), otherwise: "has no disk of its own below \(path)"),
        Requirement(script("locate"), otherwise: "has no io controller for \(unit)"),
      ])
  }

  /// Shell: `locate` sets group to the unit's control group with the io controller of cgroups(7), and
  /// disk to the whole disk below the path as `major:minor`; a partition's is that of the disk around it
  /// (sysfs(5)). `limit RATE` sets both limits, or takes them away; `limited` tells.
  private static let locate = """
    unit=$1 path=$2 rate=$3 record=$4
    find_disk() {
      disk=$(stat -c %d -- "$path") || return 1
      disk=$((disk >> 8 & 0xfff)):$((disk & 0xff))
      place=$(readlink -f "/sys/dev/block/$disk") && [ -d "$place" ] || return 1
      [ ! -e "$place/partition" ] || read -r disk <"$place/../dev"
    }
    locate() {
      find_disk && own=$(systemctl show --property=ControlGroup --value "$unit") &&
        [ -n "$own" ] || return 1
      while read -r device point type options rest; do
        case $type:,$options, in
          cgroup2:*) old= group=$point$own; [ ! -w "$group/io.max" ] || return 0 ;;
          cgroup:*,blkio,*)
            old=1 group=$point$own
            [ ! -w "$group/blkio.throttle.read_bps_device" ] || return 0 ;;
        esac
      done </proc/self/mounts
      return 1
    }
    limit() {
      if [ -n "$old" ]; then
        [ "$1" != none ] || set -- 0
        echo "$disk $1" >"$group/blkio.throttle.read_bps_device" &&
          echo "$disk $1" >"$group/blkio.throttle.write_bps_device"
      else
        [ "$1" != none ] || set -- max
        echo "$disk rbps=$1 wbps=$1" >"$group/io.max"
      fi
    }
    limited() {
      if [ -n "$old" ]; then grep -q "^$disk " "$group/blkio.throttle.write_bps_device"
      else grep -q "^$disk .*wbps=[0-9]" "$group/io.max"; fi
    }

    """
}
