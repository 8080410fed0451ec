// The command that has a running keepalived say how it sees itself. It does so by a signal: it writes
// what it knows into a file, which is read and removed. Nothing else is changed on the node.

package import TakeoverModel

package enum DaemonQuestion {
  /// The service's name in sites and plans.
  package static let service = "keepalived"

  /// How long the whole of it may take. The daemon itself writes within some milliseconds.
  package static let limit: Duration = .seconds(10)

  /// Prints `version …`, `processes …`, and behind `== json`, or `== data` and `== stats`, what the
  /// daemon wrote (keepalived(8), --signum).
  ///
  /// A signal that a process does not know of ends it, so the daemon is only sent what its own program
  /// names, and only when it takes it: keepalived waits with signalfd(2), for which a signal is blocked.
  /// The file is the daemon's own: seen from its root, as a unit with PrivateTmp= has a /tmp of its own,
  /// and in its TMPDIR, which counts since 2.2. It comes by rename(2) before it is written, so that it
  /// is read when it has not changed for 50 ms.
  package static func command(_ control: ServiceControl) -> Command {
    .script(
      """
      main=$(eval "$1")
      case $main in
        '' | 0 | 1 | *[!0-9]*) echo "the service has no main process" >&2; exit 1 ;;
      esac
      { read -r name <"/proc/$main/comm"; } 2>/dev/null
      case $name in
        keepalived*) ;;
        *) echo "its main process is not keepalived but ${name:-gone}" >&2; exit 1 ;;
      esac
      program="/proc/$main/exe"
      echo "version $("$program" --version 2>&1 </dev/null | head -n 1)"
      children=
      { read -r children <"/proc/$main/task/$main/children"; } 2>/dev/null
      echo "processes $main $children"
      for process in $main $children; do
        case $(sed 's/^.*) //' "/proc/$process/stat") in
          T*) echo "its process $process is stopped" >&2; exit 1 ;;
        esac
      done

      takes() {
        for kind in SigBlk SigCgt; do
          mask=$(sed -n "s/^$kind:[[:space:]]*//p" "/proc/$main/status")
          digit=$(printf %s "$mask" | cut -c "$((${#mask} - ($1 - 1) / 4))" 2>/dev/null)
          case $digit in [0-9a-f]) ;; *) continue ;; esac
          [ "$(((0x$digit >> (($1 - 1) % 4)) & 1))" = 1 ] && return 0
        done
        return 1
      }
      number() {
        found=$("$program" --signum="$1" 2>/dev/null </dev/null) || return 1
        case $found in '' | 0* | *[!0-9]* | ???*) return 1 ;; esac
        takes "$found" && echo "$found"
      }

      own=$(tr '\\0' '\\n' <"/proc/$main/environ" | sed -n 's/^TMPDIR=//p' | head -n 1)
      first="/proc/$main/root${own:-/tmp}"
      second="/proc/$main/root/tmp"
      # Calls "$1" with each file that keepalived may have written.
      each() {
        for file in "$first"/keepalived*.json "$first"/keepalived*.data \\
          "$first"/keepalived*.stats "$second"/keepalived*.json \\
          "$second"/keepalived*.data "$second"/keepalived*.stats; do
          if [ -f "$file" ] && ! [ -L "$file" ]; then "$1" "$file"; fi
        done
      }
      told() { echo "//$1//"; }
      before=$(each told)
      spare() { case $before in *"//$1//"*) ;; *) rm -f "$1" ;; esac; }
      state() { stat -c '%i %z %s' "$1" 2>/dev/null; }

      # Prints the file "$1" that comes after signal "$2".
      ask() {
        was=$(state "$first/$1"); was=${was% *}
        was2=$(state "$second/$1"); was2=${was2% *}
        last= tries=0
        kill "-$2" "$main" || return 1
        while [ "$tries" -lt 40 ]; do
          sleep 0.05
          tries=$((tries + 1))
          path=$first/$1
          now=$(state "$path")
          if [ "${now% *}" = "$was" ]; then
            path=$second/$1
            now=$(state "$path")
            [ "${now% *}" != "$was2" ] || continue
          fi
          if ! [ -L "$path" ] && [ "${now##* }" -gt 0 ] && [ "$now" = "$last" ]; then
            cat "$path"
            return
          fi
          last=$now
        done
        echo "it did not write $1 within 2 s" >&2
        return 1
      }

      status=0
      if signal=$(number JSON); then
        echo '== json'
        ask keepalived.json "$signal" || status=1
      elif signal=$(number DATA) && other=$(number STATS); then
        echo '== data'
        ask keepalived.data "$signal" || status=1
        echo '== stats'
        ask keepalived.stats "$other" || status=1
      else
        echo "it has no signal by which it says so" >&2
        status=1
      fi
      each spare
      exit "$status"
      """, [control.mainProcess.shellText])
  }
}
