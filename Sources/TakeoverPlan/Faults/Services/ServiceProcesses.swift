// The processes of a service, as the faults that hit processes see them: written down before the
// blow with their start times, so that a process id in other hands is never touched.

internal import TakeoverModel

/// Which processes of a service are meant.
enum ProcessScope: String, CaseIterable {
  case tree, parent, child, worker

  static let parameter = Parameter(
    "scope", .choice(allCases.map(\.rawValue)), standard: .text(tree.rawValue),
    summary:
      "tree: all processes of the service; parent: its first only; child: all but the first; "
      + "worker: one of those without children, the oldest")
}

struct ServiceProcesses {
  static let parameter = Parameter(
    "service", .text, standard: .text("keepalived"), summary: "a service of the node in the site")

  let control: ServiceControl
  /// Where the processes are written down on the node: `.processes` has a line `pid start-time`
  /// each; `.pids` is what kill(1) is given: their process group where they are all of it (`-42`),
  /// else all ids, children before parents.
  let record: String

  init(of service: String, on node: Node, for fault: String) throws(Complaint) {
    guard let control = node.services[service] else {
      let known = node.services.keys.sorted().joined(separator: ", ")
      throw Complaint(
        "node \(node.name) has no service \"\(service)\"",
        remedy: known.isEmpty
          ? "name it below services: of the node in the site" : "services of the node: \(known)")
    }
    self.control = control
    record = "\(Procedure.stateFolder)/\(fault).\(service)"
  }

  /// Shell: `look PID` sets state, parent, group and start from /proc/PID/stat (proc(5): fields 3,
  /// 4, 5 and 22, counted behind the name, which may hold anything), and fails when there is no such
  /// process.
  static let look = """
    look() {
      { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
      set -- ${line##*) }
      state=$1 parent=$2 group=$3 start=${20}
    }

    """

  /// Shell: `gather MAIN SCOPE`, MAIN a command that prints the first process, sets main and pids,
  /// children before parents; fails when there is no first process. A child in a process group of its
  /// own is no child where workers are looked for: keepalived runs its check scripts like that.
  static let gather = """
    gather() {
      main=$(eval "$1") || return 1
      case $main in
        '' | 0 | 1 | *[!0-9]*) echo "the service has no main process" >&2; return 1 ;;
      esac
      tree=" $main " pids=$main above=' ' grown=1
      [ "$2" != parent ] || grown=0
      while [ "$grown" = 1 ]; do
        grown=0
        for folder in /proc/[0-9]*; do
          pid=${folder#/proc/}
          case $tree in *" $pid "*) continue ;; esac
          look "$pid" && [ "$state" != Z ] || continue
          case $tree in
            *" $parent "*)
              tree="$tree$pid " pids="$pid $pids" above="$above$parent:$group " grown=1 ;;
          esac
        done
      done
      [ "$2" != child ] || pids=${pids%"$main"}
      [ "$2" = worker ] || return 0
      worker= oldest=
      for pid in $pids; do
        [ "$pid" != "$main" ] && look "$pid" || continue
        case $above in *" $pid:$group "*) continue ;; esac
        [ -n "$worker" ] && [ "$start" -ge "$oldest" ] || { worker=$pid oldest=$start; }
      done
      pids=$worker
    }

    """

  /// Writes down the processes of the scope; fails when there are none.
  func prepare(_ scope: ProcessScope) -> Command {
    .script(
      Self.look + Self.gather + """
        record=$3
        gather "$1" "$2" || exit 1
        umask 077
        mkdir -p "${record%/*}" && : >"$record.processes" || exit 1
        kept= common=
        for pid in $pids; do
          look "$pid" || continue
          echo "$pid $start" >>"$record.processes" || exit 1
          [ -n "$kept" ] || common=$group
          [ "$group" = "$common" ] || common=0
          kept="$kept$pid "
        done
        [ -n "$kept" ] || { echo "the service has no such process" >&2; exit 1; }
        for folder in /proc/[0-9]*; do
          [ "$common" -gt 1 ] || break
          pid=${folder#/proc/}
          case " $kept" in *" $pid "*) continue ;; esac
          look "$pid" && [ "$group" = "$common" ] && common=0
        done
        [ "$common" -le 1 ] || kept=-$common
        echo "$kept" >"$record.pids"
        """, [control.mainProcess.shellText, scope.rawValue, record])
  }

