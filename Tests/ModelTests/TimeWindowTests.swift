// Windows of time: what they mean, and that what is written is read back equal.

internal import Foundation
internal import TakeoverModel
internal import Testing

@Suite struct `Windows of time` {
  @Test func `a window has days, an opening and a closing`() throws {
    let night = try #require(TimeWindow("22:00-06:00"))
    #expect(night.days == [0, 1, 2, 3, 4, 5, 6])
    #expect((night.opens, night.closes) == (1_320, 360))
    #expect(night.isOvernight)
    let weekend = try #require(TimeWindow("Sat,Sun 00:00-24:00"))
    #expect(weekend.days == [5, 6])
    #expect((weekend.opens, weekend.closes) == (0, 1_440))
    #expect(!weekend.isOvernight)
    #expect(try #require(TimeWindow("Mon-Fri 01:30-05:00")).days == [0, 1, 2, 3, 4])
    #expect(try #require(TimeWindow("Sat-Mon 01:30-05:00")).days == [0, 5, 6])
    #expect(TimeWindow("22:00-00:00") == TimeWindow("22:00-24:00"))
  }

  @Test(arguments: [
    "", "22-06", "22:00", "22:00-06:0", "24:00-06:00", "22:60-06:00", "22:00-24:01", "06:00-06:00",
    "mon 01:00-02:00", "Mon  01:00-02:00", "Mon, 01:00-02:00", "Mon-Tue-Wed 01:00-02:00",
    "Mon 01:00-02:00 UTC", "-1:00-02:00", "22:00-06:00 ", "٢٢:00-06:00",
  ])
  func `anything else is no window`(text: String) {
    #expect(TimeWindow(text) == nil)
  }

  @Test(arguments: [
    "22:00-06:00", "Sat,Sun 00:00-24:00", "Mon-Fri 01:30-05:00", "Mon-Wed,Fri 00:05-00:10",
    "Tue 23:59-00:01",
  ])
  func `a window is written as it is read`(text: String) throws {
    let window = try #require(TimeWindow(text))
    #expect(window.description == text)
    let bytes = try JSONEncoder().encode([window])
    #expect(try JSONDecoder().decode([TimeWindow].self, from: bytes) == [window])
  }

  @Test func `windows that touch are one, also over the end of the week`() {
    func longest(_ texts: String...) -> Duration? {
      TimeWindow.longest(of: texts.compactMap { TimeWindow($0) })
    }
    #expect(longest("22:00-06:00") == .seconds(8 * 3_600))
    #expect(longest("Sat,Sun 00:00-24:00") == .seconds(48 * 3_600))
    #expect(longest("Sun 20:00-24:00", "Mon 00:00-01:00") == .seconds(5 * 3_600))
    #expect(longest("Mon 01:00-02:00", "Mon 03:00-03:30") == .seconds(3_600))
    #expect(longest("00:00-24:00") == nil, "no end")
    #expect(longest() == nil, "no windows: always open")
  }
}
