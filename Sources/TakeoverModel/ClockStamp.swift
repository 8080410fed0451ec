// A stamp of another machine's clock, kept beside its place on the axis: two stamps of one clock differ
// exactly, but for that clock's drift, however loosely the clock itself is placed.

package struct ClockStamp: Hashable, Sendable {
  /// 500 parts per million: what adjtimex(2) lets a daemon slew, and more than a crystal is off.
  package static let drift: Int64 = 500

  /// The capture point that stamped it.
  package var port: String
  /// Nanoseconds since 1970 as its machine had it.
  package var nanoseconds: Int64

  package init(port: String, nanoseconds: Int64) {
    self.port = port
    self.nanoseconds = nanoseconds
  }

  /// How long from `earlier` to `self`, no wider than `placed`, which their places on the axis tell.
  /// Where the two contradict each other the clock was set between them, and only `placed` is left.
  package func since(_ earlier: ClockStamp, within placed: Elapsed) -> Elapsed {
    guard port == earlier.port else { return placed }
    let length = nanoseconds.saturatingMinus(earlier.nanoseconds)
    // Up to the next whole nanosecond, and the one that the stamps cut off: never too small.
    let slack = Int64(clamping: length.magnitude / 1_000_000 + 1) * Self.drift + 1
    let least = max(placed.atLeast, .nanoseconds(length.saturatingMinus(slack)))
    let most = min(placed.atMost, .nanoseconds(length.saturatingPlus(slack)))
    return least <= most ? Elapsed(atLeast: least, atMost: most) : placed
  }
}
