// IPv6 against real kernels in namespaces: who answers, who announces, and that asking changes
// nothing; and a capture that a node's tcpdump makes.

import Foundation
import Glibc
import TakeoverModel
import TakeoverRemote
import TakeoverRun
import TakeoverWire
import Testing

@Suite(.serialized, .alone, .enabled(if: getuid() == 0, "needs root"))
struct `IPv6 on a segment` {
  private let vip = "fd00:77::64"

  private func mac(_ host: String, in segment: WireSegment) throws -> MACAddress {
    try segment.sender(in: host).hardwareAddress()
  }

  private func site(_ segment: WireSegment, probing: Probing = Probing()) -> Site {
    var site = segment.site(addresses: [vip], probing: probing)
    site.addresses = site.addresses.map { VirtualAddress($0.address, prefix: 64) }
    return site
  }

  private func give(_ address: String, to host: String, in segment: WireSegment) throws {
    try WireSegment.ip(
      "-n", segment.host(host), "addr", "add", "\(address)/64", "dev", "eth0", "nodad")
  }

  @Test
  func `two hosts with one address both answer a neighbour probe, and nobody announces`()
    async throws
  {
    try await WireSegment.with { segment in
      for host in ["a", "b"] { try give(vip, to: host, in: segment) }
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let (journal, wire) = (KeptJournal(), KeptJournal())
      let site = site(segment)
      try await WireObserver(capturePath: path).watch(site, into: wire) {
        try await NeighbourProbe(from: segment.vantage).watch(site, into: journal) {
          try await Task.sleep(for: .milliseconds(500))
        }
      }
      let probes = journal.probes
      #expect(probes.count >= 15)
      let both = Set([try mac("a", in: segment), try mac("b", in: segment)])
      #expect(probes.allSatisfy { Set($0.answers.compactMap(\.mac)) == both })
      #expect(probes.allSatisfy { $0.method == .neighbour && $0.answers.count == 2 && $0.isGood })
      // Every answer is one: asking makes nobody announce, so it mends nobody's table.
      #expect(Set(wire.announcements.map(\.form)) == [.answer])
      #expect(wire.states.allSatisfy { $0.trouble.isEmpty })
    }
  }

  @Test
  func `asking who has an address does not mend the asker's own table`() async throws {
    try await WireSegment.with { segment in
      try give(vip, to: "a", in: segment)
      try give("fd00:77::3", to: "client", in: segment)
      let wrong = "02:00:00:00:0b:ad"
      try WireSegment.ip(
        "-n", segment.host("client"), "neigh", "replace", vip, "lladdr", wrong, "dev", "eth0",
        "nud", "stale")
      let journal = KeptJournal()
      try await NeighbourProbe(from: segment.vantage).watch(site(segment), into: journal) {
        try await Task.sleep(for: .milliseconds(1500))
      }
      #expect(journal.probes.count { $0.isGood } >= 50)
      let text = try WireSegment.answer(
        of: "-n", segment.host("client"), "-6", "neigh", "show", vip)
      #expect(text.contains(wrong), "\(text)")
    }
  }

  @Test
  func `pings and connections reach an IPv6 address, and say who answered`() async throws {
    try await WireSegment.with { segment in
      try give(vip, to: "a", in: segment)
      try give("fd00:77::3", to: "client", in: segment)
      let journal = KeptJournal()
      let probing = Probing(connect: .milliseconds(10), port: 8080)
      let place = self.site(segment, probing: probing)
      // The client's own link-local address is not ready before duplicate address detection.
      try await Task.sleep(for: .seconds(2))
      try await EchoProbe(from: segment.vantage).watch(place, into: journal) {
        try await Task.sleep(for: .milliseconds(500))
      }
      try await ConnectProbe(from: segment.vantage).watch(place, into: journal) {
        try await Task.sleep(for: .milliseconds(500))
      }
      let echoes = journal.probes.filter { $0.method == .echo }
      #expect(echoes.count { $0.isGood } >= 20)
      let holder = try mac("a", in: segment)
      #expect(echoes.filter(\.isGood).allSatisfy { $0.answers.map(\.mac) == [holder] })
      let connections = journal.probes.filter { $0.method == .connect }
      #expect(connections.count { $0.trouble == "refused" } >= 20)
    }
  }

