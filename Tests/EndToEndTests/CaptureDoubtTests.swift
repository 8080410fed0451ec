// A capture that saw less than the wire had says so, and its trial has no verdict; one that saw all
// is believed. Real kernels, made-up frames, and a trial around what was seen.

import Foundation
import Glibc
import TakeoverModel
import TakeoverReport
import TakeoverRun
import TakeoverWire
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Doubtful captures` {
  private let vip = IPAddress.v4(0x0a4d_0064)
  private let mac = MACAddress(bits: 0x0200_0000_0001)

  private struct Judged {
    var outcome: Outcome
    var doubts: [String]
    var announcements: [AnnouncementSeen]
    var datagrams: [DatagramSeen]
  }

  /// Captures while `body` runs, and judges a trial whose blow falls just before it: "the address
  /// never changes hands" passes exactly when the capture is believed.
  private func judged(
    _ segment: WireSegment, at points: [CapturePoint], _ body: () async throws -> Void
  ) async throws -> Judged {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var site = segment.site(addresses: ["10.77.0.100"])
    site.captures = points
    site.vantages = []
    let (journal, clock) = (KeptJournal(), WallClock())
    let fault = FaultUse(kind: "none", arguments: Arguments())
    let trial = Trial(
      name: "t", fault: fault, target: .holder, hold: .zero, settle: .zero, recover: .zero,
      expectations: [Expectation(check: "transitions", value: .count(0))])
    let header = RunHeader(
      run: "r", version: "0", origin: clock.origin, plans: [Plan(name: "p", trials: [trial])],
      site: site)
    let which = TrialHeader(plan: 0, trial: 0, repetition: 1)
    let step = Step(node: "a", outcome: .pass)
    func say(_ events: Event...) {
      for event in events {
        journal.record(Observation(when: Interval(at: clock.now()), source: "run", event: event))
      }
    }
    say(.runBegan(header))
    try await WireObserver(capturePath: path).watch(site, into: journal, clock: clock) {
      say(.trialBegan(which), .gatePassed(Roles(holder: "a", standby: ["b"])))
      say(.blow(BlowStruck(node: "a", fault: fault, command: "", status: 0)), .confirmed(step))
      try await body()
      say(.healing(step), .healed(step), .restored(Roles(holder: "a", standby: ["b"])))
      say(.trialEnded(which))
    }
    say(.runEnded(RunEnd(reason: .completed)))
    let result = try #require(try Judge().judge(journal.observations).trials.first)
    return Judged(
      outcome: result.outcome, doubts: result.timeline.doubts,
      announcements: journal.announcements,
      datagrams: journal.observations.compactMap {
        if case .datagram(let seen) = $0.event { seen } else { nil }
      })
  }

  private func ethernet(_ kind: UInt16, _ payload: [UInt8], tags: [UInt16] = []) -> [UInt8] {
    EthernetFrame(
      destination: .broadcast, source: mac, tags: tags, kind: kind, payload: payload[...]
    ).bytes
  }

  private func announcement(tags: [UInt16] = []) -> [UInt8] {
    let packet = ARPPacket(
      operation: 1, senderHardware: mac, sender: vip, targetHardware: .broadcast, target: vip)
    return ethernet(EthernetFrame.Kind.arp, packet.bytes, tags: tags)
  }

  private func send(_ frame: [UInt8], from host: String, in segment: WireSegment) async throws {
    #expect(try segment.sender(in: host).send(frame) == 0)
    try await Task.sleep(for: .milliseconds(150))
  }

  /// The bridge itself: what a machine on the segment captures, behind no node's port.
  private func shared(_ segment: WireSegment, vlan: Int? = nil) -> CapturePoint {
    CapturePoint(
      name: "lan", interface: "br0", namespace: "/run/netns/\(segment.fabric)", vlan: vlan)
  }

  @Test func `a capture that saw everything is believed`() async throws {
    try await WireSegment.with { segment in
      let judged = try await judged(segment, at: [segment.port("a"), shared(segment)]) {
        try await send(announcement(), from: "a", in: segment)
      }
      #expect(judged.doubts == [])
      #expect(judged.outcome == .pass)
      #expect(Set(judged.announcements.map(\.sight.port)) == ["a", "lan"])
    }
  }

  @Test func `a node's link that goes down makes no doubt at its port`() async throws {
    try await WireSegment.with { segment in
      let judged = try await judged(segment, at: [segment.port("a"), segment.port("b")]) {
        try WireSegment.ip("-n", segment.host("a"), "link", "set", "eth0", "down")
        try await Task.sleep(for: .milliseconds(300))
        try WireSegment.ip("-n", segment.host("a"), "link", "set", "eth0", "up")
        try await Task.sleep(for: .milliseconds(150))
      }
      #expect(judged.doubts == [])
      #expect(judged.outcome == .pass)
    }
  }

  @Test func `a capture's own interface that goes down, however shortly, is no verdict`()
    async throws
  {
    try await WireSegment.with { segment in
      let judged = try await judged(segment, at: [segment.port("a"), segment.port("b")]) {
        try WireSegment.ip("-n", segment.fabric, "link", "set", "port-a", "down")
        try WireSegment.ip("-n", segment.fabric, "link", "set", "port-a", "up")
        try await Task.sleep(for: .milliseconds(150))
      }
      #expect(judged.doubts.count == 1, "\(judged.doubts)")
      #expect(judged.doubts.first?.hasPrefix("the capture at a: interface down") == true)
      #expect(judged.outcome == .unknown)
    }
  }

  @Test func `a shared segment's interface without carrier is no verdict`() async throws {
    try await WireSegment.with { segment in
      let client = CapturePoint(
        name: "lan", interface: "eth0", namespace: segment.path("client"))
      let judged = try await judged(segment, at: [client]) {
        try WireSegment.ip("-n", segment.fabric, "link", "set", "port-client", "down")
        try await Task.sleep(for: .milliseconds(300))
        try WireSegment.ip("-n", segment.fabric, "link", "set", "port-client", "up")
        try await Task.sleep(for: .milliseconds(150))
      }
      #expect(judged.doubts.first?.hasPrefix("the capture at lan: no carrier") == true)
      #expect(judged.outcome == .unknown)
    }
  }

  @Test func `a capture's interface that is deleted is no verdict`() async throws {
    try await WireSegment.with { segment in
      let judged = try await judged(segment, at: [segment.port("a"), segment.port("b")]) {
        try WireSegment.ip("-n", segment.fabric, "link", "del", "port-a")
        try await Task.sleep(for: .milliseconds(300))
      }
      #expect(judged.doubts.contains { $0.hasPrefix("the capture at a: interface gone") })
      #expect(judged.doubts.allSatisfy { $0.hasPrefix("the capture at a: ") }, "\(judged.doubts)")
      #expect(judged.outcome == .unknown)
    }
  }

  @Test func `a tagged frame is not read as an untagged one, and is no verdict`() async throws {
    try await WireSegment.with { segment in
      let judged = try await judged(segment, at: [segment.port("a"), segment.port("b")]) {
        try await send(announcement(tags: [12]), from: "a", in: segment)
      }
      #expect(judged.announcements == [])
      #expect(
        judged.doubts == [
          "the capture at a: frames with a VLAN tag", "the capture at b: frames with a VLAN tag",
        ])
      #expect(judged.outcome == .unknown)
    }
  }

  @Test func `a capture of a trunk reads the network that the site means, without doubt`()
    async throws
  {
    try await WireSegment.with { segment in
      var port = segment.port("a")
      port.vlan = 12
      let judged = try await judged(segment, at: [port]) {
        try await send(announcement(tags: [12]), from: "a", in: segment)
        try await send(announcement(tags: [13]), from: "a", in: segment)
        try await send(announcement(), from: "a", in: segment)
      }
      #expect(judged.announcements.map(\.sight.frame) == [1], "\(judged.announcements)")
      #expect(judged.doubts == [])
      #expect(judged.outcome == .pass)
    }
  }

  @Test func `what the filter cuts from a jumbo datagram is no doubt, a cut advertisement is`()
    async throws
  {
    try await WireSegment.with { segment in
      for (place, link) in [
        (segment.fabric, "br0"), (segment.fabric, "port-a"), (segment.host("a"), "eth0"),
      ] { try WireSegment.ip("-n", place, "link", "set", link, "mtu", "9000") }
      let own = IPAddress.v4(0x0a4d_0001)
      let jumbo = IPv4Packet(
        protocolNumber: 6, source: vip, destination: own,
        payload: [UInt8](repeating: 7, count: 8_900)[...])
      let whole = try await judged(segment, at: [segment.port("a")]) {
        try await send(ethernet(0x0800, jumbo.bytes), from: "a", in: segment)
      }
      #expect(whole.datagrams.count == 1)
      #expect(whole.doubts == [])
      #expect(whole.outcome == .pass)

      let advertisement = VRRPAdvertisement(
        version: 3, vrid: 51, priority: 100, intervalField: 100, addresses: [vip])
      let packet = IPv4Packet(
        protocolNumber: 112, source: own, destination: VRRPAdvertisement.group,
        payload: advertisement.bytes(from: own, to: VRRPAdvertisement.group)[...], timeToLive: 255)
      let cut = try await judged(segment, at: [segment.port("a")]) {
        try await send(
          Array(ethernet(0x0800, packet.bytes).dropLast(4)), from: "a", in: segment)
      }
      #expect(cut.doubts == ["the capture at a: truncated frame"])
      #expect(cut.outcome == .unknown)
    }
  }
}
