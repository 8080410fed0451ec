// check-flaps: the health check cannot make up its mind.

package import TakeoverModel

package struct CheckFlaps: Fault {
  static let standard = Duration.seconds(3)

  package static let declaration = FaultDeclaration(
    kind: "check-flaps",
    summary: "have a health check fail for a period, answer as it does for another, and so on",
    effect: "a period longer than `fall` and `rise` runs moves the addresses with every fall, back "
      + "and forth if the pair preempts; a shorter one moves nothing",
    parameters: [
      CheckScript.parameter,
      Parameter(
        "period", .duration, standard: .duration(standard),
        summary: "how long it fails, and how long it does not; it begins with failing"),
    ],
    requires: ["stat"], examples: [CheckScript.example])

  let check: CheckScript
  let period: Duration

  /// By the clock and not by turns: a check may run as a user who can write nothing down.
  package init(_ arguments: Arguments) throws(Complaint) {
    period = arguments.duration("period") ?? Self.standard
    guard period >= .milliseconds(10) else {
      throw Complaint(
        "a check cannot flap every \(TimeText.chosen(period))", remedy: "period: 3s, for example")
    }
    check = try CheckScript(
      arguments,
      body: """
        read -r up rest </proc/uptime
        [ $(((1${up%.*}${up#*.} - begin) / \(ShellNumber.hundredths(period)) % 2)) = 1 ] || exit 1
        original "$@"
        """)
  }

  package var consequence: Consequence { .checkFlaps(check.path, every: period) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    check.procedure
  }
}
