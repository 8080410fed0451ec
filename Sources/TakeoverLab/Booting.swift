// How a machine comes to life: its cables in the fabric, its namespaces, its disk, its first
// process. Every node is started by one command, which is also its power button.

import TakeoverModel

enum Booting {
  /// Shared by scripts: `hierarchy` prints the mount point of the cgroup hierarchy that systemd can
  /// live in: cgroup2 where there is one (also on hybrid hosts), else the legacy `name=systemd`.
  static let hierarchy = """
    hierarchy() {
      legacy=
      while read -r _ point type options _; do
        case $type:$options in
          cgroup2:*) echo "$point"; return ;;
          cgroup:*name=systemd*) legacy=$point ;;
        esac
      done </proc/self/mounts
      [ -n "$legacy" ] && echo "$legacy"
    }
    """

  /// For bash (dash cannot name a descriptor above 9): becomes "$@" with the first three only, or
  /// whoever waits for the end of an inherited pipe would wait for the end of a daemon.
  static let closing =
    "for fd in /proc/self/fd/*; do [ \"${fd##*/}\" -le 2 ] || eval \"exec ${fd##*/}>&-\"; done; "
    + "exec \"$@\""

  /// $1 machine's folder, $2 image, $3 fabric, $4 name, $5 first process, $6 cgroup, $7 the inner
  /// addresses (`ip -batch`), $8 the script `wire`, $9 the script `enter`; then per cable: bridge,
  /// port, its MAC, interface, its MAC. Does nothing when the machine runs.
  static let launch =
    hierarchy + "\n" + """
      set -eu
      group=$(hierarchy)/$6
      if read -r pid 2>/dev/null <"$1/pid" && grep -q "/$6/\\|/$6\\$" "/proc/$pid/cgroup" 2>/dev/null
      then exit 0; fi
      mkdir -p "$group"
      rm -f "$1/pid"
      (
        cd /
        echo 0 >"$group/cgroup.procs"
        exec setsid --wait unshare --net sh -c "$8" takeover "$@" </dev/null
      )
      """

  /// In the machine's own network namespace, before any other: the cables. `$$` is this process as
  /// the fabric sees it, for only the network namespace has changed yet; iproute2 from 6.10 on
  /// looks for it in /proc.
  static let wire = """
    set -eu
    folder=$1 image=$2 fabric=$3 name=$4 first=$5 addresses=$7 enter=$9
    shift 9
    in_fabric() {
      nsenter --net="$fabric" unshare --mount sh -c '
        mount --bind /proc "${1%/}/proc" && exec chroot "$@"' takeover "$image" ip "$@"
    }
    plugs= old=
    while [ $# -ge 5 ]; do
      old="$old
    link delete $2"
      plugs="$plugs
    link add name $2 address $3 type veth peer name $4 address $5 netns $$
    link set dev $2 master $1 up"
      shift 5
    done
    echo "$old" | in_fabric -force -batch - 2>/dev/null || :
    echo "$plugs" | in_fabric -batch -
    echo "$addresses" | chroot "$image" ip -batch -
    exec unshare --pid --mount --uts --ipc --cgroup sh -c "$enter" \\
      takeover "$folder" "$image" "$name" "$first"
    """

  /// The shell's first child is the first process of the new process namespace; `$!` is its id as
  /// the host sees it.
  static let enter =
    hierarchy + "\n" + """
      set -eu
      umask 022
      folder=$1 image=$2 name=$3 first=$4
      \(boot)
      boot </dev/null >"$folder/console" 2>&1 &
      echo $! >"$folder/pid.new"
      mv "$folder/pid.new" "$folder/pid"
      """

  /// The disk is an overlay whose upper half is memory: it works over every file system, and over
  /// `/` itself, and nothing of it outlives the machine. /proc/sys but for net is the host's:
  /// read-only. The capabilities that would change the host itself are dropped.
  private static let boot = """
    boot() {
      mount -t tmpfs -o mode=755 takeover "$folder/disk"
      cd "$folder/disk"
      mkdir upper work root
      mount -t overlay -o "lowerdir=$image,upperdir=upper,workdir=work" takeover root
      cd root
      mount -t proc -o nosuid,nodev,noexec proc proc
      echo "$name" >proc/sys/kernel/hostname
      mount --bind proc/sys proc/sys
      mount -o remount,bind,ro,nosuid,nodev,noexec proc/sys
      mount --bind proc/sys/net proc/sys/net
      mount -o remount,bind,rw,nosuid,nodev,noexec proc/sys/net
      [ ! -e proc/sysrq-trigger ] || mount --bind /dev/null proc/sysrq-trigger
      mount -t sysfs -o nosuid,nodev,noexec sysfs sys
      case $(hierarchy) in
        */systemd)
          mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
          mkdir sys/fs/cgroup/systemd
          mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd ;;
        *) mount -t cgroup2 -o nosuid,nodev,noexec cgroup sys/fs/cgroup ;;
      esac
      mount -o remount,bind,ro,nosuid,nodev,noexec sys
      mount -t tmpfs -o mode=755,nosuid dev dev
      mkdir dev/pts dev/shm
      for device in null zero full random urandom tty; do
        : >"dev/$device"
        mount --bind "/dev/$device" "dev/$device"
      done
      mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
      mount -t tmpfs -o mode=1777 shm dev/shm
      ln -s pts/ptmx dev/ptmx
      ln -s /proc/self/fd dev/fd
      ln -s fd/0 dev/stdin
      ln -s fd/1 dev/stdout
      ln -s fd/2 dev/stderr
      mount -t tmpfs -o mode=755 run run
      mount -t tmpfs -o mode=1777,size=64m tmp tmp
      mkdir run/lock run/haproxy
      rm -rf etc/systemd/system/* lib/systemd/system/*.target.wants/* \\
        lib/systemd/system-generators/* etc/systemd/*.conf.d lib/systemd/*.conf.d
      cp -a "$folder/files/." .
      sed -i 's/^root:!/root:*/' etc/shadow
      pivot_root . .
      umount -l .
      cd /
      set -- /usr/local/sbin/takeover-init
      [ "$first" = plain ] || set -- /lib/systemd/systemd \\
        SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 --unit=takeover.target --show-status=0
      exec env -i container=takeover TERM=dumb HOME=/root \\
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
        setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-mac_admin,-mac_override \\
        bash -c '\(closing)' takeover "$@"
    }
    """
}

extension LabLayout {
  /// Starts a machine that is off; nothing happens when it is on. Its disk begins anew.
  func boot(_ machine: Machine) -> Command {
    let inner = machine.cables.map { cable in
      let quiet = cable.address.isV4 ? "" : " nodad"
      return "link set dev \(cable.interface) up\n"
        + "address add \(cable.address)/\(cable.prefix) dev \(cable.interface)\(quiet)"
    }
    let cables = machine.cables.flatMap { cable in
      [cable.bridge, cable.port, "\(cable.portMAC)", cable.interface, "\(cable.mac)"]
    }
    let image = (machine.image ?? .host).path(in: folders)
    return .script(
      Booting.launch,
      [
        machine.folder, image, fabric, machine.name,
        machine.node?.firstProcess.rawValue ?? "none", group + "/" + machine.name,
        (["link set dev lo up"] + inner).joined(separator: "\n"), Booting.wire, Booting.enter,
      ] + cables)
  }
}
