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
  /// The instance of this node that holds all of these addresses.
  package init(_ member: Member, holding addresses: [IPAddress]) throws(Complaint) {
    let configuration = member.configuration
    let globals = configuration.globals
    guard let instance = configuration.instance(holding: addresses) else {
      throw Complaint(
        "\(member.name) has none, or more than one, vrrp_instance with "
          + addresses.map(\.description).joined(separator: " and "),
        remedy: "one instance on each node holds the site's addresses")
    }
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
  }

  private static func checks(of instance: Instance, in configuration: Configuration) -> [Check] {
    let tracked = Set(
      configuration.tracks(of: instance).filter { $0.kind == .script }.map(\.name))
    return configuration.scripts.filter { tracked.contains($0.name) }.compactMap { script in
      guard let program = script.command?.value.first else { return nil }
      let failed = configuration.effectivePriority(
        of: instance, TrackedState(scripts: [script.name]))
      let left: Int? = if case .priority(let priority) = failed { priority } else { nil }
      return Check(
        script.name, program: program, interval: script.effectiveInterval,
        timeout: script.effectiveTimeout, fall: script.effectiveFall, priorityLeft: left)
    }
  }
}
