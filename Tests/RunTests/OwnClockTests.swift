// The coordinator's own clocks, turned by hand.

import Synchronization
import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `The coordinator's clock` {
  /// What is written down over so many seconds, when CLOCK_REALTIME is set by `step` at `setAt`,
  /// and a wait that would end after `asleep` ends at `until` at the earliest.
  private func readings(
    _ seconds: Double, step: Int64 = 0, setAt: Double = 0, asleep: Double = 0, until: Double = 0
  ) async throws -> [ClockReading] {
    let clock = EndingClock(
      at: Moment(nanoseconds: Int64(seconds * 1e9)),
      asleep: Moment(nanoseconds: Int64(asleep * 1e9 + 0.5)),
      until: Moment(nanoseconds: Int64(until * 1e9 + 0.5)))
    let journal = MemoryJournal()
    let watch = OwnClock {
      let now = clock.now().nanoseconds
      let isSet = step != 0 && Double(now) >= setAt * 1e9
      return OwnClock.Pair(
        realtime: clock.origin + now + (isSet ? step : 0), before: now - 100, after: now)
    }
    try? await watch.observe(World.site, into: journal, clock: clock) {}
    return journal.events.compactMap { if case .clock(let reading) = $0 { reading } else { nil } }
  }

  @Test func `it is written down every second, with both clocks`() async throws {
    let readings = try await readings(3.05)
    #expect(readings.count == 4)
    #expect(readings.allSatisfy { $0.clock == "coordinator" && $0.monotonic?.count == 2 })
  }

  @Test(arguments: [2_000_000, -3_600_000_000_000] as [Int64])
  func `a step is written down at once, with the last reading before it`(step: Int64) async throws {
    let readings = try await readings(1.55, step: step, setAt: 0.45)
    let monotonic = readings.compactMap { $0.monotonic?.last }
    #expect(monotonic == [0, 400_000_000, 500_000_000, 1_500_000_000])
    let first = readings[1].realtime - 400_000_000
    #expect(readings[2].realtime - 500_000_000 == first + step)
  }

  @Test func `who does not run for a while writes down when it last did`() async throws {
    let readings = try await readings(9.05, asleep: 2.35, until: 7.35)
    let monotonic = readings.compactMap { $0.monotonic?.last }
    #expect(monotonic == [0, 1, 2, 2.3, 7.35, 8.35].map { Int64($0 * 1e9 + 0.5) })
  }

  @Test func `the machine's own two clocks agree with themselves`() {
    let (one, other) = (OwnClock.now(), OwnClock.now())
    #expect(one.agrees(with: other))
    #expect(one.before <= one.after && one.realtime > 1_700_000_000_000_000_000)
  }
}

/// Turns itself as it is waited for, until its end.
private final class EndingClock: RunClock {
  let origin: Int64 = 1_000_000_000_000
  private let end: Moment
  private let time = Mutex(Moment.began)

  private let asleep: Moment
  private let until: Moment

  init(at end: Moment, asleep: Moment, until: Moment) {
    self.end = end
    self.asleep = asleep
    self.until = until
  }

  func now() -> Moment { time.withLock { $0 } }

  func wait(until moment: Moment) async throws {
    guard moment < end else { throw CancellationError() }
    time.withLock { $0 = max($0, moment, moment > asleep ? until : moment) }
  }
}
