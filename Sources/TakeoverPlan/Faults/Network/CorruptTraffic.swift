// corrupt-traffic: a bad cable or a bad memory: some packets arrive with a bit turned over.

package import TakeoverModel

package struct CorruptTraffic: Fault {
  package static let declaration = FaultDeclaration(
    kind: "corrupt-traffic",
    summary: "turn a bit over in a share of the packets that leave by an interface (netem)",
    effect: "like loss: a checksum tells, and the packet is thrown away where it arrives; but ARP "
      + "has none, and a neighbour may believe it",
    parameters: [
      Parameter("percent", .count(1...100), required: true, summary: "how many of a hundred"),
      InterfaceParameter.parameter,
    ],
    requires: ["tc", "unshare"],
    examples: [["percent": .count(20)]])

  let percent: Int
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    percent = arguments.count("percent") ?? 100
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence {
    .open("which advertisements arrive whole is left to chance")
  }

  /// Along a way on which half of the packets are lost, SSH does not come through in time.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    RootDiscipline(
      kind: "netem", options: ["limit", "100000", "corrupt", "\(percent)%"],
      interface: interface ?? node.interface, silences: percent >= 50
    ).procedure()
  }
}
