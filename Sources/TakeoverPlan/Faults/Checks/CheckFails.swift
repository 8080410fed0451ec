// check-fails: the health check says no, whatever is the matter.

package import TakeoverModel

package struct CheckFails: Fault {
  package static let declaration = FaultDeclaration(
    kind: "check-fails",
    summary: "put a script that fails at once in the place of a health check",
    effect:
      "after `fall` runs a node whose check has no weight leaves the election with priority 0, "
      + "and the standby takes over after its skew time; a weight lowers the priority only",
    parameters: [CheckScript.parameter], requires: ["stat"], examples: [CheckScript.example])

  let check: CheckScript

  package init(_ arguments: Arguments) throws(Complaint) {
    check = try CheckScript(arguments, body: "exit 1")
  }

  package var consequence: Consequence { .checkFails(check.path) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    check.procedure
  }
}
