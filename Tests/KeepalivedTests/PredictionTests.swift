// VRRP's arithmetic of each blow, by hand beside by the program (FIELD: RFC 3768 and RFC 9568, 6.1).

import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `A prediction` {
  static let check = Speaker.Check(
    "service", program: "/etc/check", interval: .seconds(2), timeout: .milliseconds(500), fall: 3,
    priorityLeft: nil)

  private func pair(
    _ edit: (inout Speaker, inout Speaker) -> Void = { _, _ in }
  ) -> Prediction { .pair(edit) }

  private static let fast: @Sendable (inout Speaker, inout Speaker) -> Void = { a, b in
    (a.version, b.version) = (3, 3)
    (a.interval, b.interval) = (.milliseconds(100), .milliseconds(100))
  }

  @Test func `a crash takes the master-down interval, from the last advertisement`() throws {
    let crash = try pair().promise(of: .silence(.kept), striking: .holder)
    #expect(crash.taker == "b")
    #expect(crash.origin == .lastAdvertisement)
    #expect(crash.wait == Elapsed(exactly: .microseconds(3_687_500)))
    #expect(
      crash.afterBlow
        == Elapsed(atLeast: .microseconds(2_687_500), atMost: .microseconds(3_687_500)))
    #expect(crash.formula == "3 · 1s + (256 − 80)/256 · 1s")
    #expect(crash.meanwhile == .both)
    #expect(crash.point == .nanoseconds(3_906_250))
  }

  @Test func `at version 3 the skew is a part of the master's interval`() throws {
    let crash = try pair(Self.fast).promise(of: .silence(.gone), striking: .holder)
    #expect(crash.wait == Elapsed(exactly: .microseconds(368_750)))
    #expect(crash.meanwhile == .nobody)
    let adopted = pair { a, b in
      Self.fast(&a, &b)
      b.interval = .seconds(1)
      b.downAdverts = 5
    }
    #expect(
      try adopted.promise(of: .silence(.gone), striking: .holder).wait
        == Elapsed(exactly: .microseconds(568_750)))
  }

  @Test func `after a goodbye it is the skew alone, and the other node's priority is told apart`()
    throws
  {
    let stop = try pair().promise(of: .goodbye, striking: .holder)
    #expect(stop.wait == Elapsed(exactly: .microseconds(687_500)))
    #expect(stop.others.map(\.wait.atLeast) == [.microseconds(609_375), .microseconds(3_687_500)])
  }

  @Test func `nobody goes back with nopreempt, the stronger does without, the weaker never does`()
    throws
  {
    #expect(try pair().promise(of: .goodbye, striking: .holder).returns == false)
    let stronger = pair { a, _ in a.preempts = true }
    let back = try stronger.promise(of: .goodbye, striking: .holder)
    #expect(back.returns == true)
    #expect(back.returnWait?.atMost == .microseconds(3_609_375) + .seconds(5))
    let weaker = pair { a, _ in (a.preempts, a.priority) = (true, 50) }
    #expect(try weaker.promise(of: .goodbye, striking: .holder).returns == false)
    let equal = pair { a, _ in a.priority = 80 }
    #expect(try equal.promise(of: .goodbye, striking: .holder).returns == nil)
  }

  @Test func `who was only frozen or cut off meets the other one as a master`() throws {
    #expect(try pair().promise(of: .silence(.frozen), striking: .holder).returns == true)
    #expect(try pair().promise(of: .unheard, striking: .holder).returns == true)
    let weaker = pair { a, _ in a.priority = 50 }
    #expect(try weaker.promise(of: .silence(.frozen), striking: .holder).returns == false)
  }

  @Test func `a node that starts anew promises no time for its return`() throws {
    let stronger = pair { a, _ in a.preempts = true }
    #expect(try stronger.promise(of: .silence(.off), striking: .holder).returns == nil)
    #expect(try pair().promise(of: .silence(.off), striking: .holder).returns == false)
  }

  @Test func `a failing check is noticed after its runs, and then the node says goodbye`() throws {
    let failing = try pair().promise(of: .checkFails("/etc/check"), striking: .holder)
    #expect(failing.origin == .blow)
    // The first of them may have been on its way when the blow fell.
    #expect(failing.wait.atLeast == .milliseconds(3980) + .microseconds(687_500))
    #expect(failing.wait.atMost == .seconds(7) + .milliseconds(200) + .microseconds(687_500))
    let hanging = try pair().promise(of: .checkHangs("/etc/check"), striking: .holder)
    #expect(hanging.wait.atLeast == .milliseconds(4480) + .microseconds(687_500))
  }

  @Test func `a weight hands over only below the other's priority, and only to one that preempts`()
    throws
  {
    func left(_ priority: Int, preempts: Bool) throws -> Forecast.Promise {
      try pair { a, b in
        a.checks[0].priorityLeft = priority
        b.preempts = preempts
      }.promise(of: .checkFails("/etc/check"), striking: .holder)
    }
    #expect(try left(90, preempts: true).taker == nil)
    #expect(try left(70, preempts: false).taker == nil)
    let handed = try left(70, preempts: true)
    #expect(handed.taker == "b")
    #expect(handed.meanwhile == .holder)
    #expect(handed.wait.atLeast == .milliseconds(3980) + .microseconds(3_687_500))
  }

  @Test func `a check that nobody runs changes nothing`() throws {
    let other = try pair().promise(of: .checkFails("/etc/other"), striking: .holder)
    #expect(other.taker == nil)
    #expect(other.formula.contains("/etc/other"))
  }

  @Test(arguments: [Consequence.goodbye, .silence(.gone), .unheard, .nothing])
  func `a blow at the standby leaves the holder where it is`(_ consequence: Consequence) throws {
    #expect(try pair().promise(of: consequence, striking: .standby).taker == nil)
    #expect(try pair().promise(of: consequence, striking: .node("b")).taker == nil)
  }

  @Test func `a deaf standby takes over beside the holder`() throws {
    let deaf = try pair().promise(of: .deaf, striking: .standby)
    #expect(deaf.taker == "b")
    #expect(deaf.origin == .lastHeard)
    #expect(deaf.meanwhile == .both)
    #expect(deaf.wait == Elapsed(exactly: .nanoseconds(3_687_500_000)))
    #expect(try pair().promise(of: .deaf, striking: .holder).taker == nil)
  }

  @Test func `a standby with two instances, deafened, counts from the blow`() throws {
    let deaf = try pair { a, b in (a.instances, b.instances) = (2, 2) }
      .promise(of: .deaf, striking: .standby)
    #expect(deaf.origin == .blow)
    #expect(
      deaf.wait
        == Elapsed(atLeast: .nanoseconds(2_687_500_000), atMost: .nanoseconds(3_687_500_000)))
  }
}

