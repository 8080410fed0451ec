// Who may have a HAVIP: AssociateHaVipInstance and DisassociateHaVipInstance. They limit where it may
// drift; they do not move it.

internal import TakeoverModel

enum AssociationActions {
  /// One entry of a HaVipAssociationSet.
  struct Wanted: Hashable, Sendable {
    /// Index of the HAVIP; nil: the one that is being made.
    var havip: Int?
    var association: Subnet.Association
  }

  /// The platform's limit for a request and for a HAVIP.
  private static let most = 10

  static let associate = CloudAction(
    "AssociateHaVipInstance", required: ["HaVipAssociationSet"]
  ) { subnet, parameters, _ throws(CloudError) in
    var changed = subnet.havips
    for wanted in try wanted(parameters, of: subnet, namesHAVIP: true) {
      guard let index = wanted.havip else { continue }
      guard !changed[index].associations.contains(wanted.association) else {
        throw CloudError(
          "InvalidParameterValue.DuplicatedHaVipAssociations",
          "`\(wanted.association.id)` is associated with `\(changed[index].id)` already")
      }
      changed[index].associations.append(wanted.association)
      try check(changed[index].associations)
    }
    subnet.havips = changed
    return CloudAction.Outcome()
  }

  /// Who is not in the set any more loses the HAVIP, where the set is checked.
  static let disassociate = CloudAction(
    "DisassociateHaVipInstance", required: ["HaVipAssociationSet"]
  ) { subnet, parameters, now throws(CloudError) in
    var changed = subnet.havips
    for wanted in try wanted(parameters, of: subnet, namesHAVIP: true) {
      guard let index = wanted.havip,
        let place = changed[index].associations.firstIndex(of: wanted.association)
      else { throw .notFound("association with", wanted.association.id) }
      changed[index].associations.remove(at: place)
    }
    subnet.havips = changed
    let settled = subnet
    var decisions: [Decision] = []
    for (index, havip) in changed.enumerated() {
      let remains = { (binding: Subnet.Binding) in
        settled.isAssociated(binding.member, with: havip)
      }
      subnet.havips[index].pending.removeAll { !remains($0.binding) }
      guard let binding = havip.binding, !remains(binding) else { continue }
      subnet.havips[index].binding = nil
      subnet.havips[index].flushedAt = now
      decisions.append(
        Decision(
          at: now, .released, havip.address, binding.member,
          reason: "DisassociateHaVipInstance of \(binding.member.node)"))
    }
    return CloudAction.Outcome(decisions: decisions)
  }

  // MARK: Parts

  static func wanted(
    _ parameters: Parameters, of subnet: Subnet, namesHAVIP: Bool
  ) throws(CloudError) -> [Wanted] {
    let entries = try parameters.objects("HaVipAssociationSet") ?? []
    guard entries.count <= most else {
      throw CloudError(
        "InvalidParameterValue.LimitExceeded",
        "the parameter `HaVipAssociationSet` has at most \(most) entries")
    }
    var wanted: [Wanted] = []
    for entry in entries {
      let index = try namesHAVIP ? HAVIPActions.index(of: entry.word("HaVipId"), in: subnet) : nil
      wanted.append(Wanted(havip: index, association: try association(entry, of: subnet)))
    }
    guard Set(wanted).count == wanted.count else {
      throw CloudError(
        "InvalidParameterValue.DuplicatedHaVipAssociations", "an association stands there twice")
    }
    if !namesHAVIP { try check(wanted.map(\.association)) }
    return wanted
  }

  /// Without InstanceType the id says what it is.
  private static func association(
    _ entry: Parameters, of subnet: Subnet
  ) throws(CloudError) -> Subnet.Association {
    let id = try entry.word("InstanceId")
    let kinds: [(prefix: String, kind: Subnet.Association.Kind)] = [
      ("ins-", .machine), ("eni-", .interface),
    ]
    guard let kind = kinds.first(where: { id.hasPrefix($0.prefix) })?.kind else {
      throw .malformed("InstanceId", id)
    }
    if let said = try entry.text("InstanceType"), said != kind.rawValue {
      throw CloudError(
        "InvalidParameterValue", "the `InstanceType` of `\(id)` is \(kind.rawValue), not `\(said)`")
    }
    let association = Subnet.Association(kind, id)
    guard subnet.description.members.contains(where: association.names) else {
      throw .notFound("instance", id)
    }
    return association
  }

  private static func check(_ associations: [Subnet.Association]) throws(CloudError) {
    guard associations.count <= most else {
      throw CloudError("LimitExceeded", "a HAVIP has at most \(most) associations")
    }
    guard Set(associations.map(\.kind)).count <= 1 else {
      throw CloudError(
        "UnsupportedOperation", "a HAVIP is associated with machines or with interfaces, not both")
    }
  }
}