  /// Fails when a process id has passed to another process since `prepare`.
  var verify: Command {
    .script(
      Self.look + """
        while read -r pid began; do
          look "$pid" || continue
          [ "$start" = "$began" ] || { echo "process $pid is another one now" >&2; exit 1; }
        done <"$1.processes"
        """, [record])
  }

  /// One call of the shell's own kill for all of them. That one of them has left by itself is no
  /// failure; what counts is what `confirm` finds.
  func signal(_ name: String) -> Command {
    .script(#"read -r pids <"$2.pids" && { kill -s "$1" -- $pids || :; }"#, [name, record])
  }

  /// SIGKILL for all of them, so that none can act on the death of another. A group is killed by one
  /// system call. Others are stopped first: without that, on a busy machine, 15 of 25 keepalived
  /// children (parent killed first) and 2 of 25 parents (child first) were quick enough to remove
  /// the address.
  var killAtOnce: Command {
    .script(
      """
      read -r pids <"$1.pids" && {
        case $pids in -*) ;; *) kill -s STOP -- $pids ;; esac
        kill -s KILL -- $pids || :
      }
      """, [record])
  }

  /// For a companion: strikes whatever the service's processes are by then, again and again, and
  /// writes them down with the others.
  func killing(_ scope: ProcessScope, _ signal: String, every period: Duration) -> (
    body: String, parameters: [String]
  ) {
    (
      Companion.waiting + Self.look + Self.gather + """
        on=$1 first=$2 scope=$3 signal=$4 period=$5 record=$6
        while sleep "$period" && [ -e "$on" ]; do
          gather "$first" "$scope" && [ -n "$pids" ] || continue
          [ "$scope $signal" != 'tree KILL' ] || kill -s STOP -- $pids
          for pid in $pids; do
            look "$pid" && echo "$pid $start" >>"$record.processes"
          done
          kill -s "$signal" -- $pids
        done
        """,
      [
        control.mainProcess.shellText, scope.rawValue, signal, ShellNumber.seconds(period), record,
      ]
    )
  }

  /// Exit 0: none of them is alive.
  var areGone: Command {
    .script(
      Self.look + """
        while read -r pid began; do
          look "$pid" && [ "$start" = "$began" ] || continue
          case $state in Z | X | x) ;; *) exit 1 ;; esac
        done <"$1.processes"
        """, [record])
  }

  /// Exit 0: all of them are alive.
  var areSame: Command {
    .script(
      Self.look + """
        while read -r pid began; do
          look "$pid" && [ "$start" = "$began" ] && [ "$state" != Z ] || exit 1
        done <"$1.processes"
        """, [record])
  }

  /// Exit 0: those that are alive are all stopped, and there is one.
  var areFrozen: Command {
    .script(
      Self.look + """
        frozen=0
        while read -r pid began; do
          look "$pid" && [ "$start" = "$began" ] || continue
          case $state in T) frozen=1 ;; Z | X | x) ;; *) exit 1 ;; esac
        done <"$1.processes"
        [ "$frozen" = 1 ]
        """, [record])
  }

  /// Lets those go on that are still the same.
  var thaw: Command {
    .script(
      Self.look + """
        [ -e "$1.processes" ] || exit 0
        same=
        while read -r pid began; do
          look "$pid" && [ "$start" = "$began" ] && same="$same $pid"
        done <"$1.processes"
        [ -z "$same" ] || kill -s CONT $same
        """, [record])
  }

  /// Exit 0: none of them is stopped.
  var areThawed: Command {
    .script(
      Self.look + """
        [ -e "$1.processes" ] || exit 0
        while read -r pid began; do
          look "$pid" && [ "$start" = "$began" ] || continue
          [ "$state" != T ] || exit 1
        done <"$1.processes"
        """, [record])
  }

  /// Stops the service and returns when it says that it stops, not when it has: keepalived lingers
  /// for a second after its goodbye (`systemctl stop`: 1028 ms), and by so much less would be known
  /// when the blow fell.
  var stop: Command {
    .script(
      """
      eval "$1" </dev/null >/dev/null 2>&1 &
      turn=0
      while [ "$turn" -lt 100 ] && eval "$2" >/dev/null 2>&1; do
        turn=$((turn + 1))
        sleep 0.01
      done
      """, [control.stop.shellText, control.isActive.shellText])
  }

  /// Stops and starts the service; returns as `stop` does.
  var restartAtOnce: Command {
    .script(
      """
      eval "$1" </dev/null >/dev/null 2>&1 &
      turn=0
      while [ "$turn" -lt 100 ] && eval "$2" >/dev/null 2>&1; do
        turn=$((turn + 1))
        sleep 0.01
      done
      """, [control.restart.shellText, control.isActive.shellText])
  }

  var isInactive: Command { .script("! eval \"$1\"", [control.isActive.shellText]) }

  /// Starts the service where it does not run with its first process; a child that is still on its
  /// way out can make it seem to run, or keep it from starting, so this goes on for ten seconds. A
  /// pid file that names a process which died in the blow makes keepalived refuse to start: such a
  /// file is removed first.
  var restart: Command {
    .script(
      Self.look + """
        runs() {
          eval "$active" >/dev/null 2>&1 && main=$(eval "$first" 2>/dev/null) &&
            look "$main" && [ "$state" != Z ]
        }
        clean() {
          for file in /run/*.pid /run/*/*.pid; do
            [ -f "$file" ] && [ -r "$record.processes" ] || continue
            pid=
            read -r pid <"$file"
            while read -r old began; do
              [ "$old" = "$pid" ] || continue
              look "$pid" && [ "$start" = "$began" ] && [ "$state" != Z ] || rm -f "$file"
            done <"$record.processes"
          done
        }
        active=$1 first=$2 begin=$3 record=$4 turn=0
        while [ "$turn" -lt 50 ]; do
          if runs; then exit 0; fi
          [ $((turn % 10)) != 0 ] || { clean; eval "$begin"; }
          turn=$((turn + 1))
          runs || sleep 0.2
        done
        echo "the service does not start" >&2
        exit 1
        """,
      [
        control.isActive.shellText, control.mainProcess.shellText, control.start.shellText, record,
      ])
  }

  /// Each death of a child makes keepalived's parent wait longer before it makes the next one (0, 1,
  /// 2, 4… 60 s), and all that while the addresses stay behind: the tenth blow would hit another
  /// pair than the first. Only a new parent forgets. Left alone is a node on which no child died, or
  /// whose new child has an address: it holds it by right.
  func forgetDeaths(_ addresses: [IPAddress]) -> Command {
    .script(
      Self.look + """
        stop=$1 begin=$2 first=$3 record=$4
        shift 4
        [ -e "$record.processes" ] || exit 0
        while read -r pid began; do
          look "$pid" && [ "$start" = "$began" ] && [ "$state" != Z ] && exit 0
        done <"$record.processes"
        main=$(eval "$first") child=
        for folder in /proc/[0-9]*; do
          look "${folder#/proc/}" && [ "$parent" = "$main" ] && [ "$state" != Z ] && child=1
        done
        for address in ${child:+"$@"}; do
          [ -z "$(ip -o addr show to "$address")" ] || exit 0
        done
        eval "$stop"
        eval "$begin" && rm -f "$record.processes" "$record.pids"
        """,
      [
        control.stop.shellText, control.start.shellText, control.mainProcess.shellText, record,
      ] + addresses.map(\.description))
  }

  /// Exit 0: the service's first process has a child, as it had when `child` was hit.
  var hasChild: Command {
    .script(
      Self.look + """
        main=$(eval "$1") || exit 1
        for folder in /proc/[0-9]*; do
          look "${folder#/proc/}" && [ "$parent" = "$main" ] && [ "$state" != Z ] && exit 0
        done
        exit 1
        """, [control.mainProcess.shellText])
  }
}
