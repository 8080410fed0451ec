// Another machine's stamps on the run's axis, from round trips made by hand.

import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `The clock bracket` {
  private static let origin: Int64 = 1_700_000_000_000_000_000
  private static let second: Int64 = 1_000_000_000

  /// A clock that is `offset` ahead of the axis and runs `drift` parts per million too fast.
  private struct Other {
    var offset: Int64
    var drift: Int64 = 0

    func stamp(at moment: Int64) -> Int64 {
      origin + moment + offset + moment / 1_000_000 * drift
    }

    /// Read `after` nanoseconds into a round trip of `length`.
    func sample(at moment: Int64, length: Int64 = 200_000, after: Int64) -> ClockBracket.Sample {
      ClockBracket.Sample(
        sent: Moment(nanoseconds: moment), node: stamp(at: moment + after),
        received: Moment(nanoseconds: moment + length))
    }
  }

  @Test(
    arguments: [7_300_000_000, -7_200_000_000_000, 0] as [Int64], [0, 60_000, 200_000] as [Int64])
  func `the true instant lies in the interval, which is as wide as the shortest round trip`(
    offset: Int64, after: Int64
  ) throws {
    let other = Other(offset: offset)
    var bracket = ClockBracket(drift: 0)
    bracket.add(other.sample(at: 0, length: 900_000, after: 700_000))
    bracket.add(other.sample(at: Self.second, after: after))
    let truth = Self.second / 2
    let placed = try #require(bracket.when(other.stamp(at: truth)))
    #expect(placed.isConsistent)
    #expect(placed.when.contains(Moment(nanoseconds: truth)))
    #expect(placed.when.width <= .nanoseconds(200_001))
  }

  @Test(arguments: [-400, 400] as [Int64])
  func `a clock that drifts is followed, and the bound grows away from the readings`(
    drift: Int64
  ) throws {
    let other = Other(offset: 7_300_000_000, drift: drift)
    var bracket = ClockBracket()
    for number in Int64(0)...10 {
      bracket.add(other.sample(at: number * Self.second, after: 50_000))
    }
    for truth in stride(from: Int64(0), through: 12 * Self.second, by: 77_777_777) {
      let placed = try #require(bracket.when(other.stamp(at: truth)))
      #expect(placed.isConsistent)
      #expect(placed.when.contains(Moment(nanoseconds: truth)), "at \(truth)")
      // Within: half a second to the next reading at 500 ppm, to either side, and the round trip.
      if truth < 10 * Self.second { #expect(placed.when.width < .microseconds(750)) }
    }
    let late = try #require(bracket.when(other.stamp(at: 12 * Self.second)))
    #expect(late.when.width > .milliseconds(1))
  }

  @Test(arguments: [-200, 200] as [Int64], [7_300_000_000, -7_200_000_000_000] as [Int64])
  func `a clock two hours off and drifting is placed as well as one that is right`(
    drift: Int64, offset: Int64
  ) throws {
    let other = Other(offset: offset, drift: drift)
    var bracket = ClockBracket()
    for number in Int64(0)...40 {
      bracket.add(other.sample(at: number * Self.second / 4, length: 120_000, after: 70_000))
    }
    for truth in stride(from: Int64(0), through: 10 * Self.second, by: 33_333_333) {
      let placed = try #require(bracket.when(other.stamp(at: truth)))
      #expect(placed.isConsistent)
      #expect(placed.when.contains(Moment(nanoseconds: truth)), "at \(truth)")
      #expect(placed.when.width <= .microseconds(120 + 125))
    }
  }

  @Test func `a clock that shows whole microseconds only is known to a microsecond less`() throws {
    var bracket = ClockBracket(drift: 0)
    bracket.add(
      ClockBracket.Sample(
        sent: Moment(nanoseconds: 0), node: 5_000, received: Moment(nanoseconds: 100),
        resolution: 1_000))
    let placed = try #require(bracket.when(5_000))
    #expect(placed.when == Interval(Moment(nanoseconds: -1_000), Moment(nanoseconds: 100)))
  }

  @Test(arguments: [2_000_000_000, -2_000_000_000, 3_000_000] as [Int64])
  func `a clock that was set is told, and stamps on either side are placed all the same`(
    step: Int64
  ) throws {
    var bracket = ClockBracket()
    let before = Other(offset: 7_300_000_000)
    let after = Other(offset: 7_300_000_000 + step)
    for number in Int64(0)...20 {
      bracket.add(
        (number < 10 ? before : after).sample(at: number * Self.second / 4, after: 50_000))
    }
    #expect(bracket.steps == 1)
    // The step lies between 2.25 s and 2.5 s. Set back, the clock shows some times twice.
    for truth in stride(from: Int64(0), through: 5 * Self.second, by: 33_333_333) {
      for other in [before, after] where (other.offset == before.offset) == (truth < 2_400_000_000)
      {
        let placed = try #require(bracket.when(other.stamp(at: truth)))
        #expect(placed.when.contains(Moment(nanoseconds: truth)), "at \(truth)")
        if placed.isConsistent { #expect(placed.when.width < .milliseconds(1), "at \(truth)") }
        if abs(truth - 2_400_000_000) > 2_400_000_000 - 10_000_000 {
          #expect(placed.isConsistent, "at \(truth)")
        }
      }
    }
    let shownTwice = try #require(bracket.when(before.stamp(at: 2_300_000_000)))
    #expect(shownTwice.isConsistent == (step > Self.second))
  }

  @Test func `without a reading nothing is known, and one that contradicts itself is none`() {
    var bracket = ClockBracket()
    bracket.add(
      ClockBracket.Sample(
        sent: Moment(nanoseconds: 9), node: 0, received: Moment(nanoseconds: 8)))
    #expect(bracket.when(0) == nil)
    #expect(!bracket.isBracketed(0))
  }

  @Test func `no reading traps`() throws {
    let odd: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    for sent in odd {
      for node in odd {
        for stamp in odd {
          var bracket = ClockBracket(drift: .max)
          bracket.add(
            ClockBracket.Sample(
              sent: Moment(nanoseconds: sent), node: node, received: Moment(nanoseconds: .max),
              resolution: .max))
          _ = try #require(bracket.when(stamp))
        }
      }
    }
  }

  @Test func `a reading is seconds with a fraction of known worth`() throws {
    let text = try #require(NodeClock.reading("1700000000.123456\n"))
    #expect(text == (1_700_000_000_123_456_000, 1_000))
    #expect(
      try #require(NodeClock.reading("1700000000,123456789")) == (1_700_000_000_123_456_789, 1))
    for bad in ["", "1700000000", "1700000000.N", "1.2.3", "-1.5", "99999999999.1", "1.0123456789"]
    {
      #expect(NodeClock.reading(bad) == nil, "\(bad)")
    }
  }
}
