// stop-under-load: the graceful way out of a node that has no time for it.

package import TakeoverModel

package struct StopUnderLoad: Fault {
  static let standard = 4

  package static let declaration = FaultDeclaration(
    kind: "stop-under-load",
    summary: "stop a service as its operator would while busy processes keep the processors",
    effect: "the goodbye comes later than on an idle node, or not before the standby's master-down "
      + "interval is over",
    parameters: [
      ServiceProcesses.parameter,
      Parameter(
        "processes", .count(1...256), standard: .count(standard),
        summary: "how many processes are busy, from before the stop until the healing"),
    ],
    requires: Companion.requires)

  let service: String
  let busy: Int

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service") ?? "keepalived"
    busy = arguments.count("processes") ?? Self.standard
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
          """
          left=$2
          while [ "$left" -gt 0 ]; do
            while [ -e "$1" ]; do :; done &
            left=$((left - 1))
          done
          wait
          """, [String(busy)]),
        processes.stop,
      ],
      confirm: [processes.areGone, processes.isInactive, companion.isBusy("echo \(busy)")],
      heal: [companion.end, processes.restart],
      confirmHealed: [companion.isGone, control.isActive])
  }
}
