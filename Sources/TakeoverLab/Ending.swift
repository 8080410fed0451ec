// Taking a lab away, whatever of it is there: processes, cgroups, mounts, files. Nothing is found
// by name: what dies is what sits in the lab's own cgroup.

package import TakeoverModel

extension LabLayout {
  /// Exit 0 when nothing is left; also when nothing was there.
  package func removal() -> Command {
    let script =
      Booting.hierarchy + "\n" + """
        set -u
        folder=$1 group=$(hierarchy)/$2 tries=0
        members() { find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null; }
        while [ -d "$group" ]; do
          if [ -w "$group/cgroup.kill" ]; then
            echo 1 >"$group/cgroup.kill"
          else
            for pid in $(members); do kill -KILL "$pid" 2>/dev/null; done
          fi
          [ -n "$(members)" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
          tries=$((tries + 1))
          [ "$tries" -le 300 ] || { echo "cgroup $group does not empty" >&2; exit 1; }
          [ ! -d "$group" ] || sleep 0.01
        done
        points() {
          while read -r _ point _; do
            case $point in "$folder"/*) echo "$point" ;; esac
          done </proc/self/mounts
        }
        tries=0
        while [ -n "$(points)" ]; do
          for point in $(points); do umount "$point" || umount -l "$point"; done
          tries=$((tries + 1))
          [ "$tries" -le 20 ] || { echo "mounts below $folder stay" >&2; exit 1; }
        done
        rm -rf --one-file-system "$folder"
        # The folder of all labs goes with the last of them.
        rmdir "${folder%/*}" 2>/dev/null && rmdir "${folder%/*/*}" 2>/dev/null
        [ ! -e "$folder" ]
        """
    return .script(script, [folder, group])
  }

  /// Kills one machine's first process and waits until the kernel has buried the rest with it.
  func unplug(_ machine: Machine) -> Command {
    let script = """
      set -u
      read -r pid 2>/dev/null <"$1/pid" || exit 0
      grep -q "/$2/\\|/$2\\$" "/proc/$pid/cgroup" 2>/dev/null || exit 0
      kill -KILL "$pid"
      tries=0
      while grep -q "/$2/\\|/$2\\$" "/proc/$pid/cgroup" 2>/dev/null; do
        case $(grep '^State:' "/proc/$pid/status" 2>/dev/null) in *Z*|'') break ;; esac
        tries=$((tries + 1))
        [ "$tries" -le 300 ] || exit 1
        sleep 0.01
      done
      rm -f "$1/pid"
      """
    return .script(script, [machine.folder, group + "/" + machine.name])
  }

  /// One changing command at a time, on all labs: the last command of a killed coordinator ends
  /// before the next coordinator's begins. The lock is on /run, which is there before the first lab
  /// and after the last. `--close`: what the command leaves running holds no lock.
  package func locked(_ command: Command) -> Command {
    Command(["flock", "--close", "/run"] + command.arguments)
  }
}
