// One node of a pair, as far as the linter knows it.

package struct Member: Hashable, Sendable {
  package var name: String
  package var configuration: Configuration
  /// What was read on the node itself; nil: only its file is known.
  package var facts: NodeFacts?

  package init(_ name: String, _ configuration: Configuration, facts: NodeFacts? = nil) {
    self.name = name
    self.configuration = configuration
    self.facts = facts
  }

  /// The daemon's version; where nobody says, the one whose manual this is.
  var daemon: DaemonVersion { facts?.version.flatMap { DaemonVersion($0) } ?? .bookworm }
}

/// What the pair has to live with, beyond VRRP.
package struct LintProfile: Hashable, Sendable {
  /// The addresses are HAVIPs of a cloud's subnet: bound by announcement, without multicast.
  package var isHAVIP: Bool

  package init(isHAVIP: Bool = false) { self.isHAVIP = isHAVIP }
}
