// restart-storm: a supervisor that means well and restarts a service over and over.

package import TakeoverModel

package struct RestartStorm: Fault {
  static let count = 5
  static let period = Duration.seconds(1)

  package static let declaration = FaultDeclaration(
    kind: "restart-storm",
    summary: "restart a service several times in a row",
    effect:
      "the standby takes over with the first goodbye and keeps the addresses; where the higher "
      + "priority preempts they come and go with every restart",
    parameters: [
      ServiceProcesses.parameter,
      Parameter(
        "count", .count(2...1_000), standard: .count(count),
        summary: "how often; the healing ends it before, if it comes before"),
      Parameter(
        "period", .duration, standard: .duration(period),
        summary: "from the end of one restart to the beginning of the next"),
    ],
    requires: Companion.requires)

  let service: String
  let count: Int
  let period: Duration

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
    count = arguments.count("count") ?? Self.count
    period = arguments.duration("period") ?? Self.period
  }

  package var consequence: Consequence { KeepalivedService.means(.goodbye, to: service) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let processes = try ServiceProcesses(of: service, on: node, for: Self.declaration.kind)
    let control = processes.control
    let companion = Companion(record: processes.record)
    return Procedure(
      prepare: [control.isActive, processes.prepare(.tree)],
      inject: [
        companion.start(
          Companion.waiting + """
            left=$2
            while [ "$left" -gt 0 ]; do
              sleep "$3"
              [ -e "$1" ] || exit 0
              : >"${1%.on}.busy"
              eval "$4"
              rm -f "${1%.on}.busy"
              left=$((left - 1))
            done
            : >"${1%.on}.done"
            """, [String(count - 1), ShellNumber.seconds(period), control.restart.shellText]),
        companion.striking(processes.restartAtOnce),
      ],
      confirm: [processes.areGone, companion.runs],
      heal: [companion.end, processes.restart],
      confirmHealed: [companion.isGone, control.isActive])
  }
}
