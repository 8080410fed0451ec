// A lab whose pair carries a database: one primary, one standby, and who becomes which when the
// addresses move.

package struct LabDatabase: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable { case postgresql }

  package var kind: Kind
  package var replication: Database.Replication
  /// Whoever is promoted stops the old primary first, and a node that comes back asks its peer before
  /// its database begins. Without it both may take writes.
  package var fencing: Bool
  /// How long the notify script waits before it promotes.
  package var promotionDelay: Duration

  package init(
    kind: Kind = .postgresql, replication: Database.Replication = .synchronous,
    fencing: Bool = true, promotionDelay: Duration = .zero
  ) {
    self.kind = kind
    self.replication = replication
    self.fencing = fencing
    self.promotionDelay = promotionDelay
  }
}
