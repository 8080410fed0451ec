// DescribeHaVips: which HAVIPs there are and who has them, by id or by filters, a page at a time.

internal import TakeoverModel

extension HAVIPActions {
  static let describe = CloudAction(
    "DescribeHaVips", optional: ["HaVipIds", "Filters", "Offset", "Limit"]
  ) { subnet, parameters, _ throws(CloudError) in
    let ids = try parameters.texts("HaVipIds")
    let filters = try parameters.objects("Filters")
    guard ids == nil || filters == nil else {
      throw CloudError(
        "InvalidParameter.Coexist", "`HaVipIds` and `Filters` cannot be given together")
    }
    let offset = try parameters.count("Offset", 0...1_000_000) ?? 0
    let limit = try parameters.count("Limit", 1...100) ?? 20
    var found = subnet.havips
    if let ids {
      guard ids.count <= 100 else {
        throw CloudError("InvalidParameterValue.LimitExceeded", "`HaVipIds` has at most 100 values")
      }
      for id in ids { _ = try index(of: id, in: subnet) }
      found.removeAll { !ids.contains($0.id) }
    }
    for filter in try checked(filters ?? []) {
      found.removeAll { !filter.values.contains(where: filter.matches($0)) }
    }
    return CloudAction.Outcome(members: [
      ("TotalCount", .number(Int64(found.count))),
      ("HaVipSet", .list(found.dropFirst(offset).prefix(limit).map(\.json))),
    ])
  }

  private struct Filter {
    var name: String
    var values: [String]
    /// What of a HAVIP it looks at.
    var facts: (Subnet.HAVIP) -> [String]

    func matches(_ havip: Subnet.HAVIP) -> (String) -> Bool {
      let facts = facts(havip)
      return { value in facts.contains { $0.lowercased() == value.lowercased() } }
    }
  }

  /// What may be filtered by. All filters must match, of each filter any value.
  private static func facts(of name: String) -> ((Subnet.HAVIP) -> [String])? {
    switch name {
    case "havip-id": return { [$0.id] }
    case "havip-name": return { [$0.name] }
    case "vpc-id": return { _ in [vpc] }
    case "subnet-id": return { _ in [subnet] }
    case "vip": return { [$0.address.description] }
    case "address-ip", "cdc-id": return { _ in [] }
    case "havip-association.instance-id": return { $0.associations.map(\.id) }
    case "havip-association.instance-type": return { $0.associations.map(\.kind.rawValue) }
    case "check-associate": return { [String($0.checksAssociation)] }
    default: return nil
    }
  }

  private static func checked(_ filters: [Parameters]) throws(CloudError) -> [Filter] {
    guard filters.count <= 10 else {
      throw CloudError("LimitExceeded.NumberOfFilters", "there are at most 10 filters")
    }
    var checked: [Filter] = []
    for filter in filters {
      let name = try filter.word("Name")
      guard let facts = facts(of: name) else {
        throw CloudError("InvalidParameter.FilterInvalidKey", "there is no filter `\(name)`")
      }
      let values = try filter.texts("Values") ?? []
      guard values.count <= 5 else {
        throw CloudError(
          "InvalidParameterValue.LimitExceeded", "the filter `\(name)` has at most 5 values")
      }
      checked.append(Filter(name: name, values: values, facts: facts))
    }
    return checked
  }
}
