// What is true on a node beside its configuration. Each part is nil when it was not read: a rule that
// needs it is then silent.

package import TakeoverModel

package struct NodeFacts: Hashable, Sendable {
  package struct Interface: Hashable, Sendable {
    package var name: String
    package var isUp: Bool
    package var addresses: [Address]

    package init(_ name: String, isUp: Bool, addresses: [Address] = []) {
      self.name = name
      self.isUp = isUp
      self.addresses = addresses
    }
  }

  package struct Address: Hashable, Sendable {
    package var address: IPAddress
    package var prefix: Int

    package init(_ address: IPAddress, prefix: Int) {
      self.address = address
      self.prefix = prefix
    }
  }

  /// A file that the configuration names, with what stat(1) says of it.
  package struct File: Hashable, Sendable {
    /// nil: there is none.
    package var mode: Int?
    package var owner: String
    package var isRegular: Bool
    /// The folders above it that somebody else than root may write, and the file itself if so.
    package var writableByOthers: [String]

    package init(
      mode: Int?, owner: String = "root", isRegular: Bool = true, writableByOthers: [String] = []
    ) {
      self.mode = mode
      self.owner = owner
      self.isRegular = isRegular
      self.writableByOthers = writableByOthers
    }

    package var isThere: Bool { mode != nil }
    package var isExecutable: Bool { mode.map { $0 & 0o111 != 0 } ?? false }
  }

  package struct Listener: Hashable, Sendable {
    /// nil: every address.
    package var address: IPAddress?
    package var port: Int
    package var process: String

    package init(_ address: IPAddress?, port: Int, process: String) {
      self.address = address
      self.port = port
      self.process = process
    }
  }

  /// The daemon's own version, `2.2.7`.
  package var version: String?
  /// Whether a keepalived runs there.
  package var isRunning: Bool?
  package var interfaces: [Interface]?
  /// By the path in the configuration.
  package var files: [String: File]?
  /// `nft list ruleset`, `iptables-save` and `ip6tables-save`.
  package var firewall: Firewall?
  /// net.ipv4.ip_nonlocal_bind and net.ipv6.ip_nonlocal_bind.
  package var bindsNonlocal: (v4: Bool, v6: Bool)? {
    get { nonlocalV4.flatMap { v4 in nonlocalV6.map { (v4, $0) } } }
    set {
      nonlocalV4 = newValue?.v4
      nonlocalV6 = newValue?.v6
    }
  }
  private var nonlocalV4: Bool?
  private var nonlocalV6: Bool?
  package var listeners: [Listener]?
  /// Whether a process of keepalived runs with SCHED_FIFO or SCHED_RR (sched(7)).
  package var isRealTime: Bool?
  /// Whether a process there may raise a limit (CAP_SYS_RESOURCE, capabilities(7)).
  package var raisesLimits: Bool?
  /// Whether the user keepalived_script exists.
  package var hasScriptUser: Bool?

  package init() {}

  package func interface(named name: String) -> Interface? {
    interfaces?.first { $0.name == name }
  }
}
