// check-slow: the health check is right, but late.

package import TakeoverModel

package struct CheckSlow: Fault {
  static let standard = Duration.seconds(2)

  package static let declaration = FaultDeclaration(
    kind: "check-slow",
    summary: "have a health check answer as it does, but later",
    effect: "a delay within the check's timeout changes nothing; beyond it every run counts as a "
      + "failure, and the node leaves the election though its service is well",
    parameters: [
      CheckScript.parameter,
      Parameter(
        "delay", .duration, standard: .duration(standard), summary: "what each run takes longer"),
    ],
    requires: ["stat"], examples: [CheckScript.example])

  let check: CheckScript
  let delay: Duration

  package init(_ arguments: Arguments) throws(Complaint) {
    delay = arguments.duration("delay") ?? Self.standard
    guard delay > .zero else {
      throw Complaint("a check without a delay is not slow", remedy: "delay: 2s, for example")
    }
    check = try CheckScript(
      arguments,
      body: """
        sleep \(ShellNumber.seconds(delay))
        original "$@"
        """)
  }

  package var consequence: Consequence { .checkSlow(check.path, by: delay) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    check.procedure
  }
}
