// A script that goes on by itself on the node, beside the session that started it: written down with
// its start time, so that only it is ended.

internal import TakeoverModel

struct NodeRunner: Sendable {
  /// Where its process and start time are written down: `.runner`. The script ends by itself when
  /// this is gone.
  let record: String

  /// Shell: `born PID` sets start from /proc/PID/stat (proc(5), field 22); fails when there is no such
  /// process or it is dead.
  private static let born = """
    born() {
      { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
      set -- ${line##*) }
      start=${20}
      [ "$1" != Z ]
    }

    """

  /// Starts the script with its parameters, and returns when it has begun. It is put into a file,
  /// because systemd-run(1) fills in variables in what it is given. systemd-run puts it beside
  /// the session, where neither the end of the session nor that of sshd reaches it; elsewhere
  /// setsid(1) does.
  func start(_ body: String, _ parameters: [String]) -> Command {
    let whole =
      Self.born + """
        born $$ && echo "$$ $start" >"$1.new" && mv "$1.new" "$1" || exit 1
        runner=$1
        shift

        """ + body
    let text = Command.script(whole, ["\(record).runner"] + parameters).shellText
    return .script(
      """
      runner=$1 text=$2
      umask 077
      mkdir -p "${runner%/*}" && rm -f "$runner" && printf '%s\\n' "exec $text" >"$runner.script" ||
        exit 1
      if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
        systemd-run --quiet --collect --unit="takeover-runner-$$" sh "$runner.script" || exit 1
      else
        own=
        command -v setsid >/dev/null && own=setsid
        $own sh "$runner.script" </dev/null >/dev/null 2>&1 3<&- &
      fi
      turn=0
      until [ -s "$runner" ]; do
        turn=$((turn + 1))
        [ "$turn" -lt 300 ] || { echo "nothing that runs by itself starts here" >&2; exit 1; }
        sleep 0.01
      done
      """, ["\(record).runner", text])
  }

  /// Ends it, with what it started, and returns when it is gone.
  var end: Command {
    .script(
      Self.born + """
        runner=$1
        { read -r pid began <"$runner"; } 2>/dev/null || exit 0
        turn=0
        while born "$pid" && [ "$start" = "$began" ]; do
          name=TERM
          [ "$turn" -lt 20 ] || name=KILL
          kill -s "$name" -- "-$pid" 2>/dev/null || kill -s "$name" "$pid" 2>/dev/null
          turn=$((turn + 1))
          [ "$turn" -lt 40 ] || { echo "process $pid does not end" >&2; exit 1; }
          sleep 0.05
        done
        rm -f "$runner"
        """, ["\(record).runner"])
  }

  /// Exit 0: it does not run.
  var isEnded: Command {
    .script(
      Self.born + """
        { read -r pid began <"$1"; } 2>/dev/null || exit 0
        ! born "$pid" || [ "$start" != "$began" ]
        """, ["\(record).runner"])
  }
}
