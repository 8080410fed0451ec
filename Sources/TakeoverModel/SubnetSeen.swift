// What a cloud subnet was seen to do with the addresses: what its control plane answers, and what a
// lab's subnet writes down of its own decisions.

/// One answer of the control plane about a HAVIP, or that there was none. What it says was so at an
/// instant within the observation's interval, from asking to hearing.
package struct HavipBinding: Hashable, Sendable, Codable {
  package var address: IPAddress
  /// Its id.
  package var havip: String
  /// The node of the site that it is bound to; nil: none, or a machine that the site does not name.
  package var node: String?
  /// The instance that it is bound to, as the control plane calls it, or the network interface where
  /// it names no instance; empty: none.
  package var instance: String
  /// `AVAILABLE` or `UNBIND`; empty when no answer came.
  package var state: String
  /// When the last announcement took effect, as the control plane writes it.
  package var flushed: String
  /// The instances and interfaces that may bind it; nil: anyone in the subnet may.
  package var associated: [String]?
  /// Why no answer came; empty when one did.
  package var trouble: String

  package init(
    address: IPAddress, havip: String, node: String? = nil, instance: String = "",
    state: String = "", flushed: String = "", associated: [String]? = nil, trouble: String = ""
  ) {
    self.address = address
    self.havip = havip
    self.node = node
    self.instance = instance
    self.state = state
    self.flushed = flushed
    self.associated = associated
    self.trouble = trouble
  }

  /// `ins-a`, or `nobody`: for sentences.
  package var boundText: String { instance.isEmpty ? "nobody" : node ?? instance }
}

/// One decision of a lab's subnet; its instant is the observation's.
package struct FabricDecision: Hashable, Sendable, Codable {
  package enum Decision: String, Hashable, Sendable, Codable, CaseIterable {
    /// An announcement that will bind the address when the lag is over.
    case believed
    /// An announcement that will not.
    case refused
    /// From now on the address leads there.
    case bound
    /// It leads nowhere any more.
    case released
    /// It leads there by a call of the control plane.
    case moved
  }

  package var address: IPAddress
  /// Whose port it was, or is; nil: nobody's that has a name.
  package var node: String?
  package var port: String
  package var hardware: MACAddress?
  package var decision: Decision
  /// In words; usually empty.
  package var reason: String
  /// How many decisions just like it were made since it was last written down; of a storm of refused
  /// announcements not each one is.
  package var more: Int

  package init(
    address: IPAddress, node: String?, port: String, hardware: MACAddress? = nil,
    decision: Decision, reason: String = "", more: Int = 0
  ) {
    self.more = more
    self.address = address
    self.node = node
    self.port = port
    self.hardware = hardware
    self.decision = decision
    self.reason = reason
  }
}
