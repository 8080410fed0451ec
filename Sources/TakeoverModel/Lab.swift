// A laboratory, described: which machines, which switch, which keepalived.

package struct LabDescription: Hashable, Sendable, Codable {
  package var name: String
  /// The machines of the pair, in order.
  package var nodes: [LabNode]
  /// Machines without keepalived that look at the pair from outside.
  package var clients: [LabMachine]
  /// Machines of their own beside the pair, with sshd and without keepalived: rogues, bystanders. Their
  /// priorities mean nothing.
  package var machines: [LabNode]
  package var addresses: [VirtualAddress]
  /// The nodes whose ports may use the virtual addresses, as a cloud subnet with anti-spoofing has it;
  /// nil: all.
  package var mayBind: [String]?
  package var keepalived: LabKeepalived
  /// TCP port on which every node says its name (haproxy), for the clients to connect to.
  package var servicePort: Int

  package init(
    name: String, nodes: [LabNode], clients: [LabMachine], addresses: [VirtualAddress],
    keepalived: LabKeepalived, servicePort: Int = 80, machines: [LabNode] = [],
    mayBind: [String]? = nil
  ) {
    self.mayBind = mayBind
    self.machines = machines
    self.name = name
    self.nodes = nodes
    self.clients = clients
    self.addresses = addresses
    self.keepalived = keepalived
    self.servicePort = servicePort
  }
}

/// Changes of a lab file, from a plan that is carried out in several labs.
package struct LabVariant: Hashable, Sendable, Codable {
  package struct Setting: Hashable, Sendable, Codable {
    /// The keys that lead to the value: `nodes`, `a`, `image`.
    package var path: [String]
    package var value: String

    package init(path: [String], value: String) {
      self.path = path
      self.value = value
    }
  }

  package var settings: [Setting]

  package init(settings: [Setting]) { self.settings = settings }

  /// `a.image=bullseye, b.image=trixie`
  package var words: String {
    settings.map { setting in
      let path = setting.path.first == "nodes" ? setting.path.dropFirst() : setting.path[...]
      return path.joined(separator: ".") + "=" + setting.value
    }.joined(separator: ", ")
  }
}

package struct LabMachine: Hashable, Sendable, Codable {
  package var name: String
  package var address: IPAddress
  package var prefix: Int

  package init(name: String, address: IPAddress, prefix: Int) {
    self.name = name
    self.address = address
    self.prefix = prefix
  }
}

package struct LabNode: Hashable, Sendable, Codable {
  package enum Image: Hashable, Sendable, Codable {
    /// A Debian suite: bullseye, bookworm, trixie.
    case suite(String)
    /// The machine the lab runs on.
    case host
  }

  package enum Init: String, Hashable, Sendable, Codable, CaseIterable {
    /// Real systemd as the first process.
    case systemd
    /// The daemons without systemd.
    case plain
  }

  package enum Management: String, Hashable, Sendable, Codable, CaseIterable {
    /// A second interface, so that a fault on the first does not cut the way to the node.
    case separate
    /// Over the interface under test.
    case inBand = "in-band"
  }

  package var machine: LabMachine
  package var priority: Int
  package var image: Image
  package var firstProcess: Init
  package var management: Management

  package init(
    machine: LabMachine, priority: Int, image: Image = .suite("bookworm"),
    firstProcess: Init = .systemd, management: Management = .separate
  ) {
    self.machine = machine
    self.priority = priority
    self.image = image
    self.firstProcess = firstProcess
    self.management = management
  }
}

/// The parameters of keepalived.conf(5) that a lab sets; the same on both nodes but the priority.
package struct LabKeepalived: Hashable, Sendable, Codable {
  package enum Mode: String, Hashable, Sendable, Codable, CaseIterable { case unicast, multicast }
  /// How the addresses are shared out among virtual routers: all in one, or one with a vrid of its own
  /// (vrid, vrid + 1, …) for each.
  package enum Instances: String, Hashable, Sendable, Codable, CaseIterable {
    case one, perAddress = "per-address"
  }

  package var version: Int
  package var vrid: Int
  package var interval: Duration
  package var mode: Mode
  package var preempt: Bool
  package var preemptDelay: Duration?
  /// auth_type PASS (VRRPv2 only); nil: none.
  package var password: String?
  package var garpMasterDelay: Duration
  package var garpMasterRefresh: Duration
  package var garpMasterRepeat: Int
  /// A tracked script that asks the node's own service; nil: none.
  package var check: LabCheck?
  package var instances: Instances
  /// The SCHED_FIFO priority of the process that speaks VRRP, which stays in memory then
  /// (`vrrp_no_swap`); what it starts waits for a processor like any other. It is not `vrrp_rt_priority`, whose limit is left at 0 µs by a reload
  /// where there is no CAP_SYS_RESOURCE, as in many a container: the kernel kills the process then.
  /// nil: none, so that it waits for a processor like any other.
  package var realTimePriority: Int?

  package init(
    version: Int = 2, vrid: Int = 51, interval: Duration = .seconds(1), mode: Mode = .unicast,
    preempt: Bool = false, preemptDelay: Duration? = nil, password: String? = "1111",
    garpMasterDelay: Duration = .seconds(1), garpMasterRefresh: Duration = .seconds(5),
    garpMasterRepeat: Int = 5, check: LabCheck? = nil, instances: Instances = .one,
    realTimePriority: Int? = nil
  ) {
    self.realTimePriority = realTimePriority
    self.check = check
    self.instances = instances
    self.version = version
    self.vrid = vrid
    self.interval = interval
    self.mode = mode
    self.preempt = preempt
    self.preemptDelay = preemptDelay
    self.password = password
    self.garpMasterDelay = garpMasterDelay
    self.garpMasterRefresh = garpMasterRefresh
    self.garpMasterRepeat = garpMasterRepeat
  }

  /// The vrid of the last virtual router, where `addresses` are shared out.
  package func lastVRID(of addresses: Int) -> Int {
    instances == .one ? vrid : vrid + max(addresses - 1, 0)
  }
}

/// keepalived's `vrrp_script` for a health check: what decides when it counts as failed.
package struct LabCheck: Hashable, Sendable, Codable {
  /// Whole seconds.
  package var interval: Duration
  /// Whole seconds; a check that takes longer has failed.
  package var timeout: Duration
  /// So many failures in a row are a fall, so many successes in a row a rise.
  package var fall: Int
  package var rise: Int
  /// What the outcome does to the priority; 0: a node whose check fell leaves the election (FAULT).
  package var weight: Int

  package init(
    interval: Duration = .seconds(1), timeout: Duration = .seconds(1), fall: Int = 2,
    rise: Int = 2, weight: Int = 0
  ) {
    self.interval = interval
    self.timeout = timeout
    self.fall = fall
    self.rise = rise
    self.weight = weight
  }
}
