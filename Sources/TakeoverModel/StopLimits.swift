// What ends a run by itself: for how long the pair may stand badly while it goes on.

/// Each limit is watched only where it is given.
package struct StopLimits: Hashable, Sendable, Codable {
  /// A virtual address that no node is seen to hold.
  package var nobodyHolds: Duration?
  /// An address that several nodes hold, or several nodes that advertise.
  package var severalHold: Duration?
  /// A node whose shell does not answer.
  package var unreachable: Duration?
  /// Trials in a row that could not be struck.
  package var noVerdict: Int?

  package init(
    nobodyHolds: Duration? = nil, severalHold: Duration? = nil, unreachable: Duration? = nil,
    noVerdict: Int? = nil
  ) {
    self.nobodyHolds = nobodyHolds
    self.severalHold = severalHold
    self.unreachable = unreachable
    self.noVerdict = noVerdict
  }

  /// Whether nothing is watched.
  package var isEmpty: Bool { self == StopLimits() }
}
