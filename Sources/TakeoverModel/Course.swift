// What was struck and what was sent in a trial, one after the other: what a picture of it shows beside
// its marks.

package struct Course: Hashable, Sendable {
  /// Every blow, in the order in which they fell.
  package var blows: [Struck] = []
  /// In the order of time; frames of one node that follow each other closely are one.
  package var advertisements: [Sent] = []
  package var announcements: [Sent] = []

  package init() {}

  package struct Struck: Hashable, Sendable {
    package var node: String
    package var fault: FaultUse
    package var when: Interval

    package init(node: String, fault: FaultUse, when: Interval) {
      self.node = node
      self.fault = fault
      self.when = when
    }
  }

  package struct Sent: Hashable, Sendable {
    /// The node's name, or the MAC address of a stranger.
    package var node: String
    /// From the first frame to the last.
    package var when: Interval
    package var count: Int
    /// An advertisement with priority 0.
    package var isGoodbye: Bool

    package init(node: String, when: Interval, count: Int = 1, isGoodbye: Bool = false) {
      self.node = node
      self.when = when
      self.count = count
      self.isGoodbye = isGoodbye
    }
  }
}

/// Exactly what a node is to get for a fault. In the journal before the node is touched.
package struct NodeProcedure: Hashable, Sendable, Codable {
  package var node: String
  package var fault: FaultUse
  package var procedure: Procedure

  package init(node: String, fault: FaultUse, procedure: Procedure) {
    self.node = node
    self.fault = fault
    self.procedure = procedure
  }
}
