// What a cloud subnet made of a trial: to whom it bound the addresses, what it refused, and which part of
// an outage was its own. Computed by the report room, judged by checks.

package struct SubnetRecord: Hashable, Sendable {
  /// By address, in the order of time: for each the one in force at the blow first, as far as it is known.
  package var bindings: [Binding] = []
  /// In the window, in the order of time; only for addresses whose binding is known.
  package var misbindings: [Misbinding] = []
  /// Within the window.
  package var refusals: [RefusedAnnouncements] = []
  /// From the new holder's announcement to the binding, per address; only where it was bound to it.
  package var lags: [BindingLag] = []
  /// How long that takes at most, as the site says; nil: it does not.
  package var promisedLag: Duration?
  /// For each schedule of probes whose outage the binding ended.
  package var parts: [OutageParts] = []
  /// Until when each address' binding is known: the last answer, or the end of the window.
  package var knownUntil: [IPAddress: Moment] = [:]
  /// Whether it writes down its own decisions.
  package var isRecorded = false
  /// Why the last question to its control plane had no answer; empty: it had one, or none was asked.
  package var trouble = ""
  /// Why an address that a node held was not reached, in sentences without their ends.
  package var reasons: [String] = []

  package init() {}

  /// Those of one address.
  package func bindings(of address: IPAddress) -> [Binding] {
    bindings.filter { $0.address == address }
  }
}

/// An address leads to a node from an instant within `from` on, until the next one of that address.
package struct Binding: Hashable, Sendable {
  package enum Witness: String, Hashable, Sendable, CaseIterable {
    /// The subnet's own record.
    case decisions
    /// Two answers of the control plane, between which it changed.
    case controlPlane = "control-plane"
  }

  package var address: IPAddress
  /// nil: to nobody.
  package var node: String?
  package var from: Interval
  /// By a call of the control plane, not by an announcement.
  package var isCalled: Bool
  package var witness: Witness

  package init(
    address: IPAddress, node: String?, from: Interval, isCalled: Bool = false, witness: Witness
  ) {
    self.address = address
    self.node = node
    self.from = from
    self.isCalled = isCalled
    self.witness = witness
  }
}

/// How long the subnet took to bind an address to the node that had announced it.
package struct BindingLag: Hashable, Sendable {
  package var address: IPAddress
  package var node: String
  /// Never below zero: a call may come before the announcement.
  package var length: Elapsed
  package var isCalled: Bool

  package init(address: IPAddress, node: String, length: Elapsed, isCalled: Bool = false) {
    self.address = address
    self.node = node
    self.length = length
    self.isCalled = isCalled
  }
}

/// A stretch in which an address led elsewhere than to its holder.
package struct Misbinding: Hashable, Sendable {
  package var address: IPAddress
  package var holder: String
  /// nil: to nobody.
  package var bound: String?
  package var from: Interval
  /// nil: it was not seen to end.
  package var until: Interval?
  package var length: Elapsed

  package init(
    address: IPAddress, holder: String, bound: String?, from: Interval, until: Interval?,
    length: Elapsed
  ) {
    self.address = address
    self.holder = holder
    self.bound = bound
    self.from = from
    self.until = until
    self.length = length
  }
}

/// Announcements of one address by one machine that the subnet refused for one reason.
package struct RefusedAnnouncements: Hashable, Sendable {
  package var address: IPAddress
  /// The node's name; nil: nobody's that has one.
  package var node: String?
  package var reason: String
  package var count: Int
  package var first: Interval

  package init(address: IPAddress, node: String?, reason: String, count: Int, first: Interval) {
    self.address = address
    self.node = node
    self.reason = reason
    self.count = count
    self.first = first
  }
}

/// What an outage was made of: the pair's takeover, the subnet's lag, and what is left over.
package struct OutageParts: Hashable, Sendable {
  package var outage: Outage
  /// From the blow until the new holder had announced the address.
  package var takeover: Elapsed
  /// From that announcement to the binding.
  package var lag: Elapsed

  package init(outage: Outage, takeover: Elapsed, lag: Elapsed) {
    self.outage = outage
    self.takeover = takeover
    self.lag = lag
  }

  /// The outage without both; below zero where they overlap it.
  package var rest: Elapsed {
    Elapsed(
      atLeast: outage.length.atLeast - takeover.atMost - lag.atMost,
      atMost: outage.length.atMost - takeover.atLeast - lag.atLeast)
  }

  /// How far the outage is from the sum of the two, either way.
  package var difference: Elapsed {
    let rest = rest
    let (low, high) = (rest.atLeast, rest.atMost)
    let most = max(high, .zero - low)
    let least: Duration = low > .zero ? low : high < .zero ? .zero - high : .zero
    return Elapsed(atLeast: least, atMost: most)
  }
}
