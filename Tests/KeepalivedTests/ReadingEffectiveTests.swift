// What an instance does once defaults, version and strict mode have had their say (keepalived 2.2.7,
// vrrp/vrrp.c, vrrp_complete_instance).

import TakeoverKeepalived
import Testing

@Suite struct `What an instance does` {
  private static let place = Place(file: "x", line: 1, column: 1)

  private func instance(_ change: (inout Instance) -> Void) -> Instance {
    var instance = Instance("VI_1", at: Self.place)
    change(&instance)
    return instance
  }

  private func globals(_ change: (inout Globals) -> Void) -> Globals {
    var globals = Globals()
    change(&globals)
    return globals
  }

  private func placed<Value>(_ value: Value) -> Placed<Value> { Placed(value, at: Self.place) }

  @Test func `the version is the instance's, IPv6's, the global one, or 2`() {
    let three = globals { $0.version = placed(3) }
    #expect(instance { _ in }.version(in: Globals()) == 2)
    #expect(instance { _ in }.version(in: three) == 3)
    #expect(instance { $0.version = placed(2) }.version(in: three) == 2)
    #expect(instance { $0.family = .v6 }.version(in: Globals()) == 3)
    let old = instance {
      $0.family = .v6
      $0.version = placed(2)
    }
    #expect(old.version(in: Globals()) == 2)
    #expect(old.version(in: globals { $0.isStrict = placed(true) }) == 3)
  }

  @Test(
    arguments: [
      (2, Duration.milliseconds(1_500), Duration.seconds(2)), (2, .milliseconds(400), .seconds(1)),
      (2, .milliseconds(1_499), .seconds(1)), (2, .seconds(256), .seconds(255)),
      (3, .milliseconds(1_500), .milliseconds(1_500)), (3, .milliseconds(15), .milliseconds(20)),
      (3, .seconds(41), .milliseconds(40_950)),
    ] as [(Int, Duration, Duration)])
  func `an interval is rounded to what the version can say`(
    version: Int, written: Duration, taken: Duration
  ) {
    let one = instance {
      $0.version = placed(version)
      $0.advertInterval = placed(written)
    }
    #expect(one.advertInterval(in: Globals()) == taken)
  }

  @Test func `a MASTER without a priority owns the addresses`() {
    #expect(instance { _ in }.basePriority == 100)
    #expect(instance { $0.state = placed(.master) }.basePriority == 255)
    #expect(instance { $0.priority = placed(255) }.initialState(in: Globals()) == .master)
  }

  @Test func `nopreempt and preempt_delay do not go with state MASTER`() {
    let change: (inout Instance) -> Void = { instance in
      instance.priority = placed(100)
      instance.preempts = placed(false)
      instance.preemptDelay = placed(.seconds(5))
    }
    var one = instance(change)
    #expect(!one.preempts(in: Globals()))
    #expect(one.preemptDelay(in: Globals()) == .zero)
    one.preempts = nil
    #expect(one.preemptDelay(in: Globals()) == .seconds(5))
    one.preempts = placed(false)
    one.state = placed(.master)
    #expect(one.preempts(in: Globals()))
    #expect(one.preemptDelay(in: Globals()) == .zero)
  }

  @Test func `skew and master-down interval are the daemon's, to the microsecond`() {
    let two = instance { _ in }
    // 156/256 s, cut.
    #expect(two.skew(priority: 100, in: Globals()) == .microseconds(609_375))
    #expect(two.masterDownInterval(priority: 100, in: Globals()) == .microseconds(3_609_375))
    let three = instance {
      $0.version = placed(3)
      $0.advertInterval = placed(.milliseconds(100))
      $0.downTimerAdverts = placed(5)
    }
    #expect(three.skew(priority: 80, in: Globals()) == .microseconds(68_750))
    #expect(three.masterDownInterval(priority: 80, in: Globals()) == .microseconds(568_750))
  }

  @Test func `announcements have the instance's values, the global ones, or the daemon's`() {
    let general = globals {
      $0.announcing.delay = placed(.seconds(1))
      $0.announcing.repeat = placed(2)
    }
    let one = instance { $0.announcing.repeat = placed(3) }
    let announcements = one.announcements(in: general)
    #expect(announcements.delay == .seconds(1) && announcements.repeat == 3)
    #expect(announcements.refresh == .zero && announcements.refreshRepeat == 1)
    // What answers a lower priority has the global values, not the instance's.
    #expect(announcements.lowerPriorityRepeat == 2)
    #expect(instance { _ in }.announcements(in: Globals()).repeat == 5)
  }

