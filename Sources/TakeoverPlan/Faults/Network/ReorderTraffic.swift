// reorder-traffic: two ways of different length: some packets overtake others.

package import TakeoverModel

package struct ReorderTraffic: Fault {
  package static let declaration = FaultDeclaration(
    kind: "reorder-traffic",
    summary: "send a share of the packets by an interface at once and the others later (netem)",
    effect: "nothing while the delay is shorter than the advertisement interval: an advertisement "
      + "says nothing of the one before, but a goodbye may be overtaken by one of them",
    parameters: [
      Parameter("percent", .count(1...99), required: true, summary: "how many overtake the others"),
      Parameter(
        "delay", .duration, standard: .duration(.milliseconds(20)),
        summary: "how much later the others are sent, at most 500ms"),
      InterfaceParameter.parameter,
    ],
    requires: ["tc", "unshare"],
    examples: [["percent": .count(25)]])

  let percent: Int
  let delay: Duration
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    percent = arguments.count("percent") ?? 50
    delay = arguments.duration("delay") ?? .milliseconds(20)
    guard delay >= .microseconds(1), delay <= .milliseconds(500) else {
      throw Complaint(
        "\(TimeText.chosen(delay)) is no delay to be overtaken in", remedy: "from 1us to 500ms")
    }
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    InterfaceParameter.along(interface, .late(Consequence.Delay(from: .zero, to: delay)))
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    RootDiscipline(
      kind: "netem",
      options: [
        "limit", "100000", "delay", "\(delay.nanoseconds / 1_000)us", "reorder", "\(percent)%",
      ], interface: interface ?? node.interface
    ).procedure()
  }
}
