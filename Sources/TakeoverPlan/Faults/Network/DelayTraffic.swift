// delay-traffic: a long way, a full buffer: everything arrives, later.

package import TakeoverModel

package struct DelayTraffic: Fault {
  package static let declaration = FaultDeclaration(
    kind: "delay-traffic",
    summary: "send everything by an interface later, and unevenly if wished (netem)",
    effect: "one gap in the advertisements as long as the delay, when it begins: longer than the "
      + "master-down interval less one advertisement interval, it makes the standby take over",
    parameters: [
      Parameter("delay", .duration, required: true, summary: "how much later"),
      Parameter(
        "jitter", .duration, standard: .duration(.zero), summary: "how much more or less at random"),
      InterfaceParameter.parameter,
    ],
    requires: ["tc", "unshare"],
    examples: [
      [
        "delay": .duration(.milliseconds(100)), "jitter": .duration(.milliseconds(20)),
      ]
    ])

  let delay: Duration
  let jitter: Duration
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    delay = arguments.duration("delay") ?? .zero
    jitter = arguments.duration("jitter") ?? .zero
    guard delay >= .microseconds(1), delay <= .seconds(60) else {
      throw Complaint("\(TimeText.chosen(delay)) is no delay", remedy: "from 1us to 1m")
    }
    guard jitter >= .zero, jitter <= delay else {
      throw Complaint(
        "a jitter of \(TimeText.chosen(jitter)) would send packets before they are there",
        remedy: "give at most the delay, \(TimeText.chosen(delay))")
    }
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    InterfaceParameter.along(
      interface, .late(Consequence.Delay(from: delay - jitter, to: delay + jitter)))
  }

  /// A way on which an answer takes a second is as good as cut: no blow is confirmed along it in time.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    func microseconds(_ time: Duration) -> String { "\(time.nanoseconds / 1_000)us" }
    return RootDiscipline(
      kind: "netem",
      options: ["limit", "100000", "delay", microseconds(delay)]
        + (jitter > .zero ? [microseconds(jitter)] : []),
      interface: interface ?? node.interface, silences: delay + jitter >= .seconds(1)
    ).procedure()
  }
}
