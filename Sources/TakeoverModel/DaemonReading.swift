// What a daemon said of itself, beside what the wire and the kernel showed around that moment. Computed
// by the report room, judged by checks.

package struct DaemonReading: Hashable, Sendable {
  package enum Stage: String, Hashable, Sendable, CaseIterable {
    case before, after
  }

  package var stage: Stage
  /// From asking to hearing.
  package var when: Interval
  package var view: DaemonView
  /// One for each of its virtual routers that has one of the site's addresses.
  package var comparisons: [Comparison]

  package init(
    stage: Stage, when: Interval, view: DaemonView, comparisons: [Comparison] = []
  ) {
    self.stage = stage
    self.when = when
    self.view = view
    self.comparisons = comparisons
  }

  package struct Comparison: Hashable, Sendable {
    package var instance: DaemonView.Instance
    /// The site's addresses that it has.
    package var addresses: [IPAddress]
    /// Whether the node advertised before and after; nil: that cannot be told.
    package var advertises: Bool?
    /// The priority of its last advertisement before and of the first one after; nil: they differ, or
    /// one of them was not seen.
    package var advertisedPriority: Int?
    /// Which of `addresses` its kernel had before and after; nil: it changed, or nobody looked.
    package var held: [IPAddress]?

    package init(
      instance: DaemonView.Instance, addresses: [IPAddress], advertises: Bool? = nil,
      advertisedPriority: Int? = nil, held: [IPAddress]? = nil
    ) {
      self.instance = instance
      self.addresses = addresses
      self.advertises = advertises
      self.advertisedPriority = advertisedPriority
      self.held = held
    }
  }
}

/// Advertisements that a daemon refused between its two readings.
package struct RefusedAdvertisements: Hashable, Sendable {
  package var node: String
  package var daemon: String
  package var vrid: Int
  package var reason: DaemonView.Refusal
  package var count: Int

  package init(
    node: String, daemon: String, vrid: Int, reason: DaemonView.Refusal, count: Int
  ) {
    self.node = node
    self.daemon = daemon
    self.vrid = vrid
    self.reason = reason
    self.count = count
  }
}
