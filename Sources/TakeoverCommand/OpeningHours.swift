// When a site may be broken: its windows on a real calendar, with summer time and leap days.

package import Foundation
package import TakeoverModel

package struct OpeningHours: Sendable {
  /// How far ahead is looked: more than a week, so that every window is met.
  private static let horizon = 9

  private let site: String
  private let windows: [TimeWindow]
  private let timezone: String
  private let calendar: Calendar

  /// A site without windows is always open.
  package init(of site: Site) {
    self.site = site.name
    windows = site.windows
    timezone = site.timezone
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: site.timezone) ?? .gmt
    self.calendar = calendar
  }

  /// Why nothing may begin at `date` that may last for `length`; nil: it may. `what` names it:
  /// `"crash"`; nil stands for the run itself.
  package func refusal(of what: String?, lasting length: Duration, at date: Date) -> String? {
    guard !windows.isEmpty else { return nil }
    let stretches = stretches(around: date)
    guard let open = stretches.first(where: { $0.start <= date && date < $0.end }) else {
      return "outside the windows of \(words): \(next(in: stretches, after: date))"
    }
    let seconds = Double(length.nanoseconds) / 1e9
    guard let what, date.addingTimeInterval(seconds) > open.end else { return nil }
    let left = open.end.timeIntervalSince(date)
    return "\(what) may take \(Self.spelled(seconds, up: true)), and the window of \(words) closes "
      + "in \(Self.spelled(left, up: false)): \(next(in: stretches, after: open.end, from: date))"
  }

  /// `my-pair (22:00-06:00; Sat,Sun 00:00-24:00 Europe/Berlin)`
  private var words: String {
    "\(site) (\(windows.map(\.description).joined(separator: "; ")) \(timezone))"
  }

  private func next(
    in stretches: [DateInterval], after: Date, from now: Date? = nil
  ) -> String {
    guard let next = stretches.first(where: { $0.start > after }) else { return "none opens" }
    let wait = next.start.timeIntervalSince(now ?? after)
    return "the next opens in \(Self.spelled(wait, up: true))"
  }

  /// When it is open, from yesterday on, in order; windows that touch are one.
  private func stretches(around date: Date) -> [DateInterval] {
    let today = calendar.startOfDay(for: date)
    var all: [DateInterval] = []
    for offset in -1...Self.horizon {
      guard let day = calendar.date(byAdding: .day, value: offset, to: today) else { continue }
      // Foundation counts Sunday as 1.
      let weekday = (calendar.component(.weekday, from: day) + 5) % 7
      for window in windows where window.days.contains(weekday) {
        let overnight = window.isOvernight ? TimeWindow.minutesOfDay : 0
        guard let opens = moment(window.opens, of: day),
          let closes = moment(window.closes + overnight, of: day), opens < closes
        else { continue }
        all.append(DateInterval(start: opens, end: closes))
      }
    }
    return all.sorted().reduce(into: []) { merged, next in
      if let last = merged.last, next.start <= last.end {
        merged[merged.count - 1] = DateInterval(start: last.start, end: max(last.end, next.end))
      } else {
        merged.append(next)
      }
    }
  }

  /// The wall clock's minute of the day, also of the day after; where the clocks skip it, the
  /// minute that comes instead.
  private func moment(_ minutes: Int, of day: Date) -> Date? {
    var parts = calendar.dateComponents([.year, .month, .day], from: day)
    parts.day = (parts.day ?? 1) + minutes / TimeWindow.minutesOfDay
    parts.hour = minutes % TimeWindow.minutesOfDay / 60
    parts.minute = minutes % 60
    return calendar.date(from: parts)
  }

  /// `3 h 12 min`, `12 min`, `40 s`: rounded so that nobody comes too early or stays too long.
  private static func spelled(_ seconds: Double, up: Bool) -> String {
    let rule: FloatingPointRoundingRule = up ? .up : .down
    if seconds < 60 { return "\(Int(max(seconds, 0).rounded(rule))) s" }
    guard seconds < 1e9 else { return "years" }
    let minutes = Int((seconds / 60).rounded(rule))
    if minutes < 60 { return "\(minutes) min" }
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
