// What an advertisement must be like for an instance to believe it (keepalived 2.2.7, vrrp/vrrp.c,
// vrrp_check_packet): who refuses another's hears nobody, and both are masters.

package import TakeoverModel

package struct Dialect: Hashable, Sendable {
  package var router = 0
  package var isV4 = true
  package var version = 2
  /// What version 2 insists on; version 3 follows its master.
  package var interval = Duration.seconds(1)
  /// The eight bytes that count, of version 2; empty: none. Never printed.
  package var password: [UInt8] = []
  package var travel = Travel.multicast(group: "224.0.0.18")
  /// Those that an advertisement names.
  package var addresses: Set<IPAddress> = []
  /// Whether it refuses another list than its own; nil: not known of this version.
  package var comparesAddresses: Bool? = true

  package enum Travel: Hashable, Sendable {
    case unicast(to: Set<String>)
    case multicast(group: String)
    /// Without peers it stays in FAULT.
    case fault

    package var isUnicast: Bool { if case .unicast = self { true } else { false } }
  }

  package init() {}
}

extension Dialect {
  init(of instance: Instance, in configuration: Configuration, daemon: DaemonVersion) {
    let globals = configuration.globals
    router = instance.routerID?.value ?? 0
    isV4 = instance.effectiveFamily == .v4
    version = instance.version(in: globals)
    interval = instance.advertInterval(in: globals)
    if instance.authenticates(in: globals) {
      password = Self.counted(Array((instance.authentication?.password?.value ?? "").utf8))
    }
    travel =
      switch instance.mode(in: globals) {
      case .unicast(let peers): .unicast(to: Set(peers))
      case .multicast(let group, _): .multicast(group: group)
      case .fault: .fault
      }
    addresses = Set(instance.addresses.compactMap(\.value.address))
    // 2.3.3 says so in its log and believes the advertisement all the same.
    comparesAddresses = daemon <= .bookworm ? true : daemon >= .trixie ? false : nil
  }

  /// Padded with zeros, as it is sent (RFC 2338, 5.3.10).
  static func counted(_ password: [UInt8]) -> [UInt8] {
    password.isEmpty ? [] : Array((password + [UInt8](repeating: 0, count: 8)).prefix(8))
  }

  /// As it says itself on the wire.
  init(_ rival: Rival, toward own: Dialect, addresses: Set<IPAddress>) {
    self = own
    router = rival.router ?? own.router
    isV4 = true
    version = rival.version
    // Version 2 says whole seconds, and one at least.
    interval =
      version == 2
      ? .seconds(max(1, (rival.interval.nanoseconds + 500_000_000) / 1_000_000_000))
      : rival.interval
    password = Self.counted(rival.password)
    if rival.isMulticast {
      travel = .multicast(group: "224.0.0.18")
    } else if !own.travel.isUnicast {
      travel = .unicast(to: [])
    }
    self.addresses = addresses
  }

  enum Belief: Hashable, Sendable {
    case believes
    /// Why not, behind the speaker's name.
    case refuses(String)
    case unknown(String)

    var isRefusal: Bool { if case .refuses = self { true } else { false } }
  }

  /// What it makes of another's advertisement.
  func belief(in other: Dialect) -> Belief {
    switch (travel, other.travel) {
    case (.fault, _): return .refuses("is in FAULT without peers")
    case (.unicast, .multicast): return .refuses("takes unicast only")
    case (.multicast, .unicast): return .refuses("takes multicast only")
    case (.multicast(let own), .multicast(let group)) where own != group:
      return .refuses("listens to \(own), not to \(group)")
    default: break
    }
    if (router, isV4) != (other.router, other.isV4) {
      return .refuses("is of the virtual router \(router), not \(other.router)")
    }
    if version != other.version { return .refuses("speaks VRRPv\(version)") }
    if version == 2, password != other.password { return .refuses("has another password") }
    if version == 2, interval != other.interval {
      return .refuses("has the interval \(TimeText.chosen(interval))")
    }
    if addresses != other.addresses {
      switch comparesAddresses {
      case .some(true): return .refuses("has another list of addresses")
      case .some(false): break
      case nil: return .unknown("whether this version refuses another list of addresses")
      }
    }
    return .believes
  }

  /// Whether a daemon that reads the other one goes on with this instance: else it ends this one and
  /// begins another (vrrp_exist).
  func isSameInstance(as other: Dialect) -> Bool {
    guard (router, isV4) == (other.router, other.isV4) else { return false }
    return switch (travel, other.travel) {
    case (.unicast, .unicast): true
    case (.multicast(let one), .multicast(let two)): one == two
    default: false
    }
  }
}
