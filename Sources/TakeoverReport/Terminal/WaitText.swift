// Times that people wait for: tenths of a second while they are short, and no digit more than helps.

internal import TakeoverModel

package enum WaitText {
  /// How long something has lasted already, cut off: `4.1 s`, `59.9 s`, `2 min 5 s`, `1 h 2 min`.
  package static func elapsed(_ duration: Duration) -> String {
    let tenths = max(duration.nanoseconds, 0) / 100_000_000
    return tenths < 600 ? "\(tenths / 10).\(tenths % 10) s" : long(tenths / 10)
  }

  /// A whole number of seconds, rounded up: what is still to be waited for is never told too short.
  package static func left(_ duration: Duration) -> String {
    long((max(duration.nanoseconds, 0) + 999_999_999) / 1_000_000_000)
  }

  private static func long(_ seconds: Int64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60)
    if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
    if minutes > 0 { return rest > 0 ? "\(minutes) min \(rest) s" : "\(minutes) min" }
    return "\(rest) s"
  }
}
