// reboot: the node starts anew by its own will, as after an update.

package import TakeoverModel

package struct Reboot: Fault {
  package static let declaration = FaultDeclaration(
    kind: "reboot",
    summary: "start a node anew: in good order, or at once without a word to anybody",
    effect:
      "in good order keepalived says goodbye and the standby takes over after its skew time; at "
      + "once, after the master-down interval; where preemption is allowed it goes back afterwards",
    parameters: [
      Parameter(
        "how", .choice(["orderly", "at-once"]), standard: .text("orderly"),
        summary: "orderly: services are stopped first; at-once: nothing is")
    ],
    requires: ["reboot"], examples: [[:], ["how": .text("at-once")]])

  let isOrderly: Bool

  package init(_ arguments: Arguments) throws(Complaint) {
    isOrderly = arguments.text("how") != "at-once"
  }

  package var consequence: Consequence { isOrderly ? .departure : .silence(.off) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    // reboot(8): -f does not stop services, -ff not even asks the first process.
    SelfStart.procedure(
      by: isOrderly
        ? .script("reboot </dev/null >/dev/null 2>&1 &")
        : .script("(sleep 0.05; exec reboot -f) </dev/null >/dev/null 2>&1 3<&- &"))
  }
}

/// What the faults have in common by which a node starts itself anew: nothing is left to mend, and the
/// proof is that afterwards it is another start of the same node.
enum SelfStart {
  static func procedure(by blow: Command, requirements: [Requirement] = []) -> Procedure {
    Procedure(
      inject: [blow], confirm: [], heal: [Command("true")], confirmHealed: [Command("true")],
      requirements: [
        Requirement(
          .script(
            """
            ! tr '\\0' '\\n' </proc/1/environ | grep -q '^container=' &&
              [ ! -e /.dockerenv ] && [ ! -e /run/.containerenv ]
            """), otherwise: "is a container, which nobody would start again")
      ] + requirements, restarts: true)
  }
}
