// descriptors-exhausted: a service that can open nothing more, no file and no connection.

package import TakeoverModel

package struct DescriptorsExhausted: Fault {
  package static let declaration = FaultDeclaration(
    kind: "descriptors-exhausted",
    summary: "lower a service's limit of open files to what its processes have open",
    effect:
      "keepalived has what it needs open and goes on, and so do its checks, which inherit the "
      + "limit but not what is open; a proxy takes no further connection",
    parameters: [ServiceProcesses.parameter], requires: ["prlimit"])

  let service: String

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
  }

  /// Shell: `limits PID` sets soft and hard from /proc/PID/limits (proc(5)); `lowest PID` sets free to
  /// the lowest descriptor that is not open, which is the one that it would get next (open(2)).
  private static let limits = """
    limits() {
      soft= hard=
      while read -r one two three first second rest; do
        [ "$one $two $three" != 'Max open files' ] || soft=$first hard=$second
      done <"/proc/$1/limits"
      [ -n "$soft" ]
    } 2>/dev/null
    lowest() {
      free=0
      while [ -L "/proc/$1/fd/$free" ]; do free=$((free + 1)); done
    }

    """

  /// keepalived has open what it needs to go on as it is.
  package var consequence: Consequence {
    .beside("a limit of open files of the service \(service)")
  }

  /// Behind `record`: `.limits` has a line `pid start-time soft hard` each, the first process last;
  /// `.lowered` the limits that were set, by which one knows a process that inherited one.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let (control, record) = (processes.control, processes.record)
    let shell = ServiceProcesses.look + Self.limits
    let whole = ServiceProcesses.look + ServiceProcesses.gather + Self.limits
    return Procedure(
      prepare: [
        control.isActive, processes.prepare(.tree),
        .script(
          shell + """
            : >"$1.limits" && while read -r pid began; do
              limits "$pid" && echo "$pid $began $soft $hard"
            done <"$1.processes" >"$1.limits" && [ -s "$1.limits" ]
            """, [record]),
      ],
      inject: [
        processes.verify,
        .script(
          shell + """
            while read -r pid began rest; do
              look "$pid" && [ "$start" = "$began" ] && lowest "$pid" || continue
              echo "$free" >>"$1.lowered"
              prlimit --pid "$pid" --nofile="$free:" || :
            done <"$1.limits"
            """, [record]),
      ],
      confirm: [
        .script(
          shell + """
            found=0
            while read -r pid began before rest; do
              look "$pid" && [ "$start" = "$began" ] || continue
              limits "$pid" && lowest "$pid" && [ "$soft" != "$before" ] &&
                [ "$free" -ge "$soft" ] || exit 1
              found=1
            done <"$1.limits"
            [ "$found" = 1 ]
            """, [record])
      ],
      heal: [
        .script(
          whole + """
            [ -e "$1.limits" ] || exit 0
            failed=0 known=' '
            while read -r pid began before most; do
              look "$pid" && [ "$start" = "$began" ] && [ "$state" != Z ] || continue
              known="$known$pid "
              prlimit --pid "$pid" --nofile="$before:$most" || failed=1
            done <"$1.limits"
            gather "$2" tree 2>/dev/null || exit "$failed"
            for pid in $pids; do
              case $known in *" $pid "*) continue ;; esac
              limits "$pid" && grep -qxF -e "$soft" "$1.lowered" || continue
              prlimit --pid "$pid" --nofile="$before:$most" || [ ! -e "/proc/$pid" ] || failed=1
            done
            exit "$failed"
            """, [record, control.mainProcess.shellText]),
        processes.restart,
      ],
      confirmHealed: [
        .script(
          whole + """
            [ -e "$1.lowered" ] || exit 0
            while read -r pid began before most; do
              look "$pid" && [ "$start" = "$began" ] && [ "$state" != Z ] || continue
              limits "$pid" && [ "$soft $hard" = "$before $most" ] || exit 1
            done <"$1.limits"
            gather "$2" tree || exit 1
            for pid in $pids; do
              limits "$pid" || continue
              ! grep -qxF -e "$soft" "$1.lowered" || grep -q " $soft $hard\\$" "$1.limits" || exit 1
            done
            """, [record, control.mainProcess.shellText]),
        control.isActive,
      ])
  }
}
