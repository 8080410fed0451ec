// What the daemon that moves the addresses says of itself, and whoever asks it: the run knows neither
// the daemon nor how it is asked.

package protocol DaemonReader: Sendable {
  /// What the daemon of one node says; nil: this trial does not want to know, or there is none. The
  /// answer costs the daemon a moment, so it is never asked while something is measured.
  func view(
    of node: Node, in trial: Trial, over transport: any Transport
  ) async -> DaemonView?
}

package struct DaemonView: Hashable, Sendable, Codable {
  package var node: String
  /// `keepalived 2.2.7`; without a number where it does not tell it.
  package var daemon: String
  /// In what it said it: `JSON`, `text`; empty when it said nothing.
  package var means: String
  /// The ids of its processes, the first one first: with others its counters begin anew.
  package var processes: [Int]
  /// Its virtual routers.
  package var instances: [Instance]
  /// Why there is nothing more; empty: it was read.
  package var trouble: String

  package init(
    node: String, daemon: String, means: String = "", processes: [Int] = [],
    instances: [Instance] = [], trouble: String = ""
  ) {
    self.node = node
    self.daemon = daemon
    self.means = means
    self.processes = processes
    self.instances = instances
    self.trouble = trouble
  }

  package struct Instance: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
      case initial = "INIT"
      case backup = "BACKUP"
      case master = "MASTER"
      case fault = "FAULT"
    }

    package var name: String
    package var interface: String
    package var vrid: Int
    /// nil: it says something else.
    package var state: State?
    /// As configured.
    package var priority: Int?
    /// With what its health checks add and take.
    package var effectivePriority: Int?
    /// What moves with it, advertised or excluded.
    package var addresses: [IPAddress]
    /// nil: it does not count.
    package var counters: Counters?

    package init(
      name: String, interface: String, vrid: Int, state: State?, priority: Int? = nil,
      effectivePriority: Int? = nil, addresses: [IPAddress] = [], counters: Counters? = nil
    ) {
      self.name = name
      self.interface = interface
      self.vrid = vrid
      self.state = state
      self.priority = priority
      self.effectivePriority = effectivePriority
      self.addresses = addresses
      self.counters = counters
    }
  }

  /// Since the process began.
  package struct Counters: Hashable, Sendable, Codable {
    /// Advertisements; what was refused is not among the received ones.
    package var received: Int
    package var sent: Int
    package var becameMaster: Int
    package var releasedMaster: Int
    /// Advertisements that it refused, by the reason; what it does not count is not there.
    package var refused: [Refusal: Int]

    package init(
      received: Int, sent: Int, becameMaster: Int, releasedMaster: Int,
      refused: [Refusal: Int] = [:]
    ) {
      self.received = received
      self.sent = sent
      self.becameMaster = becameMaster
      self.releasedMaster = releasedMaster
      self.refused = refused
    }
  }

  /// Why an advertisement was refused.
  package enum Refusal: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case length, ttl, type, interval, addresses
    case authenticationType, authenticationMismatch, authenticationFailure

    package var words: String {
      switch self {
      case .length: "wrong length"
      case .ttl: "TTL below 255"
      case .type: "unknown type"
      case .interval: "another interval"
      case .addresses: "another list of addresses"
      case .authenticationType: "unknown authentication"
      case .authenticationMismatch: "another kind of authentication"
      case .authenticationFailure: "wrong password"
      }
    }
  }
}
