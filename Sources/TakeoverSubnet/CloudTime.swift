// Times as the control plane writes them.

internal import FoundationEssentials

enum CloudTime {
  /// What stands where nothing has happened yet.
  static let never = "0000-00-00 00:00:00"

  /// UTC; `nanoseconds` since 1970.
  static func text(_ nanoseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000_000))
    let text = date.formatted(Date.ISO8601FormatStyle(timeZone: .gmt))
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  static func day(ofSeconds seconds: Int64) -> String {
    String(text(seconds &* 1_000_000_000).prefix(10))
  }
}
