// The actions of the vendor's API that the control plane knows, in one list.

struct CloudAction: Sendable {
  /// What an action has done: the answer's members, and what it decided.
  struct Outcome: Sendable {
    var members: [(String, JSONValue)] = []
    var decisions: [Decision] = []
  }

  let name: String
  let required: [String]
  let parameters: [String]
  /// Changes nothing when it throws.
  let carryOut: @Sendable (inout Subnet, Parameters, Int64) throws(CloudError) -> Outcome

  init(
    _ name: String, required: [String] = [], optional: [String] = [],
    _ carryOut:
      @escaping @Sendable (inout Subnet, Parameters, Int64) throws(CloudError) -> Outcome
  ) {
    self.name = name
    self.required = required
    parameters = required + optional
    self.carryOut = carryOut
  }

  static let all = [
    HAVIPActions.create, HAVIPActions.describe, HAVIPActions.modify, HAVIPActions.delete,
    AssociationActions.associate, AssociationActions.disassociate,
    PrivateAddressActions.migrate, PrivateAddressActions.assign, PrivateAddressActions.unassign,
  ]
}
