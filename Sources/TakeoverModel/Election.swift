// What VRRP's own arithmetic says of a takeover (RFC 3768 and RFC 9568, 6.1), filled with what the
// wire showed.

package struct Election: Hashable, Sendable {
  /// A: what the old holder advertised.
  package var interval: Duration
  /// The taker's priority, as its first advertisement says.
  package var priority: Int
  /// The taker's priority by its configuration, where the site tells it.
  package var configuredPriority: Int?
  /// 2: the skew is a part of one second; 3: of the interval.
  package var version: Int
  /// The old holder said goodbye (priority 0): the taker waits its skew only.
  package var wasReleased: Bool
  /// t2 − t1.
  package var waited: Elapsed
  /// How long before the blow the last advertisement was: φ times the interval.
  package var sinceAdvertisement: Elapsed?
  /// For how long the taker's daemon waited for a processor meanwhile, at most. nil: not known.
  package var processorWait: Duration?
  /// Why it is not known, in words.
  package var processorWaitTrouble = ""
  /// For how long the processors stood still that the taker runs on, when it had to read what it counts
  /// from or when its timer ran out; at most. nil: not known.
  package var machinePause: Duration?
  /// Why it is not known, in words.
  package var machinePauseTrouble = ""

  package init(
    interval: Duration, priority: Int, version: Int, wasReleased: Bool, waited: Elapsed,
    sinceAdvertisement: Elapsed?, configuredPriority: Int? = nil
  ) {
    self.configuredPriority = configuredPriority
    self.interval = interval
    self.priority = priority
    self.version = version
    self.wasReleased = wasReleased
    self.waited = waited
    self.sinceAdvertisement = sinceAdvertisement
  }

  private var timers: VRRPTimers { VRRPTimers(version: version, interval: interval) }
  private var silence: Duration { wasReleased ? .zero : timers.silence }

  /// M: the master-down interval, or the skew alone after a goodbye.
  package var promised: Duration { silence + timers.skew(priority: priority) }

  /// A daemon's timer is never early, but late, also where a processor is free: of 600 crashes of
  /// keepalived 2.2.7 on an idle machine 95 % were within 0.35 ms, and none came early.
  package static let timerLateness = Duration.microseconds(500)

  /// By how much the taker may be later than promised, as far as that is known: by its timer, by
  /// what it waited for a processor and by the processors' own pauses, when its timer ran out or when
  /// it had to read what it counts from. The old holder's own lateness is in the stamps already.
  package var lateness: Duration {
    Self.timerLateness + (processorWait ?? .zero) + (machinePause ?? .zero)
  }

  /// M − φ: how long after the blow the first advertisement was due, with what is allowed for the
  /// daemon; nil after a goodbye, whose own instant is what the taker counts from.
  package var dueAfterBlow: Elapsed? {
    guard let since = sinceAdvertisement, !wasReleased else { return nil }
    return Elapsed(
      atLeast: promised - since.atMost, atMost: promised - since.atLeast + lateness)
  }

  /// (t2 − t1) − M.
  package var residual: Elapsed {
    Elapsed(atLeast: waited.atLeast - promised, atMost: waited.atMost - promised)
  }

  /// The effective priority that the waiting tells, beside the advertised one.
  package var impliedPriority: Double {
    256 - Double((waited.middle - silence).nanoseconds) / Double(max(timers.point.nanoseconds, 1))
  }

  /// φ: the part of the interval that had passed at the blow; nil when it was none of it.
  package var phase: (value: Double, bound: Double)? {
    guard let since = sinceAdvertisement, interval > .zero, since.middle >= .zero else {
      return nil
    }
    let unit = Double(interval.nanoseconds)
    return (
      Double(since.middle.nanoseconds) / unit, Double(since.uncertainty.nanoseconds) / unit
    )
  }
}
