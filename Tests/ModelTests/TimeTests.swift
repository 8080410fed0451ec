// Time with its uncertainty: intervals, differences, and how they are printed.

internal import TakeoverModel
internal import Testing

@Suite struct `Time` {
  private func interval(_ earliest: Int64, _ latest: Int64) -> Interval {
    Interval(Moment(nanoseconds: earliest), Moment(nanoseconds: latest))
  }

  @Test func `the difference of two intervals carries both uncertainties`() {
    let elapsed = interval(1000, 1100).since(interval(100, 300))
    #expect(elapsed == Elapsed(atLeast: .nanoseconds(700), atMost: .nanoseconds(1000)))
    #expect(elapsed.middle == .nanoseconds(850))
    #expect(elapsed.uncertainty == .nanoseconds(150))
  }

  @Test func `a limit inside the uncertainty is unknown, never pass`() {
    let elapsed = Elapsed(atLeast: .milliseconds(90), atMost: .milliseconds(110))
    #expect(elapsed.outcome(within: .milliseconds(89)) == .fail)
    #expect(elapsed.outcome(within: .milliseconds(90)) == .unknown)
    #expect(elapsed.outcome(within: .milliseconds(100)) == .unknown)
    #expect(elapsed.outcome(within: .milliseconds(110)) == .pass)
    #expect(elapsed.outcome(notBefore: .milliseconds(90)) == .pass)
    #expect(elapsed.outcome(notBefore: .milliseconds(91)) == .unknown)
    #expect(elapsed.outcome(notBefore: .milliseconds(111)) == .fail)
  }

  @Test func `the worst outcome counts, and nothing is unknown`() {
    #expect(Outcome.worst([]) == .unknown)
    #expect(Outcome.worst([.pass, .pass]) == .pass)
    #expect(Outcome.worst([.pass, .unknown]) == .unknown)
    #expect(Outcome.worst([.unknown, .fail, .pass]) == .fail)
  }

  @Test(arguments: [
    (3_112_400_000, 400_000, "3.1124 s ± 400 µs"),
    (688_123_456, 310_000, "688.1 ms ± 310 µs"),
    (688_123_456, 0, "688.123 ms ± 0 ns"),
    (42_000, 20_000_000, "0 ms ± 20 ms"),
    (-811_900_000, 1_000_000, "-812 ms ± 1.0 ms"),
    (1_000_000_000, 1_500_000_000, "1 s ± 1.5 s"),
  ])
  func `digits end where the uncertainty begins`(value: Int64, bound: Int64, text: String) {
    let elapsed = Elapsed(
      atLeast: .nanoseconds(value - bound), atMost: .nanoseconds(value + bound))
    #expect(elapsed.description == text)
  }

  @Test func `a bound is rounded up, so that it never promises too much`() {
    #expect(TimeText.bound(.nanoseconds(101_001)) == "110 µs")
    #expect(TimeText.bound(.nanoseconds(999_999)) == "1.00 ms")
    #expect(TimeText.bound(.milliseconds(6)) == "6.0 ms")
    #expect(TimeText.bound(.nanoseconds(999)) == "999 ns")
    #expect(TimeText.least(.nanoseconds(2_547_999_999)) == "at least 2.547 s")
  }

  @Test func `what somebody chose is printed as chosen`() {
    #expect(TimeText.chosen(.milliseconds(3800)) == "3.8s")
    #expect(TimeText.chosen(.milliseconds(50)) == "50ms")
    #expect(TimeText.chosen(.microseconds(20)) == "20us")
    #expect(TimeText.chosen(.zero) == "0ms")
  }

  @Test func `nanoseconds saturate instead of trapping`() {
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(Duration.seconds(Int64.min).nanoseconds == .min)
    #expect(Duration.nanoseconds(-1_500_000_001).nanoseconds == -1_500_000_001)
  }
}
