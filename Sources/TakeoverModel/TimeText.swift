// Times as people read them. One room for the digits, so that no report rounds in its own way.

package enum TimeText {
  /// A value with as many digits as its uncertainty allows: milliseconds below one second.
  package static func value(_ duration: Duration, knownTo uncertainty: Duration) -> String {
    let nanoseconds = duration.nanoseconds
    let inSeconds = nanoseconds.magnitude >= 1_000_000_000
    // The decimal place of the uncertainty's first digit, in nanoseconds: 1, 10, 100, …
    var place: Int64 = 1
    let bound = max(uncertainty.nanoseconds, 1_000)
    while place <= bound / 10 { place *= 10 }
    return inSeconds
      ? decimal(nanoseconds, unit: 1_000_000_000, place: place) + " s"
      : decimal(nanoseconds, unit: 1_000_000, place: place) + " ms"
  }

  /// The bound behind a ±, rounded up to two significant digits: never smaller than the truth.
  package static func bound(_ uncertainty: Duration) -> String {
    // What is half the axis wide can still be rounded up.
    let nanoseconds = min(max(uncertainty.nanoseconds, 0), .max / 2)
    if nanoseconds < 1_000 { return "\(nanoseconds) ns" }
    var place: Int64 = 1
    while nanoseconds / place >= 100 { place *= 10 }
    let up = (nanoseconds + place - 1) / place * place
    if up < 1_000_000 { return decimal(up, unit: 1_000, place: place) + " µs" }
    if up < 1_000_000_000 { return decimal(up, unit: 1_000_000, place: place) + " ms" }
    return decimal(up, unit: 1_000_000_000, place: place) + " s"
  }

  /// A lower bound, rounded down to milliseconds: `at least 2.547 s` stays true.
  package static func least(_ duration: Duration) -> String {
    let down = max(duration.nanoseconds, 0) / 1_000_000 * 1_000_000
    return "at least " + value(.nanoseconds(down), knownTo: .milliseconds(1))
  }

  /// A duration that somebody chose (a limit, a period): exact and short, `250ms`, `3s`, `1.5s`.
  package static func chosen(_ duration: Duration) -> String {
    let nanoseconds = duration.nanoseconds
    if nanoseconds % 1_000 != 0 { return "\(nanoseconds)ns" }
    if nanoseconds.magnitude < 1_000_000, nanoseconds != 0 { return "\(nanoseconds / 1_000)us" }
    if nanoseconds.magnitude < 1_000_000_000 { return trimmed(nanoseconds, 1_000_000) + "ms" }
    return trimmed(nanoseconds, 1_000_000_000) + "s"
  }

  private static func trimmed(_ nanoseconds: Int64, _ unit: Int64) -> String {
    var text = decimal(nanoseconds, unit: unit, place: 1)
    while text.hasSuffix("0"), text.contains(".") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// `nanoseconds` in `unit`, rounded half up to `place` (both powers of ten, in nanoseconds).
  private static func decimal(_ nanoseconds: Int64, unit: Int64, place: Int64) -> String {
    let sign = nanoseconds < 0 ? "-" : ""
    let step = min(place, unit)
    let size = min(Int64(clamping: nanoseconds.magnitude), .max / 2)
    let rounded = (size + step / 2) / step * step
    let whole = rounded / unit
    var digits = ""
    var scale = unit
    while scale > step {
      scale /= 10
      digits.append(String(rounded % (scale * 10) / scale))
    }
    return digits.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(digits)"
  }
}