  @Test
  func `whoever takes an address is seen to ask for it first`() async throws {
    try await WireSegment.with { segment in
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let journal = KeptJournal()
      try await WireObserver(capturePath: path).watch(site(segment), into: journal) {
        try WireSegment.ip("-n", segment.host("a"), "addr", "add", "\(vip)/64", "dev", "eth0")
        try await Task.sleep(for: .milliseconds(2500))
      }
      let forms = journal.announcements.filter { $0.sight.port == "a" && !$0.sight.outgoing }
        .map(\.form)
      #expect(forms.first == .probe)
    }
  }

  @Test(.enabled(if: hasTcpdump, "needs tcpdump"))
  func `a capture through a node sees the same frames, when they were`() async throws {
    try await WireSegment.with { segment in
      let transport = LocalTransport()
      let folder = FileManager.default.temporaryDirectory
      let paths = (0..<2).map { _ in
        folder.appendingPathComponent("takeover-\(UUID().uuidString).pcapng").path
      }
      defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
      try give(vip, to: "a", in: segment)
      var site = site(segment)
      site.captures = [segment.port("a")]
      let point = CapturePoint(
        name: "far", interface: "eth0", namespace: segment.path("a"), node: "a", through: "a")
      let (near, far) = (KeptJournal(), KeptJournal())
      let clock = WallClock()
      let sender = try segment.sender(in: "a")
      let own = try mac("a", in: segment)
      let target = try #require(IPAddress(vip))
      let message = NeighbourMessage(
        .advertisement, target: target, linkLayer: own, overrides: true)
      let group = NeighbourMessage.allNodes
      let packet = IPv6Packet(
        protocolNumber: 58, source: target, destination: group,
        payload: message.bytes(from: target, to: group)[...], hopLimit: 255)
      let frame = EthernetFrame(
        destination: group.groupMAC, source: own, kind: 0x86dd, payload: packet.bytes[...])
      try await WireObserver(capturePath: paths[0]).watch(site, into: near, clock: clock) {
        try await RemoteCapture(point, over: transport, capturePath: paths[1]).watch(
          site, into: far, clock: clock
        ) {
          for _ in 0..<20 {
            #expect(sender.send(frame.bytes) == 0)
            try await Task.sleep(for: .milliseconds(100))
          }
          try await Task.sleep(for: .milliseconds(1500))
        }
      }
      let here = near.stamps
      let there = far.stamps
      #expect(here.count == 20)
      #expect(there.count == 20)
      // A frame leaves eth0 some microseconds before it comes in at the port. On a busy machine that is
      // the work of another thread, which waits for a processor: one may be late, by less than the time
      // between two of them, but not most of them.
      let soon = zip(here, there).filter { one, other in
        #expect(Interval(other.earliest, other.latest + .milliseconds(100)).contains(one.middle))
        return Interval(other.earliest, other.latest + .milliseconds(1)).contains(one.middle)
      }
      #expect(soon.count > 10)
      let widths = there.map(\.width).sorted()
      print("remote capture: widths \(widths[0]) to \(widths[19])")
      #expect(widths[19] < .milliseconds(20))
      #expect(far.announcements.allSatisfy { !$0.sight.outgoing && $0.overrides == true })
      #expect(far.states.count >= 3)
      #expect(far.states.last.map { $0.dropped == 0 && $0.trouble.isEmpty } == true)
      let left = try FileManager.default.contentsOfDirectory(atPath: "/tmp")
        .filter { $0.hasPrefix("takeover-capture-") }
      #expect(left == [])
    }
  }
}

extension KeptJournal {
  /// When announcements were seen.
  fileprivate var stamps: [Interval] {
    observations.compactMap { if case .announcement = $0.event { $0.when } else { nil } }
  }
}

private let hasTcpdump = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].contains {
  FileManager.default.isExecutableFile(atPath: $0)
}
