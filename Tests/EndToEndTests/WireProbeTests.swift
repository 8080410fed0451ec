// The probes against real kernels in namespaces: who answers is who holds the address.

import Glibc
import TakeoverModel
import TakeoverRun
import TakeoverWire
import Testing

@Suite(.serialized, .alone, .enabled(if: getuid() == 0, "needs root"))
struct `Probes on a segment` {
  private let vip = "10.77.0.100"

  private func mac(_ host: String, in segment: WireSegment) throws -> MACAddress {
    try segment.sender(in: host).hardwareAddress()
  }

  @Test
  func `two hosts with one address both answer an ARP probe`() async throws {
    try await WireSegment.with { segment in
      for host in ["a", "b"] {
        try WireSegment.ip("-n", segment.host(host), "addr", "add", "\(vip)/24", "dev", "eth0")
      }
      let journal = KeptJournal()
      let site = segment.site(addresses: [vip])
      let ending = try await ARPProbe(from: segment.vantage).watch(site, into: journal) {
        try await Task.sleep(for: .milliseconds(500))
      }
      let probes = journal.probes
      #expect(probes.count >= 15)
      let both = Set([try mac("a", in: segment), try mac("b", in: segment)])
      #expect(probes.allSatisfy { Set($0.answers.compactMap(\.mac)) == both })
      #expect(probes.allSatisfy { $0.answers.count == 2 && $0.isGood })
      #expect(probes.allSatisfy { probe in probe.answers.allSatisfy { $0.at > probe.sent } })
      #expect(
        ending < .seconds(5), "what must not happen is that it hangs; the machine may be busy")
    }
  }

  @Test(arguments: [false, true])
  func `an answer with a tag comes from another network, and is none`(isTagged: Bool) async throws {
    try await WireSegment.with { segment in
      let address = try #require(IPAddress(vip))
      let journal = KeptJournal()
      let socket = try PacketSocket(
        interface: "eth0", namespace: segment.path("b"), filter: .claims(on: [address]))
      let own = try socket.hardwareAddress()
      try await ARPProbe(from: segment.vantage).watch(
        segment.site(addresses: [vip]), into: journal
      ) {
        for _ in 0..<50 {
          for captured in try socket.receiveAll() where captured.direction != .outgoing {
            guard case .arp(let asked) = Frame(captured.bytes[...]).body else { continue }
            let answer = ARPPacket(
              operation: 2, senderHardware: own, sender: address,
              targetHardware: asked.senderHardware, target: .v4(0))
            let frame = EthernetFrame(
              destination: asked.senderHardware, source: own, tags: isTagged ? [12] : [],
              kind: EthernetFrame.Kind.arp, payload: answer.bytes[...])
            #expect(socket.send(frame.bytes) == 0)
          }
          try await Task.sleep(for: .milliseconds(10))
        }
      }
      #expect(journal.probes.count > 10)
      #expect(journal.probes.contains { $0.isGood } == !isTagged)
    }
  }

  @Test
  func `asking does not mend the asker's own stale neighbour entry`() async throws {
    try await WireSegment.with { segment in
      try WireSegment.ip("-n", segment.host("b"), "addr", "add", "\(vip)/24", "dev", "eth0")
      let gone = "02:00:00:00:de:ad"
      try WireSegment.ip(
        "-n", segment.host("client"), "neigh", "replace", vip, "lladdr", gone, "dev", "eth0",
        "nud", "reachable")
      let journal = KeptJournal()
      // Longer than locktime, 1 s (arp(7)), for which the kernel keeps a young entry.
      try await ARPProbe(from: segment.vantage).watch(
        segment.site(addresses: [vip]), into: journal
      ) { try await Task.sleep(for: .milliseconds(1500)) }
      #expect(journal.probes.contains { $0.isGood })
      let entry = try WireSegment.answer(
        of: "-n", segment.host("client"), "neigh", "show", vip, "dev", "eth0")
      #expect(entry.contains(gone), "\(entry)")
    }
  }

  @Test
  func `a ping says who answered, and goes unanswered once the address is gone`() async throws {
    try await WireSegment.with { segment in
      try WireSegment.ip("-n", segment.host("a"), "addr", "add", "\(vip)/32", "dev", "eth0")
      let journal = KeptJournal()
      let clock = WallClock()
      var removed = Moment.began
      try await EchoProbe(from: segment.vantage).watch(
        segment.site(addresses: [vip]), into: journal, clock: clock
      ) {
        try await Task.sleep(for: .milliseconds(300))
        try WireSegment.ip("-n", segment.host("a"), "addr", "del", "\(vip)/32", "dev", "eth0")
        removed = clock.now()
        try await Task.sleep(for: .milliseconds(1300))
      }
      let good = journal.probes.filter(\.isGood)
      #expect(good.count >= 20)
      let holder = try mac("a", in: segment)
      #expect(good.allSatisfy { $0.answers.map(\.mac) == [holder] })
      #expect(good.allSatisfy { $0.sent < removed })
      let unanswered = journal.probes.filter { !$0.isGood }
      #expect(unanswered.count >= 10)
      #expect(unanswered.allSatisfy { $0.answers.isEmpty && $0.trouble.isEmpty })
    }
  }

  @Test
  func `a connection is good with a listener and refused without`() async throws {
    try await WireSegment.with { segment in
      try WireSegment.ip("-n", segment.host("b"), "addr", "add", "\(vip)/32", "dev", "eth0")
      let listener = try segment.listen(in: "b", port: 8080)
      defer { close(listener) }
      for (port, isGood) in [(8080, true), (8081, false)] {
        let journal = KeptJournal()
        let probing = Probing(arp: nil, echo: nil, connect: .milliseconds(10), port: port)
        try await ConnectProbe(from: segment.vantage).watch(
          segment.site(addresses: [vip], probing: probing), into: journal
        ) {
          try await Task.sleep(for: .milliseconds(300))
        }
        #expect(journal.probes.count >= 20)
        #expect(journal.probes.allSatisfy { $0.isGood == isGood && $0.answers.count == 1 })
        #expect(journal.probes.allSatisfy { $0.trouble == (isGood ? "" : "refused") })
      }
    }
  }

  @Test
  func `a network that is down is said to be so`() async throws {
    try await WireSegment.with { segment in
      try WireSegment.ip("-n", segment.host("client"), "link", "set", "eth0", "down")
      let journal = KeptJournal()
      let site = segment.site(addresses: [vip])
      try await ARPProbe(from: segment.vantage).watch(site, into: journal) {
        try await Task.sleep(for: .milliseconds(100))
      }
      try await EchoProbe(from: segment.vantage).watch(site, into: journal) {
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(Set(journal.probes.map(\.method)) == [.arp, .echo])
      #expect(journal.probes.allSatisfy { $0.trouble.hasPrefix("not sent: Network is ") })
    }
  }
}
