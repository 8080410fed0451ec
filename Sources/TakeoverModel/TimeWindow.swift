// A part of the week in which runs may go on, as a site's file says it: pure, by the wall clock.

/// `22:00-06:00`, `Sat,Sun 00:00-24:00`, `Mon-Fri 01:30-05:00`.
package struct TimeWindow: Hashable, Sendable {
  /// In the order of the week; Monday is 0 (ISO 8601).
  package static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  package static let minutesOfDay = 1_440

  /// The days on which it opens, sorted; never empty.
  package let days: [Int]
  /// Minutes since midnight, 0…1439.
  package let opens: Int
  /// Minutes since midnight, 1…1440; not after `opens`: on the next day.
  package let closes: Int

  /// nil: not a window. A window that closes when it opens is none: nobody knows whether it is
  /// meant to be empty or a whole day.
  package init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard (1...2).contains(words.count), let times = words.last,
      let days = words.count == 2 ? Self.days(words[0]) : Array(Self.dayNames.indices)
    else { return nil }
    let bounds = times.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
    guard bounds.count == 2, let opens = bounds[0], let closes = bounds[1],
      opens < Self.minutesOfDay, opens != closes
    else { return nil }
    self.days = days
    self.opens = opens
    self.closes = closes == 0 ? Self.minutesOfDay : closes
  }

  package var isOvernight: Bool { closes <= opens }

  /// `Mon-Wed,Sat`
  private static func days(_ text: Substring) -> [Int]? {
    var days: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { dayNames.firstIndex(of: String($0)) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1]
      else { return nil }
      var day = first
      days.insert(day)
      while day != last {
        day = (day + 1) % dayNames.count
        days.insert(day)
      }
    }
    return days.sorted()
  }

  /// `HH:MM`, 00:00 to 24:00.
  private static func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60
    else { return nil }
    let minutes = hour * 60 + minute
    return minutes <= minutesOfDay ? minutes : nil
  }

  /// The longest time without a break that these windows give in a week without a change of clocks;
  /// nil: no end.
  package static func longest(of windows: [TimeWindow]) -> Duration? {
    let week = dayNames.count * minutesOfDay
    var isOpen = [Bool](repeating: windows.isEmpty, count: week)
    for window in windows {
      let length = window.closes - window.opens + (window.isOvernight ? minutesOfDay : 0)
      for day in window.days {
        for minute in 0..<length {
          isOpen[(day * minutesOfDay + window.opens + minute) % week] = true
        }
      }
    }
    guard let shut = isOpen.firstIndex(of: false) else { return nil }
    var longest = 0
    var length = 0
    for minute in 0..<week {
      length = isOpen[(shut + minute) % week] ? length + 1 : 0
      longest = max(longest, length)
    }
    return .seconds(longest * 60)
  }
}

extension TimeWindow: CustomStringConvertible {
  /// As a file says it; days in a row as `Mon-Fri`.
  package var description: String {
    func time(_ minutes: Int) -> String {
      [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
    let times = "\(time(opens))-\(time(closes))"
    guard days.count < Self.dayNames.count else { return times }
    var runs: [[Int]] = []
    for day in days {
      if let last = runs.last?.last, last == day - 1 {
        runs[runs.count - 1].append(day)
      } else {
        runs.append([day])
      }
    }
    let words = runs.flatMap { run -> [String] in
      let names = run.map { Self.dayNames[$0] }
      return names.count > 2 ? ["\(names[0])-\(names[names.count - 1])"] : names
    }
    return "\(words.joined(separator: ",")) \(times)"
  }
}

extension TimeWindow: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let window = TimeWindow(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a window")
    }
    self = window
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
