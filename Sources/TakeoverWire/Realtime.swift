// The clock of the axis: the one that the kernel stamps frames with.

import Glibc

package enum Realtime {
  /// CLOCK_REALTIME, nanoseconds since 1970.
  package static func nanoseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
