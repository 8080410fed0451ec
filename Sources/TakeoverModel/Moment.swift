// When things happened: one axis for a whole run, and intervals on it that say how sure we are.

/// An instant on the run's one axis: nanoseconds of the coordinator's CLOCK_REALTIME since the run
/// began. The kernel stamps frames with that clock, so a frame's stamp needs no conversion.
package struct Moment: Hashable, Comparable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static let began = Moment(nanoseconds: 0)

  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  package static func + (moment: Self, duration: Duration) -> Self {
    Moment(nanoseconds: moment.nanoseconds.saturatingPlus(duration.nanoseconds))
  }

  package static func - (moment: Self, duration: Duration) -> Self {
    Moment(nanoseconds: moment.nanoseconds.saturatingMinus(duration.nanoseconds))
  }

  /// How long from `earlier` to `self`; negative when it is the other way round.
  package func since(_ earlier: Moment) -> Duration {
    .nanoseconds(nanoseconds.saturatingMinus(earlier.nanoseconds))
  }
}

/// When, as tightly as is known: the instant lies in `earliest...latest`, both included.
package struct Interval: Hashable, Sendable {
  package let earliest: Moment
  package let latest: Moment

  /// The two bounds in either order.
  package init(_ one: Moment, _ other: Moment) {
    earliest = min(one, other)
    latest = max(one, other)
  }

  /// An instant known exactly, as a kernel's stamp of a frame is.
  package init(at moment: Moment) { self.init(moment, moment) }

  package var width: Duration { latest.since(earliest) }
  package var middle: Moment {
    Moment(
      nanoseconds: earliest.nanoseconds + latest.nanoseconds.saturatingMinus(earliest.nanoseconds)
        / 2)
  }

  /// How long from `earlier` to `self`, with both uncertainties in it.
  package func since(_ earlier: Interval) -> Elapsed {
    Elapsed(
      atLeast: earliest.since(earlier.latest), atMost: latest.since(earlier.earliest))
  }

  package func contains(_ moment: Moment) -> Bool { earliest <= moment && moment <= latest }
  package func contains(_ other: Interval) -> Bool {
    earliest <= other.earliest && other.latest <= latest
  }
}

extension Moment: Codable {
  package init(from decoder: any Decoder) throws {
    nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}

extension Interval: Codable {
  /// Written as `[earliest, latest]` in nanoseconds.
  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let first = try container.decode(Moment.self)
    self.init(first, try container.decode(Moment.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(earliest)
    try container.encode(latest)
  }
}

extension Duration {
  /// Whole nanoseconds; saturates at ±292 years.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }
}

extension Int64 {
  /// Journals and other machines' clocks come from outside: whatever they say, it does not trap.
  package func saturatingPlus(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  package func saturatingMinus(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : difference
  }
}
