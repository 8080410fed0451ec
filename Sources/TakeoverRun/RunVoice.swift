// How the run itself writes into the journal.

internal import TakeoverModel

/// The run's own voice in the journal.
struct RunVoice: Sendable {
  let journal: any Journal
  let clock: any RunClock

  func say(_ event: Event, when: Interval? = nil) {
    journal.record(
      Observation(when: when ?? Interval(at: clock.now()), source: "run", event: event))
  }

  /// Safely on the disk before it returns.
  func sayDurably(_ event: Event, when: Interval? = nil) throws {
    try journal.recordDurably(
      Observation(when: when ?? Interval(at: clock.now()), source: "run", event: event))
  }
}
