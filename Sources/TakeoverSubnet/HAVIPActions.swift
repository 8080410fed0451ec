// What is asked about HAVIPs themselves: made, looked at, renamed, deleted. None of it binds one: that
// is done by announcement only.

internal import TakeoverModel

enum HAVIPActions {
  static let vpc = "vpc-lab"
  static let subnet = "subnet-lab"
  /// The platform's quota for a VPC.
  private static let most = 10

  static let create = CloudAction(
    "CreateHaVip", required: ["VpcId", "HaVipName"],
    optional: [
      "SubnetId", "Vip", "NetworkInterfaceId", "CheckAssociate", "HaVipAssociationSet", "Tags",
      "ClientToken",
    ]
  ) { subnet, parameters, now throws(CloudError) in
    let token = try parameters.text("ClientToken")
    if let id = token.flatMap({ subnet.tokens[$0] }), let made = subnet.havips.first(named: id) {
      return answer(made)
    }
    try checkPlace(parameters)
    let name = try checkedName(parameters.word("HaVipName"))
    guard parameters["NetworkInterfaceId"] == nil else {
      throw CloudError(
        "UnsupportedOperation", "a HAVIP is bound by its announcement, not by CreateHaVip")
    }
    guard subnet.havips.count < most else {
      throw CloudError("LimitExceeded", "a VPC has at most \(most) HAVIPs")
    }
    let address = try free(try parameters.address("Vip"), in: subnet)
    let checks = try parameters.flag("CheckAssociate") ?? false
    let wanted = try AssociationActions.wanted(parameters, of: subnet, namesHAVIP: false)
    let id = subnet.newIdentifier()
    let havip = Subnet.HAVIP(
      id: id, name: name, address: address, checksAssociation: checks,
      associations: wanted.map(\.association), createdAt: now)
    subnet.havips.append(havip)
    if let token { subnet.tokens[token] = id }
    return answer(havip)
  }

  static let modify = CloudAction(
    "ModifyHaVipAttribute", required: ["HaVipId"], optional: ["HaVipName"]
  ) { subnet, parameters, _ throws(CloudError) in
    let index = try index(of: parameters.word("HaVipId"), in: subnet)
    if let name = try parameters.text("HaVipName") {
      subnet.havips[index].name = try checkedName(name)
    }
    return CloudAction.Outcome()
  }

  static let delete = CloudAction(
    "DeleteHaVip", required: ["HaVipId"]
  ) { subnet, parameters, now throws(CloudError) in
    let index = try index(of: parameters.word("HaVipId"), in: subnet)
    let havip = subnet.havips.remove(at: index)
    guard let binding = havip.binding else { return CloudAction.Outcome() }
    return CloudAction.Outcome(
      decisions: [
        Decision(
          at: now, .released, havip.address, binding.member, reason: "DeleteHaVip of \(havip.id)")
      ])
  }

  // MARK: Parts

  private static func answer(_ havip: Subnet.HAVIP) -> CloudAction.Outcome {
    CloudAction.Outcome(members: [("HaVip", havip.json)])
  }

  /// There is one VPC with one subnet.
  private static func checkPlace(_ parameters: Parameters) throws(CloudError) {
    let place = try parameters.word("VpcId")
    guard place == vpc else { throw .notFound("VPC", place) }
    if let part = try parameters.text("SubnetId"), part != subnet {
      throw .notFound("subnet", part)
    }
  }

  private static func checkedName(_ name: String) throws(CloudError) -> String {
    guard name.count <= 60 else {
      throw CloudError(
        "InvalidParameterValue.TooLong", "the parameter `HaVipName` has more than 60 characters")
    }
    return name
  }

  static func index(of id: String, in subnet: Subnet) throws(CloudError) -> Int {
    guard id.hasPrefix("havip-"), id.utf8.count > 6 else { throw .malformed("HaVipId", id) }
    guard let index = subnet.havips.firstIndex(where: { $0.id == id }) else {
      throw .notFound("HAVIP", id)
    }
    return index
  }

  private static func free(
    _ wanted: IPAddress?, in subnet: Subnet
  ) throws(CloudError) -> IPAddress {
    let description = subnet.description
    guard let wanted else {
      let taken = subnet.takenAddresses
      guard let first = description.hosts.first(where: { !taken.contains(.v4($0)) }) else {
        throw CloudError("ResourceInsufficient.Subnet", "the subnet has no address left")
      }
      return .v4(first)
    }
    guard description.contains(wanted) else {
      throw CloudError("InvalidParameterValue.Range", "`\(wanted)` is not in the subnet")
    }
    guard !description.reserves(wanted) else {
      throw CloudError("InvalidParameterValue.Reserved", "`\(wanted)` is the subnet's own")
    }
    guard !subnet.takenAddresses.contains(wanted) else {
      throw CloudError("ResourceInUse", "the address `\(wanted)` is in use")
    }
    return wanted
  }
}

extension [Subnet.HAVIP] {
  func first(named id: String) -> Subnet.HAVIP? { first { $0.id == id } }
}

extension Subnet {
  var takenAddresses: Set<IPAddress> {
    Set(description.members.map(\.address) + owned.map(\.address) + havips.map(\.address))
  }
}

extension Subnet.HAVIP {
  /// The API's data type HaVip. What the lab has not got (addresses of the internet, tags) is empty.
  var json: JSONValue {
    .object([
      ("HaVipId", .text(id)), ("HaVipName", .text(name)), ("Vip", .text(address.description)),
      ("VpcId", .text(HAVIPActions.vpc)), ("SubnetId", .text(HAVIPActions.subnet)),
      ("NetworkInterfaceId", .text(binding?.member.interface ?? "")),
      ("InstanceId", .text(binding?.member.instance ?? "")), ("AddressIp", .text("")),
      ("State", .text(binding == nil ? "UNBIND" : "AVAILABLE")),
      ("CreatedTime", .text(CloudTime.text(createdAt))), ("Business", .text("")),
      (
        "HaVipAssociationSet",
        .list(
          associations.map {
            .object([
              ("InstanceId", .text($0.id)), ("HaVipId", .text(id)),
              ("InstanceType", .text($0.kind.rawValue)),
            ])
          })
      ), ("CheckAssociate", .flag(checksAssociation)), ("CdcId", .text("")),
      ("FlushedTime", .text(flushedAt.map(CloudTime.text) ?? CloudTime.never)),
      ("TagSet", .list([])),
    ])
  }
}
