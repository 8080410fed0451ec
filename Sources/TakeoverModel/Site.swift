// Where: the pair under test, how to reach it, and where to watch from.

package struct Site: Hashable, Sendable, Codable {
  package enum Environment: String, Hashable, Sendable, Codable, CaseIterable {
    case lab, test, production
  }

  package var name: String
  package var environment: Environment
  /// The members of the pair, in the file's order.
  package var nodes: [Node]
  /// Machines beside the pair, on which is captured or from which is probed.
  package var machines: [Machine]
  /// The virtual addresses that move between them.
  package var addresses: [VirtualAddress]
  /// The virtual router id, when VRRP moves the addresses.
  package var vrid: Int?
  /// Where frames are captured.
  package var captures: [CapturePoint]
  /// Where probes are sent from: the clients' side.
  package var vantages: [VantagePoint]
  package var probing: Probing
  /// When it may be broken; empty: always.
  package var windows: [TimeWindow]
  /// Whose wall clock the windows mean: a name of the IANA time zone database.
  package var timezone: String
  /// The cloud subnet that the pair is in; nil: a segment that believes everybody.
  package var cloud: CloudSubnet?
  /// What the pair carries; nil: no database that is looked at.
  package var database: Database?

  package init(
    name: String, environment: Environment, nodes: [Node], machines: [Machine] = [],
    addresses: [VirtualAddress], vrid: Int? = nil, captures: [CapturePoint] = [],
    vantages: [VantagePoint] = [], probing: Probing = Probing(), windows: [TimeWindow] = [],
    timezone: String = "UTC", cloud: CloudSubnet? = nil, database: Database? = nil
  ) {
    self.cloud = cloud
    self.database = database
    self.name = name
    self.environment = environment
    self.nodes = nodes
    self.machines = machines
    self.addresses = addresses
    self.vrid = vrid
    self.captures = captures
    self.vantages = vantages
    self.probing = probing
    self.windows = windows
    self.timezone = timezone
  }

  /// A journal from before there were any has no `machines`, no `windows`, no `cloud` and no `database`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      environment: try container.decode(Environment.self, forKey: .environment),
      nodes: try container.decode([Node].self, forKey: .nodes),
      machines: try container.decodeIfPresent([Machine].self, forKey: .machines) ?? [],
      addresses: try container.decode([VirtualAddress].self, forKey: .addresses),
      vrid: try container.decodeIfPresent(Int.self, forKey: .vrid),
      captures: try container.decode([CapturePoint].self, forKey: .captures),
      vantages: try container.decode([VantagePoint].self, forKey: .vantages),
      probing: try container.decode(Probing.self, forKey: .probing),
      windows: try container.decodeIfPresent([TimeWindow].self, forKey: .windows) ?? [],
      timezone: try container.decodeIfPresent(String.self, forKey: .timezone) ?? "UTC",
      cloud: try container.decodeIfPresent(CloudSubnet.self, forKey: .cloud),
      database: try container.decodeIfPresent(Database.self, forKey: .database))
  }

  /// The way to a node of the pair or to a machine beside it.
  package func reach(of name: String) -> Reach? {
    node(named: name)?.reach ?? machines.first { $0.name == name }?.reach
  }

  package func node(named name: String) -> Node? { nodes.first { $0.name == name } }

  /// The machines beside the pair to which something may be done, as faults see them.
  package var others: [Node] { machines.compactMap(\.asNode) }

  /// A node of the pair, or a machine beside it to which something may be done.
  package func strikable(named name: String) -> Node? {
    node(named: name) ?? others.first { $0.name == name }
  }
  package func peers(of node: Node) -> [Node] { nodes.filter { $0.name != node.name } }
}

/// A virtual address with its prefix length, as keepalived's `virtual_ipaddress` has it.
package struct VirtualAddress: Hashable, Sendable, Codable {
  package var address: IPAddress
  package var prefix: Int

  package init(_ address: IPAddress, prefix: Int) {
    self.address = address
    self.prefix = prefix
  }
}

