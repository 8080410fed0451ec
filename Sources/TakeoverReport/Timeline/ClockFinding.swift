// What the readings of clocks tell: how far another machine's clock is ahead, and whether somebody
// set the coordinator's own.

internal import TakeoverModel

enum ClockFinding {
  /// By each clock's tightest reading; in the order of the names.
  static func offsets(_ observations: [Observation], origin: Int64) -> [ClockOffset] {
    var best: [String: ClockOffset] = [:]
    for observation in observations {
      guard case .clock(let reading) = observation.event, reading.monotonic == nil else { continue }
      let ahead = ahead(reading, observation.when, origin: origin)
      if best[reading.clock].map({ ahead.uncertainty < $0.ahead.uncertainty }) ?? true {
        best[reading.clock] = ClockOffset(
          clock: reading.clock, ahead: ahead, means: reading.means)
      }
    }
    return best.values.sorted { $0.clock < $1.clock }
  }

  /// It was read at some instant of `when`, and showed up to its resolution more than it said.
  private static func ahead(
    _ reading: ClockReading, _ when: Interval, origin: Int64
  ) -> Elapsed {
    let shown = reading.realtime.saturatingMinus(origin)
    return Elapsed(
      atLeast: .nanoseconds(shown.saturatingMinus(when.latest.nanoseconds)),
      atMost: .nanoseconds(
        shown.saturatingPlus(reading.resolution).saturatingMinus(when.earliest.nanoseconds)))
  }

  /// So much the closest readings of two clocks of one machine may differ by rounding.
  private static let slack: Int64 = 1_000

  /// By how much the coordinator's CLOCK_REALTIME was set between two readings; nil: it was not.
  /// Slewing moves CLOCK_MONOTONIC alike (clock_gettime(2)) and is no step.
  static func step(from one: ClockReading, to other: ClockReading) -> Duration? {
    guard let first = difference(one), let second = difference(other) else { return nil }
    if second.least > first.most.saturatingPlus(slack) {
      return .nanoseconds(second.least.saturatingMinus(first.most))
    }
    if second.most < first.least.saturatingMinus(slack) {
      return .nanoseconds(second.most.saturatingMinus(first.least))
    }
    return nil
  }

  /// A coordinator that runs reads its clocks every second.
  private static let patience = Duration.seconds(3)

  /// How long the coordinator read nothing between two readings, when that is longer than it may be:
  /// it was stopped, or starved, and renewed no lease and saw no frame meanwhile.
  static func gap(from one: ClockReading, to other: ClockReading) -> Duration? {
    guard let before = one.monotonic?.max(), let after = other.monotonic?.min() else { return nil }
    let gap = Duration.nanoseconds(after.saturatingMinus(before))
    return gap > patience ? gap : nil
  }

  /// CLOCK_REALTIME − CLOCK_MONOTONIC.
  private static func difference(_ reading: ClockReading) -> (least: Int64, most: Int64)? {
    guard let monotonic = reading.monotonic, let before = monotonic.min(),
      let after = monotonic.max()
    else { return nil }
    return (reading.realtime.saturatingMinus(after), reading.realtime.saturatingMinus(before))
  }
}
