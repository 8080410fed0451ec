// remove-address: a virtual address that one node no longer knows.

package import TakeoverModel

package struct RemoveAddress: Fault {
  package static let declaration = FaultDeclaration(
    kind: "remove-address",
    summary: "take a virtual address out of one node's instances",
    effect:
      "the holder lets go of the address; where it was the only one, keepalived 2.2.7 ends at the "
      + "reload and leaves it behind: two holders after the master-down interval",
    parameters: [
      Parameter("address", .address, summary: "standard: the first of the site")
    ] + KeepalivedFault.parameters,
    requires: KeepalivedFault.requires)

  let fault: KeepalivedFault
  let address: IPAddress?

  package init(_ arguments: Arguments) throws(Complaint) {
    fault = try KeepalivedFault(arguments, kind: Self.declaration.kind)
    address = arguments.text("address").flatMap { IPAddress($0) }
  }

  package var consequence: Consequence {
    guard let address else {
      return .open("which address it takes away is left to the site: with address: it is known")
    }
    return fault.consequence(.removeAddress(address.description))
  }

  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    guard let address = address ?? site.addresses.first?.address else {
      throw Complaint("the site has no virtual address", remedy: "name one below addresses:")
    }
    return try fault.procedure(
      .removeAddress(address.description), lacking: "no virtual address \(address)", on: node)
  }
}