/// One machine of the pair.
package struct Node: Hashable, Sendable, Codable {
  package var name: String
  package var reach: Reach
  /// The interface that carries the virtual addresses.
  package var interface: String
  /// The node's own addresses on that interface.
  package var addresses: [IPAddress]
  /// Services by the name that plans use.
  package var services: [String: ServiceControl]
  /// The VRRP priority that its configuration gives it; nil: not told.
  package var priority: Int?
  /// A second way there, by which it is healed when the first one does not lead there; nil: none.
  package var otherWay: Reach?
  /// What starts it anew, as the last means to heal it; nil: that is not allowed.
  package var reboot: Command?
  /// What can be done to it from outside; nil: nothing.
  package var outside: Outside?

  package init(
    name: String, reach: Reach, interface: String, addresses: [IPAddress],
    services: [String: ServiceControl], priority: Int? = nil, otherWay: Reach? = nil,
    reboot: Command? = nil, outside: Outside? = nil
  ) {
    self.outside = outside
    self.otherWay = otherWay
    self.reboot = reboot
    self.priority = priority
    self.name = name
    self.reach = reach
    self.interface = interface
    self.addresses = addresses
    self.services = services
  }
}

/// A machine beside the pair: a client, a rogue. Something may be done there if its interface is told.
package struct Machine: Hashable, Sendable, Codable {
  package var name: String
  package var reach: Reach
  /// The interface in the pair's segment; nil: nothing is done there.
  package var interface: String?
  /// Its own addresses on that interface.
  package var addresses: [IPAddress]

  package init(
    name: String, reach: Reach, interface: String? = nil, addresses: [IPAddress] = []
  ) {
    self.name = name
    self.reach = reach
    self.interface = interface
    self.addresses = addresses
  }

  /// A journal from before machines could be hit has neither interface nor addresses.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      reach: try container.decode(Reach.self, forKey: .reach),
      interface: try container.decodeIfPresent(String.self, forKey: .interface),
      addresses: try container.decodeIfPresent([IPAddress].self, forKey: .addresses) ?? [])
  }

  /// As a fault sees it; nil: nothing is done there.
  package var asNode: Node? {
    interface.map {
      Node(name: name, reach: reach, interface: $0, addresses: addresses, services: [:])
    }
  }
}

/// What can be done to a node from outside, by whoever carries it: a hypervisor, a switch.
package struct Outside: Hashable, Sendable, Codable {
  /// The machine on which the commands are run; nil: the coordinator's own.
  package var at: Reach?
  package var acts: [Act: Commands]

  package enum Act: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// No power: broken at once, mended by a start.
    case power
    /// The whole machine stands still, as a paused virtual machine does.
    case pause
    /// The cable is out at the far end.
    case carrier
    /// The switch's port does not forward.
    case forwarding
    /// The switch forgets which port leads to the node. There is nothing to mend.
    case memory
  }

  package struct Commands: Hashable, Sendable, Codable {
    package var `break`: Command
    package var mend: Command
    /// Exit 0: it is broken.
    package var isBroken: Command

    package init(break: Command, mend: Command, isBroken: Command) {
      self.break = `break`
      self.mend = mend
      self.isBroken = isBroken
    }
  }

  package init(at: Reach? = nil, acts: [Act: Commands]) {
    self.at = at
    self.acts = acts
  }
}

