// What an instance does, once the defaults, the version and the strict mode have had their say
// (keepalived 2.2.7, vrrp/vrrp.c, vrrp_complete_instance; include/vrrp.h).

internal import TakeoverModel

extension Instance {
  /// IPv4 where nothing says otherwise.
  package var effectiveFamily: Family {
    if let family { return family }
    if nativeV6?.value ?? false { return .v6 }
    let address =
      addresses.first?.value.address
      ?? (unicastSource ?? multicastSource ?? unicastPeers.first).flatMap { IPAddress($0.value) }
    return address.map { $0.isV4 ? .v4 : .v6 } ?? .v4
  }

  package func isStrict(in globals: Globals) -> Bool {
    isStrict?.value ?? globals.isStrict?.value ?? false
  }

  /// 2 or 3: the instance's own, or for IPv6 without one 3, or `vrrp_version`, or 2. A strict one
  /// speaks 3 for IPv6 whatever is written; one that is not strict speaks 2 if it is told to.
  package func version(in globals: Globals) -> Int {
    let isV6 = effectiveFamily == .v6
    if let version { return isV6 && isStrict(in: globals) ? 3 : version.value }
    return isV6 ? 3 : globals.version?.value ?? 2
  }

  /// The advertisement interval A, rounded to what the version can say, a half upwards.
  package func advertInterval(in globals: Globals) -> Duration {
    let written = advertInterval?.value ?? .seconds(1)
    let (step, most) = VRRPTimers.steps(version: version(in: globals))
    guard written < step * (most + 1) else { return step * most }
    let (micro, unit) = (written.wholeMicroseconds, step.wholeMicroseconds)
    return step * max((micro + unit / 2) / unit, 1)
  }

  /// 1 to 255; 255 is the owner of the addresses. Without a keyword a MASTER is an owner, and any
  /// other 100.
  package var basePriority: Int { priority?.value ?? (state?.value == .master ? 255 : 100) }

  package var isOwner: Bool { basePriority == 255 }

  /// The state it starts towards: the strict mode lets only the owner start as master.
  package func initialState(in globals: Globals) -> State {
    guard let state, !isStrict(in: globals) else { return isOwner ? .master : .backup }
    return state.value
  }

  /// `nopreempt` counts only for one that neither owns the addresses nor starts as master.
  package func preempts(in globals: Globals) -> Bool {
    isOwner || initialState(in: globals) == .master || preempts?.value ?? true
  }

  /// How long it waits before it takes over from a lower priority, once it is up.
  package func preemptDelay(in globals: Globals) -> Duration {
    guard initialState(in: globals) == .backup, !isStrict(in: globals), preempts(in: globals)
    else { return .zero }
    return preemptDelay?.value ?? .zero
  }

  /// N: how many advertisements have to be missing, 1 to 100.
  package func downTimerAdverts(in globals: Globals) -> Int {
    isStrict(in: globals) ? 3 : downTimerAdverts?.value ?? globals.downTimerAdverts?.value ?? 3
  }

  /// Behind a master of the same interval.
  private func timers(in globals: Globals) -> VRRPTimers {
    VRRPTimers(
      version: version(in: globals), interval: advertInterval(in: globals),
      downAdverts: downTimerAdverts(in: globals))
  }

  /// Cut to microseconds, as the daemon does.
  package func skew(priority: Int, in globals: Globals) -> Duration {
    .microseconds(timers(in: globals).skew(priority: priority).wholeMicroseconds)
  }

  /// M = N·A + skew: how long after the master's last advertisement it takes over.
  package func masterDownInterval(priority: Int, in globals: Globals) -> Duration {
    timers(in: globals).silence + skew(priority: priority, in: globals)
  }

  /// Whether it takes packets to its addresses: a strict one that is no owner does not.
  package func accepts(in globals: Globals) -> Bool {
    let isBound = isStrict(in: globals) && !isOwner
    if isBound, version(in: globals) == 2 { return false }
    return accepts?.value ?? !isBound
  }

