// The switch of a lab that plays a cloud subnet: what a lab file says of it, and what the process that
// plays it is told.

/// A cloud subnet, as a lab file describes it.
package struct LabFabric: Hashable, Sendable, Codable {
  /// An ordinary private address, which belongs to a machine until it is moved by a request.
  package struct Owned: Hashable, Sendable, Codable {
    package var address: IPAddress
    package var node: String

    package init(_ address: IPAddress, by node: String) {
      self.address = address
      self.node = node
    }
  }

  /// From an announcement that is believed to the binding.
  package var lag: Duration
  /// Those of the virtual addresses that are highly available virtual IPs; nil: all that nobody owns.
  package var havips: [IPAddress]?
  /// The machines that may have them (`CheckAssociate` is on); nil: whoever is in the subnet.
  package var associated: [String]?
  /// Above that a machine's announcements are refused; nil: there is no limit.
  package var announcementsPerSecond: Int?
  package var owned: [Owned]

  package init(
    lag: Duration = .milliseconds(500), havips: [IPAddress]? = nil, associated: [String]? = nil,
    announcementsPerSecond: Int? = nil, owned: [Owned] = []
  ) {
    self.lag = lag
    self.havips = havips
    self.associated = associated
    self.announcementsPerSecond = announcementsPerSecond
    self.owned = owned
  }
}

/// A cloud subnet as a whole: who is plugged in where, and which addresses float.
package struct SubnetDescription: Hashable, Sendable, Codable {
  /// A machine's interface in it.
  package struct Member: Hashable, Sendable, Codable {
    /// The machine's name.
    package var node: String
    /// The switch's port that its cable is in.
    package var port: String
    package var hardware: MACAddress
    package var address: IPAddress

    package init(node: String, port: String, hardware: MACAddress, address: IPAddress) {
      self.node = node
      self.port = port
      self.hardware = hardware
      self.address = address
    }

    /// What the control plane calls the machine and its interface.
    package var instance: String { "ins-" + node }
    package var interface: String { "eni-" + node }
  }

  /// Any address of it, with the prefix length.
  package var address: IPAddress
  package var prefix: Int
  package var members: [Member]
  package var havips: [IPAddress]
  package var associated: [String]?
  package var owned: [LabFabric.Owned]
  /// Nanoseconds.
  package var lag: Int64
  package var announcementsPerSecond: Int?

  package init(
    address: IPAddress, prefix: Int, members: [Member], havips: [IPAddress],
    associated: [String]? = nil, owned: [LabFabric.Owned] = [], lag: Int64 = 500_000_000,
    announcementsPerSecond: Int? = nil
  ) {
    self.address = address
    self.prefix = prefix
    self.members = members
    self.havips = havips
    self.associated = associated
    self.owned = owned
    self.lag = lag
    self.announcementsPerSecond = announcementsPerSecond
  }

  package func contains(_ other: IPAddress) -> Bool {
    guard case .v4(let own) = address, case .v4(let other) = other else { return false }
    return own & mask == other & mask
  }

  /// The network's own address, the one that reaches all of it, and the gateway's, the first.
  package func reserves(_ other: IPAddress) -> Bool {
    guard case .v4(let value) = other, contains(other) else { return false }
    return [0, 1, ~mask].contains(value & ~mask)
  }

  /// The addresses that machines may have, in order.
  package var hosts: Range<UInt32> {
    guard case .v4(let own) = address, prefix <= 30 else { return 0..<0 }
    return (own & mask + 2)..<(own | ~mask)
  }

  private var mask: UInt32 { prefix <= 0 ? 0 : ~UInt32(0) << UInt32(32 - min(prefix, 32)) }
}

/// What the process that plays the subnet is started with.
package struct FabricDescription: Hashable, Sendable, Codable {
  package var subnet: SubnetDescription
  /// Whom the control plane answers, and as which region.
  package struct Credential: Hashable, Sendable, Codable {
    package var secretID: String
    package var secretKey: String
    package var region: String

    package init(secretID: String, secretKey: String, region: String) {
      self.secretID = secretID
      self.secretKey = secretKey
      self.region = region
    }
  }

  /// Where the control plane answers.
  package var endpoint: IPAddress
  /// The root file system whose `nft` is used.
  package var tools: String
  /// The file that its decisions are appended to.
  package var decisions: String
  package var credential: Credential

  package init(
    subnet: SubnetDescription, endpoint: IPAddress, tools: String, decisions: String,
    credential: Credential
  ) {
    self.credential = credential
    self.subnet = subnet
    self.endpoint = endpoint
    self.tools = tools
    self.decisions = decisions
  }
}
