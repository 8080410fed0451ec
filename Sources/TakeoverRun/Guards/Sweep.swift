// What any run may have left on a node, found by looking, and mended as far as that is honest.

internal import TakeoverModel

enum Sweep {
  /// Prints a line for each thing that was found, with what came of it. Exit 0: nothing is left;
  /// `NodeLock.taken`: a run still holds the node.
  static func command(on node: Node, force: Bool) -> Command {
    .script(
      """
      lock=$1 leases=$2 state=$3 interface=$4 force=$5
      shift 5
      failed=0
      tell() { if [ "$1" = 0 ]; then echo "$2: healed"; else failed=1; echo "$2: NOT healed"; fi; }
      seen=$(readlink "$lock") && {
        rest=${seen#* } until=${rest%% *}
        case $until in '' | *[!0-9]*) until=0 ;; esac
        read -r up rest </proc/uptime
        if [ "$until" -gt "${up%.*}" ] && [ "$force" = no ]; then
          echo "it is held by ${seen#* * }, for $((until - ${up%.*})) s unless renewed"
          exit \(NodeLock.taken)
        fi
      }
      for lease in "$leases"/*; do
        [ -e "$lease/heal" ] || continue
        sh "$lease/heal" >/dev/null 2>&1
        status=$?
        tell "$status" "lease ${lease##*/}"
        [ "$status" != 0 ] || {
          [ ! -d /run/systemd/system ] ||
            systemctl stop "takeover-lease-${lease##*/}.service" 2>/dev/null
          rm -rf "$lease"
        }
      done
      if command -v nft >/dev/null; then
        for table in $(nft list tables | sed -n 's/^table \\([a-z]*\\) \\(takeover_[^ ]*\\)$/\\1,\\2/p'); do
          nft delete table "${table%,*}" "${table#*,}"
          tell $? "table $table"
        done
      fi
      case $(ip -o link show dev "$interface") in
        *[\\<,]UP[,\\>]*) ;;
        *) ip link set dev "$interface" up; tell $? "$interface was down" ;;
      esac
      while [ $# -gt 0 ]; do
        active=$1 first=$2 begin=$3 name=$4
        shift 4
        main=$(eval "$first" 2>/dev/null)
        case $main in '' | 0 | *[!0-9]*) main= ;; esac
        for folder in ${main:+/proc/[0-9]*}; do
          { read -r line <"$folder/stat"; } 2>/dev/null || continue
          pid=${folder#/proc/} rest=${line##*) }
          parent=${rest#* } parent=${parent%% *}
          case $rest in T*) ;; *) continue ;; esac
          [ "$pid" = "$main" ] || [ "$parent" = "$main" ] || continue
          kill -s CONT "$pid"
          tell $? "process $pid of $name was stopped"
        done
        eval "$active" >/dev/null 2>&1 || {
          eval "$begin" >/dev/null 2>&1
          eval "$active" >/dev/null 2>&1
          tell $? "$name did not run"
        }
      done
      [ "$failed" = 0 ] || exit 1
      rm -rf "$lock" "$leases" "$state"
      rmdir "${lock%/*}" 2>/dev/null || :
      """,
      [
        NodeLock.path, Lease.root, Procedure.stateFolder, node.interface, force ? "yes" : "no",
      ]
        + node.services.sorted { $0.key < $1.key }.flatMap { name, service in
          [
            service.isActive.shellText, service.mainProcess.shellText, service.start.shellText,
            name,
          ]
        })
  }

  static func words(_ output: String) -> [String] {
    output.split(separator: "\n").map { String($0).trimmed }
  }
}
