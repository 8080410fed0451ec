// What was seen, when, and by whom: one line of the journal.

package struct Observation: Hashable, Sendable {
  package var when: Interval
  /// Who says so: `run`, `wire/a`, `client/echo`, `a/addresses`.
  package var source: String
  package var event: Event

  package init(when: Interval, source: String, event: Event) {
    self.when = when
    self.source = source
    self.event = event
  }
}

/// Takes observations from any thread and writes them down in the order they come.
package protocol Journal: Sendable {
  func record(_ observation: Observation)
  /// Like `record`, and returns only when the line is safely on the disk.
  func recordDurably(_ observation: Observation) throws
}

/// The run's clock, so that the run can be tested with one that is turned by hand.
package protocol RunClock: Sendable {
  func now() -> Moment
  func wait(until moment: Moment) async throws
  /// The axis' origin: nanoseconds since 1970 of CLOCK_REALTIME.
  var origin: Int64 { get }
}

/// Sees something of the pair while the run goes on.
package protocol Observer: Sendable {
  var name: String { get }
  /// Opens what it needs (throwing when it cannot), calls `ready`, and observes until cancelled.
  func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws
}
