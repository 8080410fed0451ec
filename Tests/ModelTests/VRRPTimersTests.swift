// VRRP's timers, by hand beside by the program (RFC 3768 and RFC 9568, 6.1).

import TakeoverModel
import Testing

@Suite struct `VRRP's timers` {
  @Test func `the skew is a part of a second at version 2, of the interval at version 3`() {
    let two = VRRPTimers(version: 2, interval: .seconds(3))
    #expect(two.skew(priority: 100) == .microseconds(609_375))
    #expect(two.silence == .seconds(9))
    let three = VRRPTimers(version: 3, interval: .milliseconds(100), downAdverts: 5)
    #expect(three.skew(priority: 80) == .microseconds(68_750))
    #expect(three.silence == .milliseconds(500))
  }

  @Test func `what is finer than a microsecond is kept`() {
    let timers = VRRPTimers(version: 2, interval: .seconds(1))
    #expect(timers.point == .nanoseconds(3_906_250))
    #expect(timers.skew(priority: 255) == .nanoseconds(3_906_250))
  }

  @Test(arguments: [
    (2, Duration.seconds(1), true), (2, .seconds(255), true), (2, .seconds(256), false),
    (2, .milliseconds(1_500), false), (2, .zero, false), (3, .milliseconds(10), true),
    (3, .milliseconds(40_950), true), (3, .milliseconds(40_960), false),
    (3, .milliseconds(15), false), (3, .nanoseconds(10_000_001), false), (3, .seconds(-1), false),
  ])
  func `an advertisement says whole steps only`(version: Int, interval: Duration, can: Bool) {
    #expect(VRRPTimers.canSay(interval, version: version) == can)
  }
}
