// check-hangs: the health check never comes back, as when what it asks does not answer.

package import TakeoverModel

package struct CheckHangs: Fault {
  package static let declaration = FaultDeclaration(
    kind: "check-hangs",
    summary: "put a script that never ends in the place of a health check",
    effect: "each run ends at the check's timeout and counts as a failure: the node leaves the "
      + "election after `fall` of them, or keeps its addresses where nothing limits the check",
    parameters: [CheckScript.parameter], requires: ["stat"], examples: [CheckScript.example])

  let check: CheckScript

  /// A hanging run of it goes on as the original within a second of the healing, so that nothing is
  /// left behind where nobody ends it.
  package init(_ arguments: Arguments) throws(Complaint) {
    check = try CheckScript(
      arguments,
      body: """
        while [ -e "$kept" ]; do sleep 1; done
        original "$@"
        """)
  }

  package var consequence: Consequence { .checkHangs(check.path) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    check.procedure
  }
}
