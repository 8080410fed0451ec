// Durations as people write them: a number with its unit.

package enum DurationText {
  /// Units by name, in nanoseconds.
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
  ]

  /// A year. What lasts longer is a mistake, and sums of it would not fit on the run's axis.
  static let longest: Int64 = 365 * 24 * 3_600_000_000_000

  /// As in a JSON Schema.
  package static let pattern = "^[0-9]{1,9}(\\.[0-9]{1,9})?(ns|us|ms|s|m|h)$"

  /// `20ms`, `1.5s`, `2m`; nil for anything else, for what is finer than a nanosecond and for what
  /// is longer than a year.
  package static func duration(_ text: String) -> Duration? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let unit = units.first(where: { $0.name == text.dropFirst(number.count) }) else {
      return nil
    }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ (1...9).contains($0.count) }),
      let whole = Int64(parts[0])
    else { return nil }
    var (nanoseconds, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !overflow else { return nil }
    if parts.count == 2 {
      guard let digits = Int64(parts[1]) else { return nil }
      var scale: Int64 = 1
      for _ in parts[1] { scale *= 10 }
      let (scaled, tooLong) = digits.multipliedReportingOverflow(by: unit.nanoseconds)
      guard !tooLong, scaled % scale == 0 else { return nil }
      (nanoseconds, overflow) = nanoseconds.addingReportingOverflow(scaled / scale)
      guard !overflow else { return nil }
    }
    return nanoseconds <= longest ? .nanoseconds(nanoseconds) : nil
  }
}
