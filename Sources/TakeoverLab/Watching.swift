// Asking a lab how it is: whether its machines run, and whether their sshd answers.

import TakeoverModel

/// What is there of a lab.
package struct LabStatus: Hashable, Sendable {
  package enum Power: String, Hashable, Sendable { case on, off }

  /// Built to its end from the description at hand, and not what a dead process has left.
  package var isComplete: Bool
  /// Something of it is there, perhaps from another description or a killed coordinator.
  package var exists: Bool
  /// The nodes, by name.
  package var power: [String: Power]
  /// Process ids of the nodes' first processes, as the host counts.
  package var firstProcesses: [String: Int]

  package var isUp: Bool { isComplete && power.values.allSatisfy { $0 == .on } }
}

extension LabLayout {
  /// Prints the fingerprint it was completed with (or nothing) and a line `name pid` for each
  /// node that runs; exit 1 when there is nothing.
  func inspection() -> Command {
    let script =
      Self.isOrphaned + """
        [ -d "$1" ] || exit 1
        read -r mark 2>/dev/null <"$1/complete"
        ! orphaned "$1" || mark=
        echo "$mark"
        folder=$1 group=$2
        shift 2
        for name; do
          read -r pid 2>/dev/null <"$folder/machines/$name/pid" || continue
          ! grep -q "/$group/$name/\\|/$group/$name\\$" "/proc/$pid/cgroup" 2>/dev/null ||
            echo "$name $pid"
        done
        exit 0
        """
    return .script(script, [folder, group] + nodes.map(\.name))
  }

  func status(from result: CommandResult) -> LabStatus {
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
    var status = LabStatus(
      isComplete: result.succeeded && lines.first.map(String.init) == fingerprint,
      exists: result.succeeded, power: [:], firstProcesses: [:])
    for node in nodes { status.power[node.name] = .off }
    for line in lines.dropFirst() {
      let words = line.split(separator: " ")
      guard words.count == 2, let pid = Int(words[1]), pid > 0 else { continue }
      status.power[String(words[0])] = .on
      status.firstProcesses[String(words[0])] = pid
    }
    return status
  }

  func completion() -> Command {
    .script("echo \"$2\" >\"$1/complete\"", [folder, fingerprint])
  }

  /// Waits until the machine's sshd shows the host key that the lab gave it; at most `seconds`.
  /// Prints the end of the console when the machine died instead, or what it may have lacked: a systemd
  /// without inotify(7) starts nothing, and says nothing of it.
  func answering(_ machine: Machine, seconds: Int = 20) -> Command {
    let script = """
      set -u
      folder=$1 fabric=$2 image=$3 address=$4 known=$5 tries=$(($6 * 50))
      read -r pid <"$folder/pid" || exit 1
      until grep -q ':0016 0*:0000 0A' "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null; do
        tries=$((tries - 1))
        if [ "$tries" -le 0 ] || [ ! -d "/proc/$pid" ]; then
          tail -n 20 "$folder/console" >&2
          read -r most </proc/sys/fs/inotify/max_user_instances
          used=$(ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c anon_inode:inotify)
          [ "$used" -lt "$((most - 8))" ] ||
            echo "$used of $most inotify instances are in use, and its systemd wants some: with so" \
              "many labs, sysctl fs.inotify.max_user_instances=1024" >&2
          exit 1
        fi
        sleep 0.02
      done
      key=$(nsenter --net="$fabric" chroot "$image" \\
        ssh-keyscan -T 5 -t ed25519 "$address" 2>/dev/null)
      [ -n "$key" ] && grep -qxF -e "$key" "$known"
      """
    return .script(
      script,
      [
        machine.folder, fabric, (machine.image ?? .host).path(in: folders),
        machine.management?.description ?? "", knownHosts, String(seconds),
      ])
  }

  /// A command inside a machine: in all its namespaces and below its cgroup, with its first
  /// process's own `/` (which is not the mount namespace's when the lab runs in a chroot).
  func execution(of command: [String], on machine: Machine) -> Command {
    guard machine.node != nil else {
      return Command(["nsenter", "--net=" + machine.folder + "/net", "--"] + command)
    }
    let script =
      Booting.hierarchy + "\n" + """
        read -r pid <"$1/pid" || exit 69
        grep -q "/$2/\\|/$2\\$" "/proc/$pid/cgroup" || exit 69
        group=$(hierarchy)/$2/entered
        mkdir -p "$group"
        shift 2
        (
          echo 0 >"$group/cgroup.procs"
          exec nsenter --target "$pid" --all --root --wd -- \\
            env -i container=takeover TERM=dumb HOME=/root \\
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
        )
        """
    return .script(script, [machine.folder, group + "/" + machine.name] + command)
  }
}
