// Durations as programs on a node read them.

internal import TakeoverModel

enum ShellNumber {
  /// For sleep(1) of coreutils and busybox: `2`, `0.25`; nothing finer than a millisecond.
  static func seconds(_ duration: Duration) -> String {
    let milliseconds = max(1, duration.nanoseconds / 1_000_000)
    let fraction = String(milliseconds % 1_000 + 1_000).dropFirst()
    return milliseconds % 1_000 == 0
      ? String(milliseconds / 1_000) : "\(milliseconds / 1_000).\(fraction)"
  }

  /// The unit of /proc/uptime (proc(5)).
  static func hundredths(_ duration: Duration) -> Int64 {
    max(1, duration.nanoseconds / 10_000_000)
  }
}
