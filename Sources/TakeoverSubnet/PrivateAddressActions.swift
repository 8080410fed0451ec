// What a user without HAVIP must call: ordinary private addresses are moved by request, never by
// announcement.

internal import TakeoverModel

enum PrivateAddressActions {
  /// Takes the lag, as a binding does; until then nothing else can be done to the address.
  static let migrate = CloudAction(
    "MigratePrivateIpAddress",
    required: ["SourceNetworkInterfaceId", "DestinationNetworkInterfaceId", "PrivateIpAddress"]
  ) { subnet, parameters, now throws(CloudError) in
    let source = try member("SourceNetworkInterfaceId", parameters, of: subnet)
    let destination = try member("DestinationNetworkInterfaceId", parameters, of: subnet)
    guard let address = try parameters.address("PrivateIpAddress") else {
      throw .missing("PrivateIpAddress")
    }
    let index = try index(of: address, at: source, in: subnet)
    guard source != destination else {
      throw CloudError(
        "InvalidParameterValue", "`\(address)` is on `\(destination.interface)` already")
    }
    subnet.owned[index].move = Subnet.Private.Move(
      due: now + subnet.description.lag, to: destination)
    return CloudAction.Outcome()
  }

  static let assign = CloudAction(
    "AssignPrivateIpAddresses", required: ["NetworkInterfaceId"],
    optional: ["PrivateIpAddresses", "SecondaryPrivateIpAddressCount", "QosLevel", "ClientToken"]
  ) { subnet, parameters, now throws(CloudError) in
    let member = try member("NetworkInterfaceId", parameters, of: subnet)
    var wanted = try addresses(parameters)
    let count = try parameters.count("SecondaryPrivateIpAddressCount", 0...10) ?? 0
    guard !wanted.isEmpty || count > 0 else {
      throw CloudError(
        "InvalidParameterValue.MustHasOne",
        "`PrivateIpAddresses` or `SecondaryPrivateIpAddressCount` is needed")
    }
    var taken = subnet.takenAddresses
    for address in wanted {
      guard subnet.description.contains(address) else {
        throw CloudError("InvalidParameterValue.Range", "`\(address)` is not in the subnet")
      }
      guard !subnet.description.reserves(address) else {
        throw CloudError("InvalidParameterValue.Reserved", "`\(address)` is the subnet's own")
      }
      guard taken.insert(address).inserted else {
        throw CloudError("ResourceInUse.Address", "the address `\(address)` is in use")
      }
    }
    var free: [IPAddress] = []
    for host in subnet.description.hosts {
      guard free.count < count else { break }
      if !taken.contains(.v4(host)) { free.append(.v4(host)) }
    }
    guard free.count == count else {
      throw CloudError("ResourceInsufficient.Subnet", "the subnet has no address left")
    }
    wanted += free
    subnet.owned += wanted.map { Subnet.Private(address: $0, member: member) }
    return CloudAction.Outcome(
      members: [("PrivateIpAddressSet", .list(wanted.map(specification)))],
      decisions: wanted.map {
        Decision(at: now, .moved, $0, member, reason: "AssignPrivateIpAddresses to \(member.node)")
      })
  }

  static let unassign = CloudAction(
    "UnassignPrivateIpAddresses", required: ["NetworkInterfaceId", "PrivateIpAddresses"],
    optional: ["InstanceId"]
  ) { subnet, parameters, now throws(CloudError) in
    let member = try member("NetworkInterfaceId", parameters, of: subnet)
    let wanted = try addresses(parameters)
    for address in wanted { _ = try index(of: address, at: member, in: subnet) }
    subnet.owned.removeAll { wanted.contains($0.address) }
    return CloudAction.Outcome(
      decisions: wanted.map {
        Decision(
          at: now, .released, $0, member, reason: "UnassignPrivateIpAddresses of \(member.node)")
      })
  }

  // MARK: Parts

  private static func member(
    _ name: String, _ parameters: Parameters, of subnet: Subnet
  ) throws(CloudError) -> SubnetDescription.Member {
    let id = try parameters.word(name)
    guard id.hasPrefix("eni-"), id.utf8.count > 4 else { throw .malformed(name, id) }
    guard let member = subnet.description.members.first(where: { $0.interface == id }) else {
      throw .notFound("network interface", id)
    }
    return member
  }

  /// Of an address that may be taken away from that machine.
  private static func index(
    of address: IPAddress, at member: SubnetDescription.Member, in subnet: Subnet
  ) throws(CloudError) -> Int {
    guard address != member.address else {
      throw CloudError("UnauthorizedOperation.PrimaryIp", "`\(address)` is the primary address")
    }
    guard !subnet.havips.contains(where: { $0.address == address }) else {
      throw CloudError(
        "UnsupportedOperation", "`\(address)` is a HAVIP: it goes where it is announced")
    }
    guard
      let index = subnet.owned.firstIndex(where: { $0.address == address && $0.member == member })
    else { throw .notFound("private address on `\(member.interface)`", address.description) }
    guard subnet.owned[index].move == nil else {
      throw CloudError(
        "UnsupportedOperation.MutexOperationTaskRunning", "`\(address)` is being moved already")
    }
    return index
  }

  private static func addresses(_ parameters: Parameters) throws(CloudError) -> [IPAddress] {
    let entries = try parameters.objects("PrivateIpAddresses") ?? []
    guard entries.count <= 10 else {
      throw CloudError(
        "InvalidParameterValue.LimitExceeded", "`PrivateIpAddresses` has at most 10 entries")
    }
    var addresses: [IPAddress] = []
    for entry in entries {
      guard let address = try entry.address("PrivateIpAddress") else {
        throw .missing("PrivateIpAddress")
      }
      guard !addresses.contains(address) else {
        throw CloudError("InvalidParameterValue.Duplicate", "`\(address)` stands there twice")
      }
      addresses.append(address)
    }
    return addresses
  }

  /// The API's data type PrivateIpAddressSpecification.
  private static func specification(_ address: IPAddress) -> JSONValue {
    .object([
      ("PrivateIpAddress", .text(address.description)), ("Primary", .flag(false)),
      ("PublicIpAddress", .text("")), ("AddressId", .text("")), ("Description", .text("")),
      ("IsWanIpBlocked", .flag(false)), ("State", .text("AVAILABLE")),
      ("QosLevel", .text("DEFAULT")),
    ])
  }
}
