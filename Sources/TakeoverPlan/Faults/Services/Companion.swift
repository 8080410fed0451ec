// A process that a fault leaves on its node for as long as it is in force: a load, a supervisor that
// restarts, a killer that comes back.

internal import TakeoverModel

/// It lives in a session of its own, so that neither the end of the SSH session nor that of the
/// coordinator ends it, and in a process group of its own, by which it is ended together with whatever
/// it started. Its script is given the path `.on` first and goes on only while that is there: a
/// companion whose record is lost ends by itself.
///
/// On the node, behind `record`: `.on`; `.companion` (pid and start time); `.struck`, which a blow
/// makes for companions that wait for it; `.done`, made by a companion that has done all it had to;
/// `.busy`, while it is at something that had better not be broken off.
struct Companion {
  static let requires = ["setsid"]
  /// The same for kinds that only sometimes have one.
  static let requirements = [
    Requirement(.script("command -v setsid >/dev/null"), otherwise: "has no setsid")
  ]

  let record: String

  /// `body` becomes a script of its own with `$1` = `.on` and `parameters` behind it.
  func start(_ body: String, _ parameters: [String]) -> Command {
    .script(
      ServiceProcesses.look + """
        record=$1 body=$2
        shift 2
        umask 077
        mkdir -p "${record%/*}" && rm -f "$record.struck" "$record.done" && : >"$record.on" || exit 1
        setsid sh -c "$body" takeover "$record.on" "$@" </dev/null >/dev/null 2>&1 3<&- &
        look "$!" && echo "$! $start" >"$record.companion"
        """, [record, body] + parameters)
  }

  /// What a companion's script begins with that waits for the blow.
  static let waiting = """
    until [ -e "${1%.on}.struck" ]; do [ -e "$1" ] || exit 0; sleep 0.05; done

    """

  /// The blow with which the companion begins its own work.
  func striking(_ blow: Command) -> Command {
    guard let script = blow.asScript else { return blow }
    return .script(
      "struck=$1.struck\nshift\n\(script.body)\n: >\"$struck\"", [record] + script.parameters)
  }

  /// Exit 0: it is there, or has done all it had to.
  var runs: Command {
    .script(
      ServiceProcesses.look + """
        [ ! -e "$1.done" ] || exit 0
        read -r pid began <"$1.companion" && look "$pid" && [ "$start" = "$began" ] || exit 1
        case $state in Z | X | x | T) exit 1 ;; esac
        """, [record])
  }

  /// Exit 0: so many of its processes are running, or would if there were a processor for them.
  func isBusy(_ count: String) -> Command {
    .script(
      ServiceProcesses.look + """
        read -r own began <"$1.companion" && found=0 || exit 1
        for folder in /proc/[0-9]*; do
          look "${folder#/proc/}" && [ "$group" = "$own" ] && [ "$state" = R ] &&
            found=$((found + 1))
        done
        [ "$found" -ge "$(eval "$2")" ]
        """, [record, count])
  }

  /// A group outlives its first process, and its id is not given to another before it is empty.
  var end: Command {
    .script(
      ServiceProcesses.look + """
        rm -f "$1.on"
        [ -e "$1.companion" ] || exit 0
        turn=0
        while [ -e "$1.busy" ] && [ "$turn" -lt 100 ]; do
          turn=$((turn + 1))
          sleep 0.05
        done
        read -r pid began <"$1.companion" || pid=
        turn=0
        while [ -n "$pid" ]; do
          if look "$pid" && [ "$start" != "$began" ]; then break; fi
          kill -s KILL -- "-$pid" 2>/dev/null || break
          turn=$((turn + 1))
          [ "$turn" -lt 100 ] || { echo "process group $pid does not end" >&2; exit 1; }
          sleep 0.02
        done
        rm -f "$1.companion" "$1.struck" "$1.done" "$1.busy"
        """, [record])
  }

  var isGone: Command {
    .script(#"[ ! -e "$1.on" ] && [ ! -e "$1.companion" ]"#, [record])
  }
}
