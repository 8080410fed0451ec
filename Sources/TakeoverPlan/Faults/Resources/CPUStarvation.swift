// cpu-starvation: no time for the daemon that has to keep it.

package import TakeoverModel

package struct CPUStarvation: Fault {
  static let share = 1
  static let limit = Duration.seconds(30)

  package static let declaration = FaultDeclaration(
    kind: "cpu-starvation",
    summary: "starve a service, or the whole node, of processor time",
    effect:
      "a holder that cannot advertise in time is replaced after the master-down interval, and "
      + "its kernel goes on answering for the address: two holders",
    parameters: [
      Parameter(
        "service", .text,
        summary: "this service only, by its unit's quota; without it, the whole node"),
      Parameter(
        "share", .count(1...99), standard: .count(share),
        summary: "of a service: the percentage of one processor that it is left with"),
      Parameter(
        "processes", .count(1...1_024),
        summary: "of a node: how many processes are busy before all others; standard: one for each "
          + "processor"),
      Parameter(
        "limit", .duration, standard: .duration(limit),
        summary: "of a node: they end by themselves after so long"),
    ],
    examples: [["processes": .count(1)], ["service": .text("keepalived")]])

  let service: String?
  let share: Int
  let processes: Int?
  let limit: Duration

  package init(_ arguments: Arguments) throws(Complaint) {
    service = arguments.text("service")
    share = arguments.count("share") ?? Self.share
    processes = arguments.count("processes")
    limit = arguments.duration("limit") ?? Self.limit
    guard limit >= .seconds(1), limit <= Plan.longestLease else {
      throw Complaint(
        "a node is not starved for \(TimeText.chosen(limit))",
        remedy: "limit: from 1s to \(TimeText.chosen(Plan.longestLease))")
    }
    if service != nil, processes != nil {
      throw Complaint(
        "busy processes starve the whole node, not one service",
        remedy: "leave out processes:, or service:")
    }
  }

  package var consequence: Consequence {
    let starved = Consequence.open(
      "how long the kernel lets the daemon wait for a processor is not in its configuration")
    return service.map { KeepalivedService.means(starved, to: $0) } ?? starved
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    if let service { return try quota(of: service, on: node) }
    return busyNode
  }

  /// cfs_quota_us and cpu.max count in microseconds of each 100 ms.
  private func quota(of service: String, on node: Node) throws(Complaint) -> Procedure {
    let kind = Self.declaration.kind
    let tree = try ServiceProcesses(of: service, on: node, for: kind)
    let setting = try GroupSetting(
      of: service, on: node, for: kind, file: "cpu.max", legacy: ("cpu", "cpu.cfs_quota_us"))
    let (new, old) = ("\(share * 1_000) 100000", "\(share * 1_000)")
    return Procedure(
      prepare: [tree.control.isActive, tree.prepare(.tree), setting.prepare],
      inject: [setting.change(to: new, legacy: old)],
      confirm: [setting.isChanged(to: new, legacy: old)],
      heal: [setting.restore, tree.restart],
      confirmHealed: [setting.isRestored, tree.control.isActive],
      requirements: [setting.requirement("cpu")])
  }

  /// Real-time processes go before all ordinary ones (sched(7)), whatever group those are in, until
  /// the kernel takes them the last twentieth of each second: that is what the coordinator's session
  /// and the node's own watcher heal with, and a node that does not keep it for them is left alone.
  /// The loops look at the clock, so they end by themselves even if nobody else gets to run.
  private var busyNode: Procedure {
    let companion = Companion(record: "\(Procedure.stateFolder)/\(Self.declaration.kind)")
    let count = processes.map { "echo \($0)" } ?? "nproc"
    let seconds = String((limit.nanoseconds + 999_999_999) / 1_000_000_000)
    return Procedure(
      prepare: [Command("mkdir", "-p", Procedure.stateFolder)],
      inject: [
        companion.start(
          """
          left=$(eval "$2") && read -r up rest </proc/uptime && chrt -r -p 1 $$ || exit 1
          end=$((${up%.*} + $3))
          while [ "$left" -gt 0 ]; do
            while [ -e "$1" ] && read -r up rest </proc/uptime && [ "${up%.*}" -lt "$end" ]; do
              turn=0
              while [ "$turn" -lt 1000 ]; do turn=$((turn + 1)); done
            done &
            left=$((left - 1))
          done
          wait
          """, [count, seconds])
      ],
      confirm: [
        companion.isBusy(count),
        .script(
          ServiceProcesses.look + """
            read -r own began <"$1.companion" || exit 1
            for folder in /proc/[0-9]*; do
              look "${folder#/proc/}" && [ "$group" = "$own" ] || continue
              set -- ${line##*) }
              [ "${39}" = 2 ] || exit 1
            done
            """, [companion.record]),
      ],
      heal: [companion.end],
      confirmHealed: [companion.isGone],
      requirements: Companion.requirements + [
        Requirement(
          .script("chrt -r 1 true"), otherwise: "has no chrt, or allows it no real-time priority"),
        Requirement(
          .script(
            """
            most=$(cat /proc/sys/kernel/sched_rt_runtime_us) &&
              all=$(cat /proc/sys/kernel/sched_rt_period_us) &&
              [ "$most" -ge 0 ] && [ "$most" -le $((all / 100 * 95)) ]
            """),
          otherwise: "keeps no time for others than real-time processes"),
      ])
  }
}
