// What a client's kernel knows of a virtual address: the entry of its neighbour table (ARP cache;
// RFC 4861 5.1 for both families), by which every frame to the address gets its Ethernet address.

/// The entry as it was seen to be, from the observation's interval on.
package struct NeighbourEntry: Hashable, Sendable, Codable {
  /// The kernel's NUD_* states (rtnetlink(7)); RFC 4861 7.3.2.
  package enum State: String, Hashable, Sendable, Codable, CaseIterable {
    /// There is no entry: nothing was ever sent to the address, or the entry was thrown away.
    case none
    /// Asked for, not yet answered.
    case incomplete
    /// Confirmed by an answer.
    case reachable
    /// Not confirmed of late, or learned by an announcement.
    case stale
    /// Used although stale; soon to be asked.
    case delay
    /// Asked at the old Ethernet address.
    case probe
    /// Nobody answered.
    case failed
    case noarp
    case permanent
  }

  package var vantage: String
  package var address: IPAddress
  /// Where frames to the address go; nil: nowhere.
  package var mac: MACAddress?
  package var state: State

  package init(vantage: String, address: IPAddress, mac: MACAddress?, state: State) {
    self.vantage = vantage
    self.address = address
    self.mac = mac
    self.state = state
  }
}

/// A vantage point's own interface.
package struct VantageDescription: Hashable, Sendable, Codable {
  package var vantage: String
  package var interface: String
  package var addresses: [IPAddress]

  package init(vantage: String, interface: String, addresses: [IPAddress]) {
    self.vantage = vantage
    self.interface = interface
    self.addresses = addresses
  }
}

/// How one client's entry came to lead to the new holder of an address.
package struct CacheRepair: Hashable, Sendable {
  package enum Way: String, Hashable, Sendable, CaseIterable {
    /// By the new holder's announcement, at once.
    case announced
    /// By the client's own asking: neighbour unreachability detection (RFC 4861 7.3), or a new
    /// question after the entry was gone. Typically 5 to 60 s.
    case detected
    /// At the end it leads elsewhere, or nowhere.
    case never
    /// The client had no entry when the blow fell.
    case noEntry
    /// The entry was right all along: a virtual router's MAC, or the new holder's already.
    case nothing
  }

  package var vantage: String
  package var address: IPAddress
  package var way: Way
  /// When the entry came to lead to the new holder for good.
  package var at: Interval?
  /// From the takeover to `at`, never negative.
  package var length: Elapsed?
  /// How long the entry was watched after the takeover, until the next one or the end.
  package var watched: Duration
  /// Whose Ethernet address the entry had at the end: a node, or a stranger's address; nil: none.
  package var last: String?

  package init(
    vantage: String, address: IPAddress, way: Way, at: Interval? = nil, length: Elapsed? = nil,
    watched: Duration, last: String?
  ) {
    self.vantage = vantage
    self.address = address
    self.way = way
    self.at = at
    self.length = length
    self.watched = watched
    self.last = last
  }
}
