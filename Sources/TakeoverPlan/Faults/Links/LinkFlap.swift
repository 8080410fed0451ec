// link-flap: a loose plug, a transceiver that is dying: the link goes and comes.

package import TakeoverModel

package struct LinkFlap: Fault {
  package static let declaration = FaultDeclaration(
    kind: "link-flap",
    summary: "take a network interface down and up several times, by a process on the node",
    effect: "a takeover by the standby in each time without a link that is longer than the "
      + "master-down interval; what comes after depends on who is preferred, and may go on for ever",
    parameters: [
      Parameter("count", .count(1...1000), standard: .count(3), summary: "how often it goes down"),
      Parameter(
        "period", .duration, standard: .duration(.seconds(2)),
        summary: "from one time down to the next; half of it down, half of it up"),
      Parameter(
        "last", .choice(["up", "down"]), standard: .text("up"),
        summary: "how it is left after the last time, until it is mended"),
      InterfaceParameter.parameter,
    ],
    requires: ["ip"],
    examples: [
      ["count": .count(2), "period": .duration(.seconds(1))],
      ["count": .count(2), "period": .duration(.seconds(1)), "last": .text("down")],
    ])

  let count: Int
  let period: Duration
  let last: String
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    count = arguments.count("count") ?? 3
    period = arguments.duration("period") ?? .seconds(2)
    guard period >= .milliseconds(200), period <= .seconds(600) else {
      throw Complaint("\(TimeText.chosen(period)) is no period", remedy: "from 200ms to 10m")
    }
    last = arguments.text("last") ?? "up"
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { .linkFlaps(interface, down: period / 2) }

  /// The process is there before the blow and waits for it, so that the blow is the first time down
  /// and nothing else.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let kept = InterfaceRecord(Self.declaration.kind, on: node, in: site, interface: interface)
    let runner = NodeRunner(record: kept.record)
    let half = period.nanoseconds / 2_000_000
    let seconds = "\(half / 1000).\(String(String(1000 + half % 1000).dropFirst()))"
    return Procedure(
      prepare: [
        kept.save, Command("rm", "-f", "\(kept.record).struck", "\(kept.record).down"),
      ],
      inject: [
        runner.start(
          InterfaceRecord.look + Self.flapping,
          [kept.interface, kept.record, String(count), seconds, last, kept.restore.shellText]),
        .script(
          #"ip link set dev "$1" down && : >"$2.struck""#, [kept.interface, kept.record]),
      ],
      confirm: [Command("test", "-s", "\(kept.record).down")],
      heal: [runner.end, kept.restore],
      confirmHealed: [runner.isEnded, kept.isRestored],
      silences: kept.interface)
  }

  /// Shell: waits two minutes for the blow. Writes down each time at which the link was seen down.
  private static let flapping = """
    interface=$1 record=$2 count=$3 half=$4 last=$5 restore=$6 turn=0
    until [ -e "$record.struck" ]; do
      turn=$((turn + 1))
      [ "$turn" -lt 1200 ] && [ -e "$runner" ] || exit 0
      sleep 0.1
    done
    turn=1
    while :; do
      look "$interface"
      case $flags in *,UP,*) ;; *) echo "$turn" >>"$record.down" ;; esac
      sleep "$half"
      if [ "$turn" -ge "$count" ] && [ "$last" = down ]; then break; fi
      (eval "$restore")
      turn=$((turn + 1))
      [ "$turn" -le "$count" ] && [ -e "$runner" ] || break
      sleep "$half"
      [ -e "$runner" ] || break
      ip link set dev "$interface" down
    done
    """
}
