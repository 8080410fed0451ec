// What a blow means to a node that speaks VRRP, in the protocol's own terms: from it, and from what
// the pair's configuration promises, it follows how long a takeover must take.

package enum Consequence: Hashable, Sendable {
  /// It speaks on and keeps what it has.
  case nothing
  /// It says goodbye (priority 0) and lets go of the addresses.
  case goodbye
  /// It falls silent without a word.
  case silence(Remains)
  /// It speaks on, and its peers do not hear it; it keeps the addresses.
  case unheard
  /// It speaks on, and does not hear its peers.
  case deaf
  /// The health check whose program has this path reports failure from its next run on.
  case checkFails(String)
  /// It does not end any more: whoever runs it ends it at its timeout.
  case checkHangs(String)

  /// What is left of the addresses at a node that has fallen silent.
  package enum Remains: Hashable, Sendable {
    /// Its kernel keeps them, and answers for them where it is reached.
    case kept
    /// The same, and it goes on as the master that it was when it is healed.
    case frozen
    /// They are gone, or nobody reaches them.
    case gone
    /// They are gone, and the node is started anew: nobody knows how long that takes.
    case off
  }
}
