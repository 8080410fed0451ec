// What a clock showed: the coordinator's own two side by side, or another machine's.

/// One reading, within the observation's interval.
package struct ClockReading: Hashable, Sendable, Codable {
  /// The name under which the coordinator's own clocks are written down.
  package static let own = "coordinator"

  /// The machine whose clock it is.
  package var clock: String
  /// CLOCK_REALTIME there, nanoseconds since 1970; what it shows, cut off to `resolution`.
  package var realtime: Int64
  package var resolution: Int64
  /// How it was read: `bash`, `python3`.
  package var means: String
  /// CLOCK_MONOTONIC just before and just after: the coordinator's own clocks only.
  package var monotonic: [Int64]?

  package init(
    clock: String, realtime: Int64, resolution: Int64 = 1, means: String,
    monotonic: [Int64]? = nil
  ) {
    self.clock = clock
    self.realtime = realtime
    self.resolution = resolution
    self.means = means
    self.monotonic = monotonic
  }
}

/// How far another machine's clock is ahead of the coordinator's, as its best reading tells.
package struct ClockOffset: Hashable, Sendable {
  package var clock: String
  package var ahead: Elapsed
  package var means: String

  package init(clock: String, ahead: Elapsed, means: String) {
    self.clock = clock
    self.ahead = ahead
    self.means = means
  }
}