  /// The password counts for version 2 outside of the strict mode only.
  package func authenticates(in globals: Globals) -> Bool {
    guard let authentication, authentication.type != nil, let password = authentication.password
    else { return false }
    return !password.value.isEmpty && version(in: globals) == 2 && !isStrict(in: globals)
  }

  /// How advertisements travel.
  package enum Mode: Hashable, Sendable {
    case unicast(peers: [String])
    /// `isFallback`: unicast is spoken of, and there are no peers.
    case multicast(group: String, isFallback: Bool)
    /// `unicast_fault_no_peer`, and there are none: the instance stays in FAULT.
    case fault
  }

  package func mode(in globals: Globals) -> Mode {
    let speaksOfUnicast =
      unicastKeyword != nil || unicastBlock != nil || unicastSource != nil
      || checksUnicastSource?.value ?? false
    if !unicastPeers.isEmpty { return .unicast(peers: unicastPeers.map(\.value)) }
    if faultsWithoutPeers?.value ?? false { return .fault }
    let isV4 = effectiveFamily == .v4
    let general = isV4 ? globals.multicastGroup?.value : globals.multicastGroupV6?.value
    let group = multicastGroup?.value ?? general ?? (isV4 ? "224.0.0.18" : "ff02::12")
    return .multicast(group: group, isFallback: speaksOfUnicast)
  }

  /// The announcements of an instance, all defaults filled in.
  package struct Announcements: Hashable, Sendable {
    package var delay: Duration
    package var `repeat`: Int
    /// Zero: none.
    package var refresh: Duration
    package var refreshRepeat: Int
    package var lowerPriorityDelay: Duration
    package var lowerPriorityRepeat: Int
    package var interval: Duration
    package var neighbourInterval: Duration
  }

  package func announcements(in globals: Globals) -> Announcements {
    let (own, general) = (announcing, globals.announcing)
    let strict = isStrict(in: globals)
    let generalDelay = general.delay?.value ?? .seconds(5)
    let generalRepeat = general.repeat?.value ?? 5
    return Announcements(
      delay: own.delay?.value ?? generalDelay, repeat: own.repeat?.value ?? generalRepeat,
      refresh: own.refresh?.value ?? general.refresh?.value ?? .zero,
      refreshRepeat: own.refreshRepeat?.value ?? general.refreshRepeat?.value ?? 1,
      lowerPriorityDelay: strict
        ? .zero
        : own.lowerPriorityDelay?.value ?? general.lowerPriorityDelay?.value ?? generalDelay,
      lowerPriorityRepeat: strict
        ? 0 : own.lowerPriorityRepeat?.value ?? general.lowerPriorityRepeat?.value ?? generalRepeat,
      interval: general.interval?.value ?? .zero,
      neighbourInterval: general.neighbourInterval?.value ?? .zero)
  }

  /// Whether it answers a lower priority's advertisement with silence.
  package func sendsNoAdvertToLower(in globals: Globals) -> Bool {
    isStrict(in: globals)
      || lowerPrioritySendsNoAdvert?.value ?? globals.lowerPrioritySendsNoAdvert?.value ?? false
  }

  /// Whether a master that hears a higher priority sends one more advertisement before it steps down.
  package func sendsAdvertToHigher(in globals: Globals) -> Bool {
    !isStrict(in: globals)
      && higherPrioritySendsAdvert?.value ?? globals.higherPrioritySendsAdvert?.value ?? false
  }
}

extension Script {
  /// The daemon's defaults: interval 1 s, timeout the interval, fall 1, rise 1, weight 0.
  package var effectiveInterval: Duration { interval?.value ?? .seconds(1) }
  package var effectiveTimeout: Duration { timeout?.value ?? effectiveInterval }
  package var effectiveFall: Int { fall?.value ?? 1 }
  package var effectiveRise: Int { rise?.value ?? 1 }
  package var effectiveWeight: Int { weight?.value ?? 0 }
}

extension Duration {
  /// Cut, not rounded; what a configuration can say fits.
  var wholeMicroseconds: Int {
    Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
  }
}
