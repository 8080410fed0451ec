// A node that reads another configuration, from the text to the promise; and a speaker that is not of
// the pair.

import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `A prediction of another configuration` {
  private static let address = IPAddress("192.0.2.10") ?? .v4(0)
  private static let globals = "global_defs {\n  vrrp_version 3\n}\n"

  private static func text(
    _ own: String, priority: Int, to peer: String, _ more: String = "nopreempt"
  ) -> String {
    """
    vrrp_instance VI_1 {
      state BACKUP
      interface eth0
      virtual_router_id 51
      priority \(priority)
      advert_int 1
      \(more)
      authentication {
        auth_type PASS
        auth_pass secret12
      }
      unicast_src_ip \(own)
      unicast_peer {
        \(peer)
      }
      virtual_ipaddress {
        192.0.2.10/32
      }
    }
    """
  }

  private static func member(
    _ name: String, _ text: String, _ version: DaemonVersion = .bookworm
  ) -> Member {
    var facts = NodeFacts()
    facts.version = version.description
    return Member(name, Reader.read(text, version), facts: facts)
  }

  private struct Pair {
    var a = text("192.0.2.1", priority: 100, to: "192.0.2.2")
    var b = text("192.0.2.2", priority: 80, to: "192.0.2.1")
    var version = DaemonVersion.bookworm

    /// What is promised of the node's text with these words in place of those, while a holds.
    func outlook(
      _ node: String, _ old: String, _ new: String, restarts: Bool = false
    ) throws -> Forecast.Outlook {
      let reading = Rereading(of: "/x", by: Command("sed"), restarts: restarts)
      let before = ["a": a, "b": b]
      let edited = try #require(before[node]).replacing(old, with: new)
      try #require(edited != before[node])
      let one = try Speaker(member("a", a, version), holding: [address])
      let other = try Speaker(member("b", b, version), holding: [address])
      let reread = Reread(
        member(node, edited, version), from: node == "a" ? one : other, holding: [address])
      return Prediction(
        holder: one, standby: other, addresses: [address], reread: [reading: [node: reread]]
      ).outlook(of: .rereads(reading), striking: .node(node))
    }

    func promise(
      _ node: String, _ old: String, _ new: String, restarts: Bool = false
    ) throws -> Forecast.Promise {
      try #require(try outlook(node, old, new, restarts: restarts).promise)
    }

    static let preempting: Pair = {
      var pair = Pair()
      pair.a = pair.a.replacing("nopreempt", with: "")
      pair.b = pair.b.replacing("nopreempt", with: "")
      return pair
    }()
  }

  private static let down = Duration.microseconds(3_687_500)

  @Test func `a weaker holder is overruled by a standby that preempts`() throws {
    let lowered = try Pair.preempting.promise("a", "priority 100", "priority 50")
    #expect(lowered.taker == "b")
    #expect(lowered.origin == .blow)
    #expect(
      lowered.wait == Elapsed(atLeast: Self.down - .seconds(1), atMost: Self.down + .seconds(1)))
    #expect(lowered.meanwhile == .holder)
    #expect(lowered.returns == true)
    #expect(lowered.formula.contains("priority 50 is less than 80: 3 · 1s"))
    #expect(try Pair.preempting.promise("a", "priority 100", "priority 90").taker == nil)
    #expect(try Pair().promise("a", "priority 100", "priority 50").taker == nil)
    #expect(try Pair().promise("b", "priority 80", "priority 200").taker == nil)
    let raised = try Pair.preempting.promise("b", "priority 80", "priority 200")
    #expect(raised.taker == "b")
    // Its own skew, by its new priority.
    #expect(raised.wait.atMost == .microseconds(3_218_750) + .seconds(1))
  }

  @Test func `a restart says goodbye, whatever else it does`() throws {
    let restarted = try Pair().promise("a", "priority 100", "priority 50", restarts: true)
    #expect(restarted.wait == Elapsed(exactly: .microseconds(687_500)))
    #expect(restarted.returns == false)
    // It is the stronger one when it is healed; it was not before, or was before, too.
    let weak = try Pair.preempting.promise("a", "priority 100", "priority 50", restarts: true)
    #expect(weak.returns == true)
    var pair = Pair()
    pair.a = pair.a.replacing("nopreempt", with: "")
    let back = try pair.promise("a", "priority 100", "priority 200", restarts: true)
    #expect(back.returns == true)
    let raised = try Pair().promise("a", "nopreempt", "", restarts: true)
    #expect(raised.returns == nil)
  }

  @Test func `another password is refused, and both hold, unless it differs where nobody looks`()
    throws
  {
    for node in ["a", "b"] {
      let refused = try Pair().promise(node, "secret12", "xecret12")
      #expect(refused.taker == "b")
      #expect(refused.meanwhile == .both)
      #expect(refused.returns == nil)
      #expect(!refused.formula.contains("ecret"))
      #expect(try Pair().promise(node, "secret12", "secret12x").taker == nil)
    }
  }

  @Test func `version 2 refuses another interval, version 3 follows it`() throws {
    let refused = try Pair().promise("a", "advert_int 1", "advert_int 2")
    #expect(refused.taker == "b")
    #expect(refused.meanwhile == .both)
    var three = Pair()
    three.a = Self.globals + three.a
    three.b = Self.globals + three.b
    #expect(try three.promise("a", "advert_int 1", "advert_int 2").taker == nil)
    #expect(try three.promise("b", "advert_int 1", "advert_int 2").taker == nil)
    // The last advertisement, the reading and 3 s: longer than the other one waits.
    let long = try #require(three.outlook("a", "advert_int 1", "advert_int 3").silence)
    #expect(long.contains("may keep it silent for 4.1s"), "\(long)")
    // 3 · 0.1 s and a skew are over before the holder speaks again.
    #expect(try three.outlook("b", "advert_int 1", "advert_int 0.1").silence != nil)
  }

  @Test func `another router, or other ways, end the instance with a goodbye and begin a second`()
    throws
  {
    let peers = "unicast_peer {\n    192.0.2.2\n  }"
    for (old, new) in [("virtual_router_id 51", "virtual_router_id 99"), (peers, "")] {
      let parted = try Pair().promise("a", old, new)
      #expect(parted.wait == Elapsed(exactly: .microseconds(687_500)))
      #expect(parted.meanwhile == .both)
    }
    let outlook = try Pair().outlook("b", "virtual_router_id 51", "virtual_router_id 99")
    #expect(outlook.silence?.contains("another virtual router") == true)
    let multicast = try Pair().promise("b", "unicast_peer {\n    192.0.2.1\n  }", "")
    #expect(multicast.taker == "b")
    #expect(multicast.meanwhile == .both)
  }

  @Test
  func
    `an instance that is gone says goodbye, one without an address is what the version makes of it`()
    throws
  {
    let gone = try Pair().promise("a", Pair().a, "global_defs {\n}\n")
    #expect(gone.wait == Elapsed(exactly: .microseconds(687_500)))
    #expect(gone.returns == false)
    #expect(try Pair().promise("b", Pair().b, "global_defs {\n}\n").taker == nil)
    let bare = try Pair().promise("a", "192.0.2.10/32", "")
    #expect(bare.origin == .blow)
    #expect(bare.meanwhile == .nobody)
    var three = Pair()
    three.a = Self.globals + three.a
    three.b = Self.globals + three.b
    #expect(try three.promise("a", "192.0.2.10/32", "").meanwhile == .both)
    var new = Pair()
    new.version = .trixie
    #expect(try new.outlook("a", "192.0.2.10/32", "").silence?.contains("2.3.3") == true)
  }

  @Test func `one address more is refused by 2.2.7 and believed by 2.3.3`() throws {
    let more = ("192.0.2.10/32", "192.0.2.10/32\n192.0.2.11/32")
    let refused = try Pair().promise("a", more.0, more.1)
    #expect(refused.taker == "b")
    #expect(refused.formula.contains("b has another list of addresses"))
    var pair = Pair()
    pair.version = .trixie
    #expect(try pair.promise("a", more.0, more.1).taker == nil)
    pair.version = DaemonVersion(2, 2, 8)
    #expect(try pair.outlook("a", more.0, more.1).silence?.contains("not known") == true)
  }

  @Test func `state MASTER takes nopreempt away from a stronger standby`() throws {
    var pair = Pair()
    pair.b = pair.b.replacing("priority 80", with: "priority 120")
    #expect(try pair.promise("b", "state BACKUP", "state MASTER").taker == "b")
    #expect(try Pair().promise("b", "state BACKUP", "state MASTER").taker == nil)
    #expect(try pair.promise("a", "state BACKUP", "state MASTER").taker == nil)
  }

  @Test func `what is not read, or what no daemon reads, is no promise`() throws {
    let reading = Rereading(of: "/x", by: Command("sed"), restarts: false)
    #expect(Prediction.pair().silence(of: .rereads(reading), striking: .holder) != nil)
    let unread = Prediction.pair(reread: [reading: ["a": .unknown("nothing to change")]])
    #expect(unread.silence(of: .rereads(reading), striking: .holder) == "nothing to change")
    let fatal = try Pair().outlook("a", "interface eth0", "")
    #expect(fatal.silence?.contains("would not speak VRRP") == true)
    let peers = try Pair().outlook("a", "192.0.2.2", "192.0.2.77")
    #expect(peers.silence?.contains("peers") == true)
  }

  // MARK: - A speaker that is not of the pair

  private func rival(
    _ priority: Int, version: Int = 2, password: String = "secret12", isMulticast: Bool = false
  ) throws -> Forecast.Outlook {
    let pair = Pair()
    return Prediction(
      holder: try Speaker(Self.member("a", pair.a), holding: [Self.address]),
      standby: try Speaker(Self.member("b", pair.b), holding: [Self.address]),
      addresses: [Self.address]
    ).outlook(
      of: .rival(
        Rival(
          router: nil, version: version, priority: priority, interval: .milliseconds(100),
          password: Array(password.utf8), isMulticast: isMulticast)),
      striking: .machine)
  }

  @Test func `a stronger speaker that is believed leaves the addresses to nobody`() throws {
    let promise = try #require(rival(200).promise)
    #expect(promise.taker == nil)
    #expect(promise.meanwhile == .nobody)
    #expect(try #require(rival(50).promise).meanwhile == .holder)
    #expect(try rival(100).silence != nil)
  }

  @Test func `one that is not believed changes nothing, and it is said why`() throws {
    #expect(try #require(rival(200, version: 3).promise).formula.contains("VRRPv2"))
    #expect(try #require(rival(200, password: "x").promise).formula.contains("password"))
    #expect(try #require(rival(200, isMulticast: true).promise).formula.contains("unicast"))
  }

  // MARK: - Several instances

  private static func twins(_ second: Int, _ more: String = "") -> Member {
    let one = text("192.0.2.1", priority: 100, to: "192.0.2.2")
    let two = text("192.0.2.1", priority: second, to: "192.0.2.2")
      .replacing("VI_1", with: "VI_2").replacing("_id 51", with: "_id 52")
      .replacing("2.10/32", with: "2.11/32")
    return member("a", one + "\n" + two + "\n" + more)
  }

  @Test func `instances that share the addresses are one, as long as they are in step`() throws {
    let both = [Self.address, try #require(IPAddress("192.0.2.11"))]
    let speaker = try Speaker(Self.twins(100), holding: both)
    #expect(speaker.instances == 2)
    #expect(speaker.priority == 100)
    #expect(throws: Complaint.self) { try Speaker(Self.twins(90), holding: both) }
    let group = "vrrp_sync_group G {\n  group {\n    VI_1\n    VI_2\n  }\n}\n"
    do {
      _ = try Speaker(Self.twins(90, group), holding: both)
      Issue.record("instances that differ are no one speaker")
    } catch {
      #expect(error.problem.contains("lets its group move"))
    }
    #expect(try Speaker(Self.twins(90), holding: [Self.address]).instances == 1)
  }
}
