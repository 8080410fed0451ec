// The run's axis on a real machine: CLOCK_REALTIME, counted from the instant the run began.

internal import Foundation
package import TakeoverModel

package struct SystemClock: RunClock {
  /// Nanoseconds since 1970 at the run's beginning.
  package let origin: Int64

  package init() { origin = Self.realtime() }

  package func now() -> Moment { Moment(nanoseconds: Self.realtime() - origin) }

  package func wait(until moment: Moment) async throws {
    // The sleep is on the monotonic clock; looking again afterwards follows a stepped realtime clock.
    while true {
      let left = moment.since(now())
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