  @Test func `the strict mode switches off what the RFCs do not know`() {
    let strict = globals { $0.isStrict = placed(true) }
    let one = instance {
      $0.authentication = .init(type: placed("PASS"), password: placed("secret"))
      $0.state = placed(.master)
      $0.priority = placed(100)
      $0.preemptDelay = placed(.seconds(5))
      $0.downTimerAdverts = placed(5)
    }
    #expect(one.authenticates(in: Globals()) && !one.authenticates(in: strict))
    #expect(one.initialState(in: strict) == .backup)
    #expect(one.preemptDelay(in: strict) == .zero)
    #expect(one.downTimerAdverts(in: strict) == 3)
    #expect(one.accepts(in: Globals()) && !one.accepts(in: strict))
    #expect(one.announcements(in: strict).lowerPriorityRepeat == 0)
    #expect(one.sendsNoAdvertToLower(in: strict))
  }

  @Test func `without peers unicast is multicast`() {
    let one = instance { $0.unicastBlock = Self.place }
    #expect(one.mode(in: Globals()) == .multicast(group: "224.0.0.18", isFallback: true))
    let peers = instance { $0.unicastPeers = [placed("192.0.2.2")] }
    #expect(peers.mode(in: Globals()) == .unicast(peers: ["192.0.2.2"]))
    let fault = instance { $0.faultsWithoutPeers = placed(true) }
    #expect(fault.mode(in: Globals()) == .fault)
  }

  // MARK: Weights

  private func tracking(_ weight: Int, reversed: Bool = false, base: Int = 100) -> Configuration {
    var configuration = Configuration(file: "x")
    var script = Script("check", at: Self.place)
    script.weight = placed(weight)
    script.isReversed = reversed
    configuration.scripts = [script]
    configuration.instances = [
      instance {
        $0.priority = placed(base)
        $0.interface = placed("eth0")
        $0.scripts = [Tracked("check", at: Self.place)]
      }
    ]
    return configuration
  }

  @Test(arguments: [
    (20, false, 100, 120, 100), (-20, false, 100, 100, 80), (20, true, 100, 80, 100),
    (-20, true, 100, 100, 120), (-253, false, 100, 100, 1), (253, false, 100, 254, 100),
    (-20, false, 255, 255, 255),
  ])
  func `weights move the priority between 1 and 254, but no owner's`(
    weight: Int, reversed: Bool, base: Int, up: Int, down: Int
  ) {
    let configuration = tracking(weight, reversed: reversed, base: base)
    let one = configuration.instances[0]
    #expect(configuration.effectivePriority(of: one) == .priority(up))
    #expect(
      configuration.effectivePriority(of: one, TrackedState(scripts: ["check"]))
        == .priority(down))
  }

  @Test func `a weight of 0 is a fault, and so is the own interface`() {
    let configuration = tracking(0)
    let one = configuration.instances[0]
    #expect(configuration.effectivePriority(of: one) == .priority(100))
    for state in [TrackedState(scripts: ["check"]), TrackedState(interfaces: ["eth0"])] {
      guard case .fault(let tracks) = configuration.effectivePriority(of: one, state) else {
        Issue.record("no fault")
        continue
      }
      #expect(tracks.count == 1)
    }
  }

  @Test func `in a group an instance's weights do not count, unless the group says so`() {
    var configuration = tracking(-20)
    var group = SyncGroup("G", at: Self.place)
    group.members = [placed("VI_1"), placed("VI_2")]
    configuration.groups = [group]
    let down = TrackedState(scripts: ["check"])
    let one = configuration.instances[0]
    #expect(configuration.effectivePriority(of: one, down) == .priority(100))
    configuration.groups[0].globalTracking = placed(true)
    #expect(configuration.effectivePriority(of: one, down) == .priority(80))
  }

  @Test func `a file's number counts times its weight`() {
    var configuration = tracking(0)
    var file = TrackFile("f", at: Self.place)
    file.weight = placed(-2)
    configuration.trackFiles = [file]
    configuration.instances[0].scripts = []
    configuration.instances[0].files = [Tracked("f", at: Self.place)]
    let one = configuration.instances[0]
    #expect(
      configuration.effectivePriority(of: one, TrackedState(files: ["f": 10])) == .priority(80))
    guard case .fault = configuration.effectivePriority(of: one, TrackedState(files: ["f": 127]))
    else {
      Issue.record("no fault at -254")
      return
    }
  }
}
