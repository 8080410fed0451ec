// When a site may be broken, on real calendars: nights, weekends, summer time.

internal import Foundation
internal import TakeoverCommand
internal import TakeoverModel
internal import Testing

@Suite struct `Opening hours` {
  private static func hours(_ windows: [String], _ timezone: String = "UTC") -> OpeningHours {
    OpeningHours(
      of: Site(
        name: "shop", environment: .production, nodes: [], addresses: [],
        windows: windows.compactMap { TimeWindow($0) }, timezone: timezone))
  }

  private static func date(_ text: String) throws -> Date {
    try Date(text, strategy: .iso8601)
  }

  private static func atStart(
    _ windows: [String], _ timezone: String, _ text: String
  ) throws -> String? {
    hours(windows, timezone).refusal(of: nil, lasting: .zero, at: try date(text))
  }

  @Test func `a site without windows is always open`() throws {
    #expect(try Self.atStart([], "UTC", "2026-11-23T12:00:00Z") == nil)
    let trial = Self.hours([]).refusal(
      of: "it", lasting: .seconds(999_999_999), at: try Self.date("2026-11-23T12:00:00Z"))
    #expect(trial == nil)
  }

  @Test func `outside it says whose windows they are and when the next opens`() throws {
    // Winter: Berlin is an hour ahead.
    #expect(
      try Self.atStart(["22:00-06:00"], "Europe/Berlin", "2026-11-23T17:48:00Z")
        == "outside the windows of shop (22:00-06:00 Europe/Berlin): the next opens in 3 h 12 min")
  }

  @Test(arguments: [
    ("2026-11-23T20:59:59Z", false), ("2026-11-23T21:00:00Z", true),
    ("2026-11-24T00:30:00Z", true), ("2026-11-24T04:59:59Z", true),
    ("2026-11-24T05:00:00Z", false),
  ])
  func `a night begins in the evening and goes on after midnight`(text: String, isOpen: Bool) throws
  {
    #expect((try Self.atStart(["22:00-06:00"], "Europe/Berlin", text) == nil) == isOpen)
  }

  @Test(arguments: [
    // Friday, Saturday, Sunday, Monday. The days are those on which a window opens.
    ("2026-11-27T23:30:00Z", true), ("2026-11-28T01:30:00Z", true),
    ("2026-11-28T23:30:00Z", false), ("2026-11-29T01:30:00Z", false),
  ])
  func `the days are those on which it opens`(text: String, isOpen: Bool) throws {
    #expect((try Self.atStart(["Fri 22:00-06:00"], "UTC", text) == nil) == isOpen)
  }

  @Test func `a trial does not begin when it would end outside`() throws {
    let hours = Self.hours(["22:00-06:00"])
    let date = try Self.date("2026-11-23T05:59:20Z")
    #expect(hours.refusal(of: "\"crash\"", lasting: .seconds(40), at: date) == nil)
    #expect(
      hours.refusal(of: "\"crash\"", lasting: .milliseconds(40_001), at: date)
        == "\"crash\" may take 41 s, and the window of shop (22:00-06:00 UTC) closes in 40 s: "
        + "the next opens in 16 h 1 min")
  }

  @Test func `windows that touch are one, and a trial may go over their seam`() throws {
    let hours = Self.hours(["Sat,Sun 00:00-24:00"])
    let seam = try Self.date("2026-11-28T23:59:59Z")
    #expect(hours.refusal(of: "it", lasting: .seconds(3_600), at: seam) == nil)
    let end = try Self.date("2026-11-29T23:59:59Z")
    #expect(hours.refusal(of: "it", lasting: .seconds(3_600), at: end) != nil)
    let always = Self.hours(["00:00-24:00"])
    #expect(always.refusal(of: "it", lasting: .seconds(3 * 86_400), at: end) == nil)
  }

  @Test func `a week may pass until the next`() throws {
    #expect(
      try Self.atStart(["Mon 01:00-02:00"], "UTC", "2026-11-23T02:00:00Z")
        == "outside the windows of shop (Mon 01:00-02:00 UTC): the next opens in 167 h")
  }

  @Test func `the day on which the clocks go forward is an hour shorter, back an hour longer`()
    throws
  {
    let open = { (from: String) in
      Self.hours(["22:00-06:00"], "Europe/Berlin").refusal(
        of: "it", lasting: .seconds(8 * 3_600), at: try Self.date(from))
    }
    // 28 to 29 March 2026: 21:00Z to 04:00Z is seven hours; 24 to 25 October: nine.
    #expect(try open("2026-03-28T21:00:00Z")?.contains("closes in 7 h:") == true)
    #expect(try open("2026-10-24T20:00:00Z") == nil)
    #expect(try open("2026-10-24T21:00:00Z") == nil)
    #expect(try open("2026-10-24T21:00:01Z")?.contains("closes in 7 h 59 min") == true)
  }

  @Test func `a window within the hour that the clocks skip is open in the one after it`() throws {
    let windows = ["02:15-02:45"]
    #expect(try Self.atStart(windows, "Europe/Berlin", "2026-03-29T01:20:00Z") == nil)
    #expect(try Self.atStart(windows, "Europe/Berlin", "2026-03-29T00:50:00Z") != nil)
  }
}
