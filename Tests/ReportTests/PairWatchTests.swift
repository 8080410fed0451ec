// What a watched pair is said to do: each anomaly where it is, and none where all is well.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `A watched pair` {
  @Test func `that is well is told once, and never again`() {
    var world = WatchWorld(WatchWorld.site { $0.nodes[0].priority = 100 })
    for second in 0..<600 {
      world.advertise("a", Double(second))
      if second % 5 == 0 { world.see(Double(second) + 0.01, WatchWorld.claim("a")) }
      world.see(Double(second) + 0.02, WatchWorld.claim("a", .answer))
      world.see(Double(second) + 0.03, WatchWorld.datagram("a"))
    }
    #expect(world.words == [.holder, .announced])
    #expect(world.sentences(.holder) == ["a holds, priority 100"])
    #expect(world.watch.anomalies.isEmpty)
    #expect(world.watch.flapCount == 0)
  }

  @Test func `whose holder dies is told the time since its last advertisement`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 5)
    world.advertise("b", 8.6875, priority: 80)
    world.see(8.688, WatchWorld.claim("b"))
    #expect(world.words == [.holder, .holder, .announced])
    #expect(
      world.sentences(.holder).last
        == "b holds: 3.687500 s ± 0 ns after a's last advertisement, priority 80")
    #expect(world.watch.flapCount == 1)
    #expect(world.watch.changes.last?.from == "a")
  }

  @Test func `that hands over says that it gave up`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 5)
    world.advertise("a", 5.4, priority: 0)
    world.advertise("b", 6.0875, priority: 80)
    #expect(world.words == [.holder, .gaveUp, .holder])
    #expect(
      world.sentences(.holder).last == "b holds: 687.500 ms ± 0 ns after a gave up, priority 80")
  }

  @Test func `with two masters says so, and for how long`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 5)
    // b does not hear a any more, and a does not hear b.
    for second in 6..<20 {
      world.advertise("a", Double(second))
      world.advertise("b", Double(second) + 0.4)
    }
    #expect(world.sentences(.twoClaimants) == ["a and b both advertise"])
    #expect(world.watch.anomalies.map(\.word) == [.twoClaimants])
    world.advertise("a", from: 20, through: 30)
    #expect(
      world.sentences(.twoClaimants).last == "over after at least 14.000 s: a and b both advertise")
    #expect(world.watch.holder == "a")
    #expect(world.watch.anomalies.isEmpty)
  }

  @Test func `whose nodes advertise at one moment when the role changes has no two masters`() {
    var world = WatchWorld()
    world.advertise("b", from: 0, through: 5)
    // a preempts; b's own was under way.
    world.advertise("a", 5.998)
    world.advertise("b", 6.0)
    world.advertise("a", from: 6.998, through: 20)
    #expect(!world.words.contains(.twoClaimants))
    #expect(world.watch.holder == "a")
  }

  @Test func `hears whoever else speaks for its virtual router`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 5)
    world.see(5.5, WatchWorld.advertisement("x", priority: 200))
    #expect(
      world.sentences(.unknownSpeaker) == [
        "192.0.2.99 advertises virtual router 51 with priority 200, and is no node of pair"
      ])
    world.see(6.2, WatchWorld.advertisement("x", vrid: 52))
    #expect(world.sentences(.unknownSpeaker).count == 1, "another router is none of ours")
    world.advertise("a", from: 6, through: 12)
    #expect(world.sentences(.unknownSpeaker).last?.hasPrefix("over") == true)
  }

  @Test func `is not deceived by a node's address on other hardware`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 5)
    var forged = WatchWorld.advertisement("a", priority: 255)
    if case .advertisement(var seen) = forged {
      seen.sight.source = WatchWorld.mac("r")
      forged = .advertisement(seen)
    }
    world.see(5.5, forged)
    #expect(world.words.contains(.unknownSpeaker))
  }

  @Test func `notices another priority than the site's, until it is right again`() {
    var world = WatchWorld(WatchWorld.site { $0.nodes[0].priority = 100 })
    world.advertise("a", 0)
    world.advertise("a", 1, priority: 90)
    world.advertise("a", 2, priority: 90)
    #expect(world.sentences(.wrongPriority) == ["a advertises priority 90; the site says 100"])
    world.advertise("a", 3)
    #expect(world.sentences(.wrongPriority).count == 2)
    #expect(!world.words.contains(.priorityChanged))
  }

  @Test func `whose site names no priorities tells a change`() {
    var world = WatchWorld()
    world.advertise("a", 0)
    world.advertise("a", 1, priority: 90)
    #expect(world.sentences(.priorityChanged) == ["a advertises priority 90, 100 before"])
  }

  @Test func `that falls silent is told once every backup would have taken over`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 5)
    world.pass(8.9)
    #expect(!world.words.contains(.silence))
    world.pass(9.1)
    #expect(
      world.sentences(.silence) == ["nobody advertises virtual router 51; a did last"])
    world.pass(15)
    world.advertise("a", 16)
    #expect(world.sentences(.silence).last?.hasPrefix("over after at least 11.000 s") == true)
  }

  @Test func `that is never heard is told, too`() {
    var world = WatchWorld()
    world.pass(3.9)
    #expect(world.notices.isEmpty)
    world.pass(4.1)
    #expect(world.sentences(.silence) == ["no advertisement of virtual router 51 is seen"])
  }

  @Test func `whose advertisements are thrown away is told why`() {
    var world = WatchWorld()
    world.advertise("a", 0)
    world.see(1, WatchWorld.advertisement("a", defects: ["TTL 64"]))
    #expect(
      world.sentences(.badAdvertisement) == ["a's advertisements are thrown away: TTL 64"])
    world.advertise("a", 2)
    #expect(world.watch.anomalies.isEmpty)
  }

  @Test func `whose nodes say different things is told which`() {
    var world = WatchWorld()
    let other = IPAddress.v4(0xC000_0265)
    world.advertise("a", from: 0, through: 3)
    world.see(
      7, WatchWorld.advertisement("b", interval: 2, addresses: [WatchWorld.virtual, other]))
    #expect(
      world.sentences(.otherAddresses) == [
        "b advertises 192.0.2.100, 192.0.2.101, a advertised 192.0.2.100"
      ])
    #expect(world.sentences(.otherInterval) == ["b advertises each 2s, a did each 1s"])
    world.see(9, WatchWorld.advertisement("b"))
    #expect(world.watch.anomalies.isEmpty)
  }

  @Test func `that goes to and fro is told so`() {
    var world = WatchWorld()
    world.advertise("a", 0)
    for (index, who) in ["b", "a", "b"].enumerated() {
      world.advertise(who, Double(index + 1) * 5)
      world.advertise(who, Double(index + 1) * 5 + 1, priority: 0)
    }
    world.pass(17)
    #expect(world.sentences(.flapping) == ["3 changes of the holder within a minute"])
    world.pass(100)
    #expect(world.sentences(.flapping).last?.hasPrefix("over") == true)
    #expect(world.watch.flapCount == 3)
  }

  @Test func `that frames were missed of is doubted`() {
    var world = WatchWorld()
    world.see(1, .captureState(CaptureState(port: "lan", received: 10, dropped: 0)))
    #expect(world.notices.isEmpty)
    world.see(2, .captureState(CaptureState(port: "lan", received: 10, dropped: 7)))
    #expect(world.sentences(.doubtfulCapture) == ["the capture lan: 7 frames were lost"])
    world.see(3, .captureState(CaptureState(port: "lan", received: 11, dropped: 7)))
    #expect(world.watch.anomalies.isEmpty)
    world.see(4, .observerDied(Note("wire: gone\u{1B}[2J")))
    #expect(world.sentences(.doubtfulCapture).last == "wire: gone")
    #expect(world.watch.anomalies.count == 1)
  }

  @Test func `whose standby claims the address is told how`() {
    var world = WatchWorld()
    world.advertise("a", from: 0, through: 3)
    world.advertise("b", 3.0, priority: 0)
    // One frame may be under way, or the beginning of a takeover.
    world.see(3.5, WatchWorld.claim("b"))
    #expect(!world.words.contains(.twoClaimants))
    world.see(3.6, WatchWorld.claim("b", .answer))
    #expect(
      world.sentences(.twoClaimants) == ["b answers for 192.0.2.100, which a holds"])
    world.advertise("a", from: 4, through: 8)
    #expect(world.sentences(.twoClaimants).last?.hasPrefix("over") == true)
  }

  @Test func `whose taker announces before its advertisement is seen has one holder`() {
    var world = WatchWorld()
    world.advertise("b", 0, priority: 0)
    world.advertise("a", from: 0, through: 3)
    world.advertise("a", 3.5, priority: 0)
    world.see(4.1, WatchWorld.claim("b"))
    world.advertise("b", 4.105)
    world.see(4.106, WatchWorld.claim("b"))
    world.see(4.2, WatchWorld.claim("b"))
    #expect(!world.words.contains(.twoClaimants))
  }

  @Test func `for which two answer one question has two claimants at once`() {
    var world = WatchWorld()
    world.advertise("a", 0)
    world.advertise("b", 0, priority: 0)
    let answers = ["a", "b"].map {
      Probe.Answer(at: WatchWorld.at(1.001).latest, mac: WatchWorld.mac($0))
    }
    func probe(_ answers: [Probe.Answer]) -> Event {
      .probe(
        Probe(
          vantage: "here", method: .arp, address: WatchWorld.virtual, sequence: 1,
          sent: WatchWorld.at(1).latest, period: 20_000_000, answers: answers))
    }
    world.see(1.001, probe([answers[0]]))
    #expect(!world.words.contains(.twoClaimants))
    world.see(1.001, probe(answers))
    #expect(world.sentences(.twoClaimants) == ["a and b both answer for 192.0.2.100"])
  }

  @Test func `whose old holder keeps the address in its kernel has two claimants`() {
    var world = WatchWorld()
    func kernel(_ node: String, _ seconds: Double, _ has: Bool) {
      world.see(
        seconds,
        .addresses(AddressesHeld(node: node, addresses: has ? [WatchWorld.virtual] : [])))
    }
    world.advertise("a", from: 0, through: 3)
    kernel("a", 3.5, true)
    world.advertise("b", 6.7)
    kernel("a", 6.8, true)
    #expect(!world.words.contains(.twoClaimants), "it may lag behind")
    kernel("a", 8, true)
    #expect(
      world.sentences(.twoClaimants) == ["a's system has 192.0.2.100, which b holds"])
    kernel("a", 9, false)
    #expect(world.watch.anomalies.isEmpty)
  }

  @Test func `without VRRP is known by its announcements`() {
    var world = WatchWorld(WatchWorld.site { $0.vrid = nil })
    world.see(
      0,
      .nodeDescribed(
        NodeDescription(
          node: "a", transport: "", system: "",
          links: [.init(name: "eth0", mac: WatchWorld.mac("a"), addresses: [])])))
    world.see(1, WatchWorld.claim("a"))
    #expect(world.sentences(.holder) == ["a holds"])
    world.see(2, WatchWorld.claim("b"))
    #expect(world.sentences(.holder).last == "\(WatchWorld.mac("b")) holds instead of a")
    world.pass(600)
    #expect(!world.words.contains(.silence), "nobody promised to advertise")
  }
}
