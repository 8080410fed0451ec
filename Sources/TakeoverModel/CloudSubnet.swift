// The cloud's side of a site: the subnet that decides which machine an address leads to, and what the
// pair is called there.

package struct CloudSubnet: Hashable, Sendable, Codable {
  /// An address of the subnet that the machine is given that announces it: a highly available virtual IP.
  package struct Havip: Hashable, Sendable, Codable {
    package var address: IPAddress
    /// Its id at the control plane: `havip-9o233uri`.
    package var id: String

    package init(_ address: IPAddress, id: String) {
      self.address = address
      self.id = id
    }
  }

  /// An ordinary private address, which leads to its machine until a call of the control plane moves it.
  package struct Owned: Hashable, Sendable, Codable {
    package var address: IPAddress
    /// Whose it is at first.
    package var node: String

    package init(_ address: IPAddress, by node: String) {
      self.address = address
      self.node = node
    }
  }

  /// Where the control plane answers, `http://192.168.77.1/`; nil: the vendor's own.
  package var endpoint: String?
  package var region: String
  /// Path of the file that has the id and the key of who asks; nil: the usual ones. What stands in it
  /// is written down nowhere.
  package var credentials: String?
  /// Network namespace (a path) from which is asked; nil: here.
  package var namespace: String?
  /// In the file's order. An address of the site that is not among them is an ordinary one.
  package var havips: [Havip]
  /// The ordinary addresses of whom it is known whose they are at first.
  package var owned: [Owned]
  /// What the nodes are called there, by their names here: an instance's id, or an interface's.
  package var instances: [String: String]
  /// How often is asked who has the addresses; nil: `standardPeriod`.
  package var period: Duration?
  /// Path of the file in which a lab's subnet writes down what it decides; nil: there is none.
  package var decisions: String?
  /// How long it takes at most from an announcement that is believed to the binding; nil: nobody says.
  package var lag: Duration?
  /// The subnet answers questions for addresses by itself: hardware addresses do not tell who answers.
  package var endsARP: Bool

  package init(
    endpoint: String? = nil, region: String, credentials: String? = nil,
    namespace: String? = nil, havips: [Havip], owned: [Owned] = [],
    instances: [String: String], period: Duration? = nil, decisions: String? = nil,
    lag: Duration? = nil,
    endsARP: Bool = false
  ) {
    self.endpoint = endpoint
    self.region = region
    self.credentials = credentials
    self.namespace = namespace
    self.havips = havips
    self.owned = owned
    self.instances = instances
    self.period = period
    self.decisions = decisions
    self.lag = lag
    self.endsARP = endsARP
  }

  /// The vendor's own answers some twenty questions a second, of all users of an account together.
  package static let standardPeriod = Duration.seconds(1)

  package func havip(of address: IPAddress) -> Havip? { havips.first { $0.address == address } }

  /// The node that the control plane calls by one of these.
  package func node(ofInstance instance: String, interface: String) -> String? {
    instances.sorted { $0.key < $1.key }.first {
      !$0.value.isEmpty && ($0.value == instance || $0.value == interface)
    }?.key
  }
}
