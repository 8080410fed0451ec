// The axis in the world's time: UTC, from the run's origin.

internal import TakeoverModel

struct WallClock: Sendable {
  /// Nanoseconds since 1970.
  let origin: Int64

  /// Nanoseconds since 1970; saturates.
  func nanoseconds(_ moment: Moment) -> Int64 {
    let (sum, overflow) = origin.addingReportingOverflow(moment.nanoseconds)
    return overflow ? (origin < 0 ? .min : .max) : sum
  }

  /// `2026-11-22T17:53:33`, UTC without a zone, as JUnit's readers want it.
  func text(_ moment: Moment) -> String {
    let all = nanoseconds(moment)
    let seconds = all / 1_000_000_000 - (all % 1_000_000_000 < 0 ? 1 : 0)
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - day * 86_400
    let date = Self.date(day)
    return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
      + "T\(Self.padded(second / 3600, 2)):\(Self.padded(second / 60 % 60, 2))"
      + ":\(Self.padded(second % 60, 2))"
  }

  /// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March
  /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
  private static func date(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
