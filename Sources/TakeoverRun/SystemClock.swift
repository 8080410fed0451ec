// The run's axis on a real machine: CLOCK_REALTIME, counted from the instant the run began.

internal import Foundation
package import TakeoverModel

package struct SystemClock: RunClock {
  /// Nanoseconds since 1970 at the run's beginning.
  package let origin: Int64

  package init() { origin = Self.realtime() }

  package func now() -> Moment { Moment(nanoseconds: Self.realtime() - origin) }

  /// No longer than it seems now: a clock that is set back must not keep a fault in force.
  package func wait(until moment: Moment) async throws {
    let end = ContinuousClock().now + max(moment.since(now()), .zero)
    while true {
      let left = min(moment.since(now()), ContinuousClock().now.duration(to: end))
      guard left > .zero else { return }
      try await Task.sleep(for: min(left, .seconds(1)), tolerance: .zero)
    }
  }

  /// CLOCK_REALTIME: the clock with which the kernel stamps frames (SO_TIMESTAMPNS, socket(7)).
  package static func realtime() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