extension Prediction {
  /// a of priority 100 holds, b of priority 80 stands by; VRRPv2, A = 1 s, nopreempt.
  static func pair(
    reread: [Rereading: [String: Reread]] = [:],
    _ edit: (inout Speaker, inout Speaker) -> Void = { _, _ in }
  ) -> Prediction {
    var a = Speaker(
      node: "a", version: 2, interval: .seconds(1), priority: 100, preempts: false,
      checks: [`A prediction`.check])
    var b = Speaker(
      node: "b", version: 2, interval: .seconds(1), priority: 80, preempts: false)
    (a.interface, b.interface) = ("eth0", "eth0")
    edit(&a, &b)
    return Prediction(holder: a, standby: b, reread: reread)
  }

  /// Throws where nothing is promised.
  func promise(
    of consequence: Consequence, striking target: Target, for hold: Duration? = nil
  ) throws -> Forecast.Promise {
    try #require(outlook(of: consequence, striking: target, for: hold).promise)
  }

  /// Why nothing is promised; nil: something is.
  func silence(
    of consequence: Consequence, striking target: Target, for hold: Duration? = nil
  ) -> String? {
    outlook(of: consequence, striking: target, for: hold).silence
  }
}

extension Forecast.Outlook {
  var silence: String? { if case .silent(let reason) = self { reason } else { nil } }
}