/// The way to a node over SSH.
package struct Reach: Hashable, Sendable, Codable {
  /// Who speaks SSH.
  package enum Client: String, Hashable, Sendable, Codable, CaseIterable {
    /// libssh2 where it can, else the OpenSSH client.
    case automatic
    case libssh2, openssh
  }

  /// A name, an address, or an alias of ssh_config(5).
  package var host: String
  /// 22 yields to the Port of ssh_config(5).
  package var port: Int
  /// `root` yields to the User of ssh_config(5).
  package var user: String
  /// Path of the private key; nil: the agent's keys, then the usual files in ~/.ssh.
  package var identity: String?
  /// Path of the known_hosts file; nil: ~/.ssh/known_hosts, then /etc/ssh/ssh_known_hosts.
  package var knownHosts: String?
  /// Network namespace (a path) from which the connection is made; nil: here.
  package var namespace: String?
  /// Commands run through `sudo -n`; without it the user must be root.
  package var sudo: Bool
  package var client: Client
  /// Path of the ssh_config file; `none`: no file is read; nil: the user's, then the system's.
  package var config: String?
  /// What the machine runs.
  package var system: NodeSystem

  package init(
    host: String, port: Int = 22, user: String = "root", identity: String? = nil,
    knownHosts: String? = nil, namespace: String? = nil, sudo: Bool = false,
    client: Client = .automatic, config: String? = nil, system: NodeSystem = .posix
  ) {
    self.system = system
    self.host = host
    self.port = port
    self.user = user
    self.identity = identity
    self.knownHosts = knownHosts
    self.namespace = namespace
    self.sudo = sudo
    self.client = client
    self.config = config
  }

  /// A journal from before there was a choice has no `client`, and no `system`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      host: try container.decode(String.self, forKey: .host),
      port: try container.decode(Int.self, forKey: .port),
      user: try container.decode(String.self, forKey: .user),
      identity: try container.decodeIfPresent(String.self, forKey: .identity),
      knownHosts: try container.decodeIfPresent(String.self, forKey: .knownHosts),
      namespace: try container.decodeIfPresent(String.self, forKey: .namespace),
      sudo: try container.decode(Bool.self, forKey: .sudo),
      client: try container.decodeIfPresent(Client.self, forKey: .client) ?? .automatic,
      config: try container.decodeIfPresent(String.self, forKey: .config),
      system: try container.decodeIfPresent(NodeSystem.self, forKey: .system) ?? .posix)
  }
}

/// A place where frames are captured.
package struct CapturePoint: Hashable, Sendable, Codable {
  package var name: String
  package var interface: String
  /// Network namespace (a path) of the interface; nil: here.
  package var namespace: String?
  /// The node behind this port: what enters here was sent by it. nil: a shared segment.
  package var node: String?
  /// The node or machine on which tcpdump makes the capture; nil: it is made here.
  package var through: String?
  /// The 802.1Q network whose frames are meant, where the interface carries several, tagged; nil: the
  /// frames without a tag.
  package var vlan: Int?

  package init(
    name: String, interface: String, namespace: String? = nil, node: String? = nil,
    through: String? = nil, vlan: Int? = nil
  ) {
    self.name = name
    self.interface = interface
    self.namespace = namespace
    self.node = node
    self.through = through
    self.vlan = vlan
  }
}

/// A place from which probes are sent.
package struct VantagePoint: Hashable, Sendable, Codable {
  package var name: String
  package var interface: String
  package var namespace: String?
  /// The machine from which is asked; nil: this one.
  package var through: String?

  package init(
    name: String, interface: String, namespace: String? = nil, through: String? = nil
  ) {
    self.name = name
    self.interface = interface
    self.namespace = namespace
    self.through = through
  }
}

/// Which questions are asked, and how often. A period of nil: not asked.
package struct Probing: Hashable, Sendable, Codable {
  /// ARP probes, and neighbour solicitations for IPv6 addresses.
  package var arp: Duration?
  package var echo: Duration?
  package var connect: Duration?
  /// The TCP port of `connect`, and of the requests.
  package var port: Int
  /// Requests on one connection that is held open for as long as it lives.
  package var held: Duration?
  /// Requests on connections that are kept for the next one.
  package var requests: Duration?
  /// After so long a request of the second kind has failed; nil: `requestLimit`.
  package var requestTimeout: Duration?
  /// What is asked for; nil: `/`.
  package var path: String?
  /// Of the Host header; nil: the address itself.
  package var host: String?

  package static let requestLimit = Duration.seconds(1)

  package init(
    arp: Duration? = .milliseconds(20), echo: Duration? = .milliseconds(10),
    connect: Duration? = nil, port: Int = 80, held: Duration? = nil, requests: Duration? = nil,
    requestTimeout: Duration? = nil, path: String? = nil, host: String? = nil
  ) {
    self.held = held
    self.requests = requests
    self.requestTimeout = requestTimeout
    self.path = path
    self.host = host
    self.arp = arp
    self.echo = echo
    self.connect = connect
    self.port = port
  }

  /// How an address is asked for by each vantage point.
  package func methods(for address: IPAddress) -> [Probe.Method] {
    let all: [(Probe.Method, Duration?)] = [
      (address.isV4 ? .arp : .neighbour, arp), (.echo, echo), (.connect, connect),
    ]
    return all.filter { $0.1 != nil }.map(\.0)
  }
}
