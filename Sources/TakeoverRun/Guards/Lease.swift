// What a node is given before the blow: the healing commands and a deadline. When the coordinator
// stops renewing - killed, cut off, asleep - the node heals itself.

package import TakeoverModel

/// A promise kept by the node: a watcher of its own, which outlives the SSH session, waits for the
/// deadline and heals then. The deadline counts in the node's uptime (proc(5)), which nobody sets.
///
/// On the node, below `leases/ID/`: `heal` and `watch` (scripts), `deadline` (uptime, seconds),
/// `watching` (the watcher's process and its start time), and `armed`, which the watcher renames to
/// `healing` when it takes over: what one of them claims the other leaves alone.
package struct Lease: Hashable, Sendable, Codable {
  /// Letters, digits, dots and dashes: it names a folder and a systemd unit.
  package let id: String
  package let length: Duration
  /// A blow that cuts the coordinator's own road: the lease is not renewed, so that the node heals
  /// itself when the hold is over, and keeps what it found until the coordinator is back.
  package let isTimer: Bool

  package init(id: String, length: Duration, isTimer: Bool = false) {
    self.id = id
    self.length = length
    self.isTimer = isTimer
  }

  package static let root = "\(Procedure.root)/leases"
  /// The token of the run that granted it.
  package var run: String { String(id.prefix { $0 != "." }) }
  var folder: String { "\(Self.root)/\(id)" }
  private var unit: String { "takeover-lease-\(id)" }
  private var seconds: String { String((length.nanoseconds + 999_999_999) / 1_000_000_000) }

  /// Exit status of a renewal, or of a blow, whose lease has run out or was never there.
  package static let gone = 75

  /// Writes everything down and starts the watcher; succeeds only when that one says that it watches.
  ///
  /// systemd-run puts it beside the session, where neither the end of the session nor that of sshd
  /// reaches it; elsewhere setsid(1) does. `sleep` and not a timer: an AccuracySec of a minute is
  /// systemd's standard.
  package func grant(_ procedures: [Procedure]) -> Command {
    .script(
      """
      umask 077
      folder=$1 seconds=$2 heal=$3 watch=$4 unit=$5
      mkdir -p "${folder%/*}" "$6" && mkdir "$folder" || exit 1
      # dash(1) calls a full disk an "I/O error".
      { printf '%s\\n' "$heal" >"$folder/heal" && printf '%s\\n' "$watch" >"$folder/watch" &&
        read -r up rest </proc/uptime && echo $((${up%.*} + seconds + 1)) >"$folder/deadline" &&
        : >"$folder/armed"; } 2>/dev/null || {
          rm -rf "$folder"
          echo "$folder cannot be written: is there room in ${folder%%/takeover/*}?" >&2
          exit 1
        }
      run() { [ -d /run/systemd/system ] && command -v systemd-run >/dev/null &&
        systemd-run --quiet --collect --unit="$unit" --property=OOMScoreAdjust=-900 \\
          sh "$folder/watch" "$folder"; }
      if ! run 2>"$folder/said"; then
        own=
        command -v setsid >/dev/null && own=setsid
        $own sh "$folder/watch" "$folder" </dev/null >/dev/null 2>&1 3<&- &
      fi
      turn=0
      until [ -s "$folder/watching" ]; do
        turn=$((turn + 1))
        [ "$turn" -lt 300 ] || {
          echo "no watcher starts here: $(cat "$folder/said")" >&2
          rm -rf "$folder"
          exit 1
        }
        sleep 0.01
      done
      """,
      [
        folder, seconds, Self.healing(procedures), Self.watching(keeps: isTimer), unit,
        Procedure.stateFolder,
      ])
  }

  /// Puts the deadline off; status `gone` when it is too late.
  package var renewal: Command {
    .script(
      """
      [ -e "$1/armed" ] && read -r up rest </proc/uptime || exit \(Self.gone)
      echo $((${up%.*} + $2 + 1)) >"$1/deadline.new" && mv "$1/deadline.new" "$1/deadline" &&
        [ -e "$1/armed" ] || exit \(Self.gone)
      """, [folder, seconds])
  }

  /// The blow, which does not fall without its lease: a coordinator that slept would strike a node
  /// that nobody mends any more. Costs the shell one test, no process.
  package func guarding(_ command: Command) -> Command {
    let guardian = "[ -e \(folder)/armed ] || exit \(Self.gone)\n"
    if let script = command.asScript {
      return .script(guardian + script.body, Array(script.parameters))
    }
    return .script(guardian + "exec \"$@\"", command.arguments)
  }

  /// The same for a blow that cuts the road by which its proof would be asked for: the node looks by
  /// itself, for four seconds, and writes down when it is shown.
  package func recording(_ command: Command, _ confirm: [Command]) -> Command {
    .script(
      """
      [ -e "$1/armed" ] || exit \(Self.gone)
      eval "$2"
      status=$? turn=0
      until eval "$3"; do
        turn=$((turn + 1))
        [ "$turn" -lt 80 ] || exit "$status"
        sleep 0.05
      done
      : >"$1/confirmed"
      exit "$status"
      """,
      [
        folder, command.shellText,
        confirm.isEmpty ? "false" : confirm.map(\.shellText).joined(separator: " && "),
      ])
  }

  /// Exit 0: the blow was shown to be in force.
  package var record: Command { Command("test", "-e", "\(folder)/confirmed") }

  /// Status of a release that came while the node was healing itself, and still is.
  package static let healing = 76

  /// Ends the watcher and takes everything away. Status `gone` when the node has healed itself
  /// meanwhile, `healing` when it is about it: a watcher that has begun is never stopped half-way.
  package var release: Command {
    .script(
      Self.look + """
        folder=$1 unit=$2
        status=\(Self.gone) turn=0
        mv "$folder/armed" "$folder/released" 2>/dev/null && status=0
        while [ -e "$folder/healing" ] && [ ! -e "$folder/outcome" ]; do
          turn=$((turn + 1))
          [ "$turn" -lt 40 ] || exit \(Self.healing)
          sleep 0.1
        done
        if [ -s "$folder/watching" ]; then
          read -r pid began <"$folder/watching"
          if look "$pid" && [ "$start" = "$began" ]; then
            { [ -d /run/systemd/system ] && systemctl stop "$unit.service"; } 2>/dev/null ||
              kill -s TERM -- "-$pid" 2>/dev/null || kill -s TERM "$pid" 2>/dev/null
          fi
        fi
        rm -rf "$folder" "$3"
        rmdir "${folder%/*}" "${folder%/leases/*}" 2>/dev/null
        exit "$status"
        """, [folder, unit, Procedure.stateFolder])
  }

  /// Shell: `look PID` sets start from /proc/PID/stat (proc(5), field 22).
  static let look = """
    look() {
      { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
      set -- ${line##*) }
      start=${20}
    }

    """

  /// The healing as a script of its own: exit 0 when the node is shown to be whole.
  static func healing(_ procedures: [Procedure]) -> String {
    let heal = procedures.reversed().flatMap(\.heal).map { "\($0.shellText) || failed=1" }
    let confirm = procedures.flatMap(\.confirmHealed).map { "  \($0.shellText) &&" }
    return """
      # What mends this node if the coordinator does not.
      LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
      export LC_ALL PATH
      exec </dev/null
      failed=0 turn=0
      \(heal.joined(separator: "\n"))
      while [ "$turn" -lt 20 ]; do
      \(confirm.joined(separator: "\n"))
        exit "$failed"
        turn=$((turn + 1))
        sleep 0.25
      done
      exit 1
      """
  }

  /// Heals twice, a second apart: a blow may fall in the very moment in which the deadline passes.
  /// A healing that fails is tried again for ten minutes, and what it said is kept then.
  private static func watching(keeps: Bool) -> String {
    look + """
      folder=$1
      look $$ && echo "$$ $start" >"$folder/watching.new" &&
        mv "$folder/watching.new" "$folder/watching" || exit 1
      while :; do
        read -r deadline <"$folder/deadline" && read -r up rest </proc/uptime || exit 0
        left=$((deadline - ${up%.*}))
        [ "$left" -gt 0 ] || break
        sleep "$left"
      done
      mv "$folder/armed" "$folder/healing" 2>/dev/null || exit 0
      turn=0 times=0
      while [ "$times" -lt 2 ]; do
        if sh "$folder/heal" >"$folder/said" 2>&1; then times=$((times + 1)); sleep 1
        else times=0 turn=$((turn + 1)); sleep 5; fi
        [ "$turn" -lt 120 ] || { mv "$folder/healing" "$folder/failed"; exit 1; }
        [ -e "$folder/healing" ] || exit 0
      done
      rm -rf "\(Procedure.stateFolder)"
      echo healed >"$folder/outcome"
      [ -z "\(keeps ? "keep" : "")" ] || sleep 60
      rm -rf "$folder"
      rmdir "${folder%/*}" "${folder%/leases/*}" 2>/dev/null
      exit 0
      """
  }
}
