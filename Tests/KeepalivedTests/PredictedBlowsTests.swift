// Blows that strike a part of a node, both nodes, or neither; blows that overlap, and that are healed in
// time.

import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `A prediction of other blows` {
  private typealias Blow = Prediction.Blow

  private static let preempting: @Sendable (inout Speaker, inout Speaker) -> Void = { a, b in
    (a.preempts, b.preempts) = (true, true)
  }

  // MARK: - A part of a node

  @Test func `a pair that is cut apart has two holders, whichever node is cut off`() throws {
    let cut = try Prediction.pair().promise(of: .cutOff, striking: .holder)
    #expect(cut.taker == "b")
    #expect(cut.meanwhile == .both)
    let other = try Prediction.pair().promise(of: .cutOff, striking: .standby)
    #expect(other.taker == "b")
    #expect(other.origin == .lastHeard)
    // Whom nobody hears is not missed at the standby.
    #expect(try Prediction.pair().promise(of: .unheard, striking: .standby).taker == nil)
  }

  @Test func `a link is the instance's own, or a tracked one, or nobody's`() throws {
    func pair(_ left: Int?) -> Prediction {
      .pair { a, b in
        b.preempts = true
        a.links = [.init("eth1", priorityLeft: left)]
      }
    }
    let own = try pair(nil).promise(of: .linkDown(nil), striking: .holder)
    #expect(own.wait == Elapsed(exactly: .microseconds(3_687_500)))
    #expect(own.meanwhile == .nobody)
    #expect(try pair(nil).promise(of: .linkDown("eth0"), striking: .holder) == own)
    let tracked = try pair(nil).promise(of: .linkDown("eth1"), striking: .holder)
    #expect(tracked.wait == Elapsed(exactly: .microseconds(687_500)))
    let weighted = try pair(70).promise(of: .linkDown("eth1"), striking: .holder)
    #expect(weighted.wait.atLeast == .microseconds(3_687_500))
    #expect(weighted.meanwhile == .holder)
    #expect(try pair(90).promise(of: .linkDown("eth1"), striking: .holder).taker == nil)
    #expect(try pair(nil).promise(of: .linkDown("eth7"), striking: .holder).taker == nil)
  }

  @Test func `who does not track its link goes on as a master behind it`() throws {
    let blind = Prediction.pair { a, _ in a.tracksInterface = false }
    #expect(try blind.promise(of: .linkDown(nil), striking: .holder).returns == true)
    #expect(try Prediction.pair().promise(of: .linkDown(nil), striking: .holder).returns == false)
  }

  @Test func `a link that flaps makes the holder a backup, and the standby is first`() throws {
    let half = Duration.seconds(1)
    let flap = try Prediction.pair().promise(of: .linkFlaps(nil, down: half), striking: .holder)
    #expect(flap.wait == Elapsed(exactly: .microseconds(3_687_500)))
    #expect(flap.returns == false)
    #expect(
      Prediction.pair().silence(of: .linkFlaps(nil, down: .milliseconds(70)), striking: .holder)
        != nil)
    let blind = Prediction.pair { a, _ in a.tracksInterface = false }
    #expect(try blind.promise(of: .linkFlaps(nil, down: half), striking: .holder).taker == nil)
    #expect(
      try blind.promise(of: .linkFlaps(nil, down: .seconds(4)), striking: .holder).taker == "b")
    #expect(blind.silence(of: .linkFlaps(nil, down: .seconds(3)), striking: .holder) != nil)
  }

  @Test func `an address that is taken away is back after the stronger node's skew`() throws {
    let strong = try Prediction.pair().promise(of: .addressesGone, striking: .holder)
    #expect(strong.taker == nil)
    #expect(strong.lapse == .microseconds(609_375) + .seconds(1))
    let weak = try Prediction.pair { a, _ in a.priority = 50 }
      .promise(of: .addressesGone, striking: .holder)
    #expect(weak.taker == "b")
    #expect(weak.wait == Elapsed(exactly: .microseconds(687_500)))
    let even = Prediction.pair { a, _ in a.priority = 80 }
    #expect(even.silence(of: .addressesGone, striking: .holder)?.contains("skews") == true)
    let old = Prediction.pair { a, _ in a.daemon = .bullseye }
    #expect(old.silence(of: .addressesGone, striking: .holder)?.contains("2.1.5") == true)
  }

  @Test func `a delay means something only where it reaches the master-down interval`() throws {
    func late(_ least: Int, _ most: Int) -> Forecast.Outlook {
      Prediction.pair().outlook(
        of: .late(.init(from: .milliseconds(least), to: .milliseconds(most))), striking: .holder)
    }
    #expect(try #require(late(100, 2_600).promise).taker == nil)
    #expect(late(100, 2_700).silence != nil)
    #expect(try #require(late(3_700, 3_800).promise).taker == "b")
  }

  @Test func `what lies beside VRRP is noticed by what a node tracks, or by nobody`() throws {
    let beside = Consequence.beside("the service haproxy")
    #expect(try Prediction.pair().promise(of: beside, striking: .holder).taker == nil)
    let watching = Prediction.pair { a, _ in a.watched = ["check_haproxy"] }
    #expect(
      watching.silence(of: beside, striking: .holder)
        == "whether check_haproxy of a notices the service haproxy is not known")
    let other = Consequence.along("eth1", .unheard)
    #expect(try Prediction.pair().promise(of: other, striking: .holder).taker == nil)
    #expect(
      try Prediction.pair().promise(of: .along("eth0", .unheard), striking: .holder).taker == "b")
  }

  @Test func `a clock that is a tenth off loses no advertisement, unless one alone may be missing`()
    throws
  {
    #expect(try Prediction.pair().promise(of: .paced(100_000), striking: .holder).taker == nil)
    let hasty = Prediction.pair { _, b in b.downAdverts = 1 }
    #expect(hasty.silence(of: .paced(-100_000), striking: .holder) != nil)
  }

  @Test func `an unknown meaning is said as it is, and so is what is not VRRP's`() {
    #expect(Prediction.pair().silence(of: .open("of chance"), striking: .holder) == "of chance")
    for target in [Target.standby, .both, .machine, .node("client")] {
      #expect(
        Prediction.pair().silence(of: .claims, striking: target)?.contains("VRRP does not hear")
          == true)
    }
    #expect(Prediction.pair().outlook(of: .claims, striking: .holder).promise?.taker == nil)
  }

  // MARK: - Both nodes

  @Test func `where both leave, nobody holds until the healing, and then the stronger`() throws {
    let stop = try Prediction.pair(Self.preempting).promise(of: .goodbye, striking: .both)
    #expect(stop.taker == nil)
    #expect(stop.meanwhile == .nobody)
    #expect(stop.returns == true)
    #expect(try Prediction.pair().promise(of: .goodbye, striking: .both).returns == nil)
    // A kernel goes on answering when its daemon is dead.
    #expect(
      try Prediction.pair().promise(of: .silence(.kept), striking: .both).meanwhile == .holder)
    #expect(
      try Prediction.pair().promise(of: .silence(.gone), striking: .both).meanwhile == .nobody)
    #expect(try Prediction.pair().promise(of: .nothing, striking: .both).taker == nil)
    #expect(try Prediction.pair().promise(of: .deaf, striking: .both).taker == "b")
    #expect(Prediction.pair().silence(of: .checkFails("/etc/check"), striking: .both) != nil)
  }

  // MARK: - Several blows

  /// The marks do not tell which blow the last advertisement came before.
  @Test func `a standby that is deafened by a later blow counts from the first`() throws {
    let nothing = Blow("exec", .nothing, at: .standby)
    let deaf = Blow("drop-traffic", .deaf, at: .standby, after: .seconds(2))
    let late = try #require(Prediction.pair().outlook(of: [nothing, deaf]).promise)
    #expect(late.origin == .blow)
    #expect(
      late.wait
        == Elapsed(atLeast: .nanoseconds(4_687_500_000), atMost: .nanoseconds(5_687_500_000)))
    #expect(late.point == nil)
    #expect(late.others.isEmpty)
  }

  @Test func `a blow that means nothing does not hide the other`() throws {
    let stop = Blow("stop-service", .goodbye, at: .holder)
    let alone = try #require(Prediction.pair().outlook(of: [stop]).promise)
    let quiet = Blow("drop-announcements", .nothing, at: .standby, after: .seconds(1))
    #expect(Prediction.pair().outlook(of: [stop, quiet]).promise == alone)
    let later = Blow("stop-service", .goodbye, at: .holder, after: .seconds(2))
    let first = Blow("drop-announcements", .nothing, at: .standby)
    let late = try #require(Prediction.pair().outlook(of: [first, later]).promise)
    #expect(late.wait == alone.wait)
    #expect(late.afterBlow == alone.afterBlow.later(by: .seconds(2)))
    #expect(
      Prediction.pair().outlook(of: [stop, Blow("packet-loss", .open("chance"), at: .standby)])
        .silence == "chance")
  }

  @Test func `a goodbye that is dropped is a silence`() throws {
    let lost = Blow("drop-goodbyes", .goodbyesLost(own: true), at: .holder)
    let stop = Blow("stop-service", .goodbye, at: .holder, after: .seconds(1))
    let both = try #require(Prediction.pair().outlook(of: [lost, stop]).promise)
    #expect(both.wait == Elapsed(exactly: .microseconds(3_687_500)))
    #expect(both.meanwhile == .nobody)
    #expect(Prediction.pair().outlook(of: [stop, lost]).silence?.contains("overlap") == true)
    #expect(Prediction.pair().outlook(of: [lost]).promise?.taker == nil)
  }

  @Test func `a standby that is gone before it is due takes nothing over`() throws {
    let kill = Blow("power-off", .silence(.off), at: .holder)
    func gone(after: Duration) -> Forecast.Outlook {
      Prediction.pair().outlook(
        of: [kill, Blow("power-off", .silence(.off), at: .standby, after: after)])
    }
    let both = try #require(gone(after: .seconds(1)).promise)
    #expect(both.taker == nil)
    #expect(both.meanwhile == .nobody)
    #expect(gone(after: .seconds(3)).silence?.contains("overlap") == true)
    let before = Prediction.pair().outlook(
      of: [
        Blow("stop-service", .goodbye, at: .standby),
        Blow("stop-service", .goodbye, at: .holder, after: .seconds(5)),
      ])
    #expect(before.promise?.meanwhile == .nobody)
    #expect(before.promise?.afterBlow.atMost == .seconds(6))
  }

  // MARK: - Healed in time

  @Test func `what is healed before the takeover is due never comes to it`() throws {
    let pair = Prediction.pair()
    #expect(
      try pair.promise(of: .silence(.frozen), striking: .holder, for: .seconds(2)).taker == nil)
    #expect(pair.silence(of: .silence(.frozen), striking: .holder, for: .seconds(3)) != nil)
    #expect(
      try pair.promise(of: .silence(.frozen), striking: .holder, for: .seconds(4)).taker == "b")
    // Whoever has left, or died, is a backup when it is healed.
    #expect(try pair.promise(of: .goodbye, striking: .holder, for: .milliseconds(100)).taker == "b")
    #expect(
      try pair.promise(of: .silence(.kept), striking: .holder, for: .milliseconds(100)).taker == "b"
    )
  }
}
