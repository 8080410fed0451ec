// One VRRP instance of one node, as its peers know it: the numbers that an election is made of.

package import TakeoverModel

package struct Speaker: Hashable, Sendable {
  package var node: String
  package var version: Int
  /// A: what it advertises as a master, rounded as its version has it.
  package var interval: Duration
  /// The effective one, while nothing that it tracks is down.
  package var priority: Int
  package var preempts: Bool
  package var preemptDelay: Duration
  /// N: advertisements that may be missing, `down_timer_adverts`.
  package var downAdverts: Int
  package var checks: [Check]
  /// What it believes of others.
  package var dialect = Dialect()
  package var daemon = DaemonVersion.bookworm
  /// What it speaks by.
  package var interface: String?
  /// Whether it is in FAULT when that is down.
  package var tracksInterface = true
  /// The other interfaces that it tracks.
  package var links: [Link] = []
  /// The scripts, files and processes that it tracks, by name.
  package var watched: [String] = []
  /// How many instances share the addresses, in step with each other.
  package var instances = 1

  package struct Link: Hashable, Sendable {
    package var name: String
    /// As of a check.
    package var priorityLeft: Int?

    package init(_ name: String, priorityLeft: Int?) {
      self.name = name
      self.priorityLeft = priorityLeft
    }
  }

  /// A health check that it tracks, itself or its group.
  package struct Check: Hashable, Sendable {
    /// The name of the vrrp_script.
    package var name: String
    /// The first word of `script`.
    package var program: String
    package var interval: Duration
    package var timeout: Duration
    package var fall: Int
    /// The effective priority while it fails; nil: the node leaves the election.
    package var priorityLeft: Int?

    package init(
      _ name: String, program: String, interval: Duration, timeout: Duration, fall: Int,
      priorityLeft: Int?
    ) {
      self.name = name
      self.program = program
      self.interval = interval
      self.timeout = timeout
      self.fall = fall
      self.priorityLeft = priorityLeft
    }
  }

  package init(
    node: String, version: Int, interval: Duration, priority: Int, preempts: Bool,
    preemptDelay: Duration = .zero, downAdverts: Int = 3, checks: [Check] = []
  ) {
    self.node = node
    self.version = version
    self.interval = interval
    self.priority = priority
    self.preempts = preempts
    self.preemptDelay = preemptDelay
    self.downAdverts = downAdverts
    self.checks = checks
  }

  /// What it waits as a backup.
  func timers(behind master: Speaker) -> VRRPTimers {
    VRRPTimers(version: version, interval: master.interval, downAdverts: downAdverts)
  }
}

extension Speaker {
  /// The instance of this node that holds all of these addresses; or one of several that share them,
  /// and that are alike in all that an election is made of.
  package init(_ member: Member, holding addresses: [IPAddress]) throws(Complaint) {
    let configuration = member.configuration
    let holders = configuration.instances(holding: addresses)
    guard let first = holders.first else {
      throw Complaint(
        "\(member.name) has no vrrp_instance, or several, for one of "
          + addresses.map(\.description).joined(separator: " and "),
        remedy: "one instance on each node holds the site's addresses")
    }
    try self.init(member, first)
    instances = holders.count
    for other in holders.dropFirst() {
      let twin = try Speaker(member, other)
      guard isInStep(with: twin) else {
        throw Complaint(
          "the vrrp_instances \(first.name) and \(other.name) of \(member.name) share the "
            + "addresses and differ in their numbers, "
            + (configuration.group(of: first) == nil
              ? "so each moves by itself"
              : "and which of them lets its group move is not computed"),
          remedy: "make a site for each of them, or make them alike")
      }
    }
  }

  private init(_ member: Member, _ instance: Instance) throws(Complaint) {
    let configuration = member.configuration
    let globals = configuration.globals
    guard case .priority(let priority) = configuration.effectivePriority(of: instance) else {
      throw Complaint(
        "the vrrp_instance \(instance.name) of \(member.name) is never more than in FAULT",
        remedy: "")
    }
    self.init(
      node: member.name, version: instance.version(in: globals),
      interval: instance.advertInterval(in: globals), priority: priority,
      preempts: instance.preempts(in: globals), preemptDelay: instance.preemptDelay(in: globals),
      downAdverts: instance.downTimerAdverts(in: globals),
      checks: Self.checks(of: instance, in: configuration))
    daemon = member.daemon
    dialect = Dialect(of: instance, in: configuration, daemon: daemon)
    interface = instance.interface?.value
    tracksInterface = !(instance.doesNotTrackPrimary?.value ?? false)
    let tracks = configuration.tracks(of: instance)
    watched = tracks.filter { $0.kind != .interface }.map(\.name)
    links = tracks.filter { $0.kind == .interface && $0.name != interface }.map { track in
      Link(
        track.name,
        priorityLeft: configuration.priority(of: instance, TrackedState(interfaces: [track.name])))
    }
  }

  /// Alike in all that an election is made of, whatever their routers and addresses.
  private func isInStep(with other: Speaker) -> Bool {
    var other = other
    (other.dialect, other.instances) = (dialect, instances)
    return self == other
  }

  private static func checks(of instance: Instance, in configuration: Configuration) -> [Check] {
    let tracked = Set(
      configuration.tracks(of: instance).filter { $0.kind == .script }.map(\.name))
    return configuration.scripts.filter { tracked.contains($0.name) }.compactMap { script in
      guard let program = script.command?.value.first else { return nil }
      return Check(
        script.name, program: program, interval: script.effectiveInterval,
        timeout: script.effectiveTimeout, fall: script.effectiveFall,
        priorityLeft: configuration.priority(of: instance, TrackedState(scripts: [script.name])))
    }
  }
}

extension Configuration {
  /// nil: it is in FAULT then.
  fileprivate func priority(of instance: Instance, _ state: TrackedState) -> Int? {
    guard case .priority(let left) = effectivePriority(of: instance, state) else { return nil }
    return left
  }

  /// The instances with these addresses, each of which has exactly one; empty: it is not so.
  func instances(holding addresses: [IPAddress]) -> [Instance] {
    let held = instances.map { instance in
      Set((instance.addresses + instance.excludedAddresses).compactMap(\.value.address))
    }
    guard addresses.allSatisfy({ address in held.count { $0.contains(address) } == 1 }) else {
      return []
    }
    return zip(instances, held).filter { !$0.1.isDisjoint(with: addresses) }.map(\.0)
  }
}
