// One instance on one node, with everything that the rules ask of it: what the daemon makes of the
// keywords together (vrrp_complete_instance of keepalived 2.2.7), not what stands there.

internal import TakeoverModel

package struct Seat: Sendable {
  package let member: Member
  package let instance: Instance

  var name: String { instance.name }
  var globals: Globals { member.configuration.globals }
  var routerID: Int? { instance.routerID?.value }

  var isV4: Bool { instance.effectiveFamily == .v4 }

  var isStrict: Bool { instance.isStrict(in: globals) }
  var strictPlace: Place { (instance.isStrict ?? globals.isStrict)?.place ?? instance.place }

  var version: Int { instance.version(in: globals) }
  var versionPlace: Place { (instance.version ?? globals.version)?.place ?? instance.place }

  var priority: Int { instance.basePriority }
  static let owner = 255
  var isOwner: Bool { instance.isOwner }
  var priorityPlace: Place { (instance.priority?.place) ?? instance.place }

  var startsAsMaster: Bool { instance.initialState(in: globals) == .master }
  var statePlace: Place { instance.state?.place ?? instance.place }

  /// Whether `nopreempt` is written.
  var saysNopreempt: Bool { instance.preempts.map { !$0.value } ?? false }
  var nopreemptPlace: Place { instance.preempts?.place ?? instance.place }
  /// Whether it takes the address back from a lower priority.
  var preempts: Bool { instance.preempts(in: globals) }
  var preemptDelay: Duration { instance.preemptDelay(in: globals) }

  /// A, as it is sent.
  var interval: Duration { instance.advertInterval(in: globals) }
  var intervalPlace: Place { instance.advertInterval?.place ?? instance.place }

  /// N.
  var downTimerAdverts: Int { instance.downTimerAdverts(in: globals) }
  var downTimerPlace: Place {
    (instance.downTimerAdverts ?? globals.downTimerAdverts)?.place ?? instance.place
  }

  func skew(at priority: Int) -> Duration { instance.skew(priority: priority, in: globals) }

  /// M: the silence after which it takes over, while all its checks are good.
  var masterDown: Duration {
    instance.masterDownInterval(priority: healthyPriority, in: globals)
  }

  var accepts: Bool { instance.accepts(in: globals) }

  var isUnicast: Bool { !instance.unicastPeers.isEmpty }
  var peers: [IPAddress] { instance.unicastPeers.compactMap { IPAddress($0.value) } }
  var peerPlace: Place { instance.unicastBlock ?? instance.place }

  /// Where its advertisements come from; nil: nothing tells.
  var source: IPAddress? {
    if let written = instance.unicastSource { return IPAddress(written.value) }
    if !isUnicast, let written = instance.multicastSource { return IPAddress(written.value) }
    // The interface's first address, unless that is a virtual one.
    guard let name = instance.interface?.value else { return nil }
    let held = Set(instance.addresses.compactMap(\.value.address))
    return member.facts?.interface(named: name)?.addresses.map(\.address)
      .first { $0.isV4 == isV4 && !held.contains($0) && !$0.isLinkLocal }
  }
  var sourcePlace: Place { instance.unicastSource?.place ?? instance.place }

  /// What authentication it does; version 3, strict mode and an empty password do none.
  var key: AuthenticationKey {
    guard instance.authenticates(in: globals), let written = instance.authentication,
      let password = written.password?.value
    else { return .none }
    let head = Array(password.utf8.prefix(8))
    return written.type?.value.uppercased() == "AH" ? .header(head) : .password(head)
  }

  var advertised: Set<IPAddress> { Set(instance.addresses.compactMap(\.value.address)) }
  var all: [Placed<HeldAddress>] { instance.addresses + instance.excludedAddresses }

  var group: SyncGroup? {
    member.configuration.group(of: instance)
  }
}

/// What is compared of an advertisement's authentication. It holds a password: never print it.
enum AuthenticationKey: Hashable {
  case none
  case password([UInt8])
  case header([UInt8])

  var kind: String {
    switch self {
    case .none: "none"
    case .password: "auth_type PASS"
    case .header: "auth_type AH"
    }
  }
}

extension IPAddress {
  /// fe80::/10 (RFC 4291, 2.5.6) or 169.254.0.0/16 (RFC 3927).
  var isLinkLocal: Bool {
    switch self {
    case .v4(let value): value >> 16 == 0xa9fe
    case .v6(let high, _): high >> 54 == 0x3fa
    }
  }

  /// Whether both are in one network of that prefix length.
  func shares(prefix: Int, with other: IPAddress) -> Bool {
    guard isV4 == other.isV4 else { return false }
    var left = prefix
    for (one, another) in zip(bytes, other.bytes) {
      if left <= 0 { return true }
      let mask = left >= 8 ? UInt8.max : ~(UInt8.max >> UInt8(left))
      if one & mask != another & mask { return false }
      left -= 8
    }
    return true
  }
}

extension HeldAddress {
  /// As it is compared and shown: the address alone.
  var shown: String { address?.description ?? text }
  /// keepalived's default is that of the whole address.
  var length: Int { prefix ?? ((address?.isV4 ?? true) ? 32 : 128) }
}
