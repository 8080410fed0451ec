// duplicate-traffic: a loop, a bond that sends on both of its links: some packets arrive twice.

package import TakeoverModel

package struct DuplicateTraffic: Fault {
  package static let declaration = FaultDeclaration(
    kind: "duplicate-traffic",
    summary: "send a share of the packets by an interface twice (netem)",
    effect: "nothing: an advertisement that comes twice starts the same timer twice",
    parameters: [
      Parameter("percent", .count(1...100), required: true, summary: "how many of a hundred"),
      InterfaceParameter.parameter,
    ],
    requires: ["tc", "unshare"],
    examples: [["percent": .count(50)]])

  let percent: Int
  let interface: String?

  package init(_ arguments: Arguments) throws(Complaint) {
    percent = arguments.count("percent") ?? 100
    interface = try InterfaceParameter.checked(arguments)
  }

  package var consequence: Consequence { .nothing }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    RootDiscipline(
      kind: "netem", options: ["limit", "100000", "duplicate", "\(percent)%"],
      interface: interface ?? node.interface
    ).procedure()
  }
}
