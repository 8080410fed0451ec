// VRRP's timers (RFC 3768 and RFC 9568, 6.1): how long a backup waits for its master.

/// Exact. Who counts in coarser steps, as keepalived does in microseconds, cuts what comes from here.
package struct VRRPTimers: Hashable, Sendable {
  /// 2 or 3.
  package var version: Int
  /// A: the master's interval, which a backup of version 3 adopts and one of version 2 has, too.
  package var interval: Duration
  /// N: how many advertisements have to be missing; the RFCs say 3.
  package var downAdverts: Int

  package init(version: Int, interval: Duration, downAdverts: Int = 3) {
    self.version = version
    self.interval = interval
    self.downAdverts = downAdverts
  }

  /// What the skew is a part of: one second in version 2, A in version 3.
  package var skewUnit: Duration { version == 2 ? .seconds(1) : interval }

  /// One point of priority, in time: 1/256 of the unit.
  package var point: Duration { skewUnit / 256 }

  /// Skew_Time: (256 − p)/256 of the unit.
  package func skew(priority: Int) -> Duration { point * (256 - priority) }

  /// N · A.
  package var silence: Duration { interval * downAdverts }

  /// What an advertisement can say as its interval: 1 to `most` steps, of a second in version 2
  /// (RFC 3768, 5.3.7), of 10 ms in version 3 (RFC 9568, 5.2.7).
  package static func steps(version: Int) -> (length: Duration, most: Int) {
    version == 2 ? (.seconds(1), 255) : (.milliseconds(10), 4_095)
  }

  package static func canSay(_ interval: Duration, version: Int) -> Bool {
    let (length, most) = steps(version: version)
    let count = interval.nanoseconds / length.nanoseconds
    return (1...Int64(most)).contains(count) && interval == length * Int(count)
  }
}
