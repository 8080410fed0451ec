// wrong-password: two nodes that do not trust each other any more (VRRPv2).

package import TakeoverModel

package struct WrongPassword: Fault {
  package static let declaration = FaultDeclaration(
    kind: "wrong-password",
    summary: "give a node's instances another auth_pass",
    effect: "each node refuses the other's advertisements and both hold the addresses; beyond "
      + "the eighth character nothing happens",
    parameters: [
      Parameter(
        "differs", .choice(KeepalivedText.PasswordDifference.allCases.map(\.rawValue)),
        standard: .text(KeepalivedText.PasswordDifference.first.rawValue),
        summary: "in the first character, or behind the eighth, which keepalived does not compare")
    ] + KeepalivedFault.parameters,
    requires: KeepalivedFault.requires)

  let fault: KeepalivedFault
  let difference: KeepalivedText.PasswordDifference

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
    difference =
      arguments.text("differs").flatMap(KeepalivedText.PasswordDifference.init) ?? .first
  }

  private var operation: KeepalivedText.Operation { .password(difference) }

  package var consequence: Consequence { fault.consequence(operation) }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    let what = difference == .first ? "no auth_pass" : "no auth_pass of eight characters"
    return try fault.procedure(operation, lacking: what, on: node)
  }
}
