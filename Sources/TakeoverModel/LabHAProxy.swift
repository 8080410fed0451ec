// The load balancers of a lab: haproxy on both nodes of the pair, in front of machines beside it.

package struct LabHAProxy: Hashable, Sendable, Codable {
  package enum Bind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Every address of the node.
    case wildcard
    /// The virtual addresses themselves, and 127.0.0.1 for the node's own check.
    case addresses
  }

  /// The machines that serve; each answers with its name.
  package var backends: [String]
  package var bind: Bind
  /// Whether the kernel lets haproxy bind addresses that the node does not have
  /// (`net.ipv4.ip_nonlocal_bind`, ip-sysctl), as a standby must that binds them.
  package var nonlocalBind: Bool
  /// haproxy's `maxconn`: so many clients' connections at once; the next ones wait in the kernel's queue.
  package var maxConnections: Int
  /// How often each backend is asked whether it serves.
  package var healthCheck: Duration

  package init(
    backends: [String], bind: Bind = .wildcard, nonlocalBind: Bool = true,
    maxConnections: Int = 200, healthCheck: Duration = .milliseconds(500)
  ) {
    self.backends = backends
    self.bind = bind
    self.nonlocalBind = nonlocalBind
    self.maxConnections = maxConnections
    self.healthCheck = healthCheck
  }
}
