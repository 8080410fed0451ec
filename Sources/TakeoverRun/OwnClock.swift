// Watches the coordinator's own clock: frames are stamped by CLOCK_REALTIME, which somebody may set
// while a trial goes on. CLOCK_MONOTONIC is slewed with it but never set (clock_gettime(2)).

internal import Glibc
package import TakeoverModel

package struct OwnClock: Observer {
  /// CLOCK_REALTIME between two readings of CLOCK_MONOTONIC, nanoseconds.
  package struct Pair: Hashable, Sendable {
    package var realtime: Int64
    package var before: Int64
    package var after: Int64

    package init(realtime: Int64, before: Int64, after: Int64) {
      self.realtime = realtime
      self.before = before
      self.after = after
    }

    /// Of two readings of an unset clock: their differences overlap.
    func agrees(with other: Pair) -> Bool {
      let own = realtime - after...max(realtime - after, realtime - before)
      let others =
        other.realtime
        - other.after...max(
          other.realtime - other.after, other.realtime - other.before)
      return own.overlaps(others)
    }
  }

  /// How often the clocks are looked at, and how often that is written down when nothing happens.
  private static let look = Duration.milliseconds(100)
  private static let period = Duration.seconds(1)
  /// Who has not looked for so long did not run.
  private static let stillness = Duration.seconds(1)

  package let name = "clock"
  private let read: @Sendable () -> Pair

  package init(read: @escaping @Sendable () -> Pair = OwnClock.now) { self.read = read }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    var last = read()
    write(last, into: journal, clock)
    ready()
    var seen = last
    while true {
      try await clock.wait(until: clock.now() + Self.look)
      let pair = read()
      let isDue = pair.before - last.before >= Self.period.nanoseconds
      let wasStill = pair.before - seen.after > Self.stillness.nanoseconds
      if wasStill || !pair.agrees(with: seen) {
        // The last one before the step, or before nobody looked, bounds it.
        if seen != last { write(seen, into: journal, clock) }
        write(pair, into: journal, clock)
        last = pair
      } else if isDue {
        write(pair, into: journal, clock)
        last = pair
      }
      seen = pair
    }
  }

  private func write(_ pair: Pair, into journal: any Journal, _ clock: any RunClock) {
    journal.record(
      Observation(
        when: Interval(at: Moment(nanoseconds: pair.realtime - clock.origin)), source: name,
        event: .clock(
          ClockReading(
            clock: ClockReading.own, realtime: pair.realtime, means: "clock_gettime",
            monotonic: [pair.before, pair.after]))))
  }

  /// The closest of a few readings: whoever is interrupted in between knows less.
  package static func now() -> Pair {
    var best: Pair?
    for _ in 0..<5 {
      let before = nanoseconds(CLOCK_MONOTONIC)
      let realtime = nanoseconds(CLOCK_REALTIME)
      let pair = Pair(realtime: realtime, before: before, after: nanoseconds(CLOCK_MONOTONIC))
      if best.map({ pair.after - pair.before < $0.after - $0.before }) ?? true { best = pair }
    }
    return best ?? Pair(realtime: 0, before: 0, after: 0)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
