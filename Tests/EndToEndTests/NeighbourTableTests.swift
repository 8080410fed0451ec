// Clients' neighbour entries on real kernels: what changes them, what does not, and when.

import Foundation
import Glibc
import TakeoverModel
import TakeoverRun
import TakeoverWire
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Neighbour tables` {
  private let vip = IPAddress.v4(0x0a4d_0064)
  private let vipV6 = IPAddress.v6(high: 0xfd77 << 48, low: 0x64)

  private func entries(_ journal: KeptJournal) -> [(when: Interval, entry: NeighbourEntry)] {
    journal.observations.compactMap { observation in
      guard case .neighbour(let entry) = observation.event else { return nil }
      return (observation.when, entry)
    }
  }

  private func shell(_ segment: WireSegment, _ host: String, _ line: String) throws {
    try WireSegment.ip("netns", "exec", segment.host(host), "sh", "-c", line)
  }

  private func mac(of host: String, in segment: WireSegment) throws -> MACAddress {
    try segment.sender(in: host).hardwareAddress()
  }

  /// A client's ordinary life: its kernel sends to the address, and asks for it when it has to.
  private func live(_ segment: WireSegment, for time: Duration) async throws {
    let site = segment.site(addresses: ["10.77.0.100"])
    try await EchoProbe(from: segment.vantage).watch(site, into: KeptJournal()) {
      try await Task.sleep(for: time)
    }
  }

  private func frame(
    _ kind: UInt16, _ payload: [UInt8], from mac: MACAddress, to destination: MACAddress
  ) -> [UInt8] {
    EthernetFrame(destination: destination, source: mac, kind: kind, payload: payload[...]).bytes
  }

  private func announcement(from mac: MACAddress) -> [UInt8] {
    let packet = ARPPacket(
      operation: 1, senderHardware: mac, sender: vip, targetHardware: .broadcast, target: vip)
    return frame(EthernetFrame.Kind.arp, packet.bytes, from: mac, to: .broadcast)
  }

  /// Unsolicited, to everybody, overriding (RFC 4861 7.2.6).
  private func announcementV6(from mac: MACAddress) -> [UInt8] {
    let group = NeighbourMessage.allNodes
    let message = NeighbourMessage(
      .advertisement, target: vipV6, linkLayer: mac, overrides: true)
    let packet = IPv6Packet(
      protocolNumber: IPv6Packet.Number.icmp, source: vipV6, destination: group,
      payload: message.bytes(from: vipV6, to: group)[...], hopLimit: 255)
    return frame(EthernetFrame.Kind.ipv6, packet.bytes, from: mac, to: group.groupMAC)
  }

  @Test func `an announcement changes a client's entry at once, and makes it stale`() async throws {
    try await WireSegment.with { segment in
      let (journal, clock) = (KeptJournal(), WallClock())
      let (a, b) = (try mac(of: "a", in: segment), try mac(of: "b", in: segment))
      var announced = Moment.began
      try await NeighbourTableObserver(from: segment.vantage).watch(
        segment.site(addresses: ["10.77.0.100"]), into: journal, clock: clock
      ) {
        try shell(segment, "a", "ip addr add 10.77.0.100/24 dev eth0")
        try await live(segment, for: .milliseconds(200))
        announced = clock.now()
        #expect(try segment.sender(in: "b").send(announcement(from: b)) == 0)
        try await Task.sleep(for: .milliseconds(100))
      }
      let seen = entries(journal)
      #expect(seen.first?.entry.state == NeighbourEntry.State.none)
      #expect(seen.contains { $0.entry.mac == a && $0.entry.state == .reachable })
      let change = try #require(seen.last)
      #expect(
        change.entry == NeighbourEntry(vantage: "client", address: vip, mac: b, state: .stale))
      #expect(change.when.latest >= announced)
      #expect(change.when.earliest.since(announced) < .milliseconds(50), "\(change.when)")
      #expect(change.when.width < .milliseconds(60), "\(change.when.width)")
      let described = journal.observations.compactMap { observation in
        if case .vantageDescribed(let one) = observation.event { one } else { nil }
      }
      #expect(described.first?.addresses.contains(.v4(0x0a4d_0003)) == true)
    }
  }

  @Test func `without an announcement the client asks by itself, and then knows`() async throws {
    try await WireSegment.with { segment in
      let journal = KeptJournal()
      let b = try mac(of: "b", in: segment)
      // Half a minute of trust and five seconds of patience are shortened, for the test's sake.
      let knobs = "/proc/sys/net/ipv4/neigh/eth0"
      try shell(
        segment, "client",
        "echo 300 >\(knobs)/base_reachable_time_ms; echo 1 >\(knobs)/delay_first_probe_time; "
          + "echo 100 >\(knobs)/retrans_time_ms")
      try shell(segment, "a", "ip addr add 10.77.0.100/24 dev eth0")
      try await NeighbourTableObserver(from: segment.vantage).watch(
        segment.site(addresses: ["10.77.0.100"]), into: journal
      ) {
        try await live(segment, for: .milliseconds(200))
        try shell(segment, "a", "ip addr del 10.77.0.100/24 dev eth0")
        try shell(segment, "b", "ip addr add 10.77.0.100/24 dev eth0")
        try await live(segment, for: .seconds(5))
      }
      let seen = entries(journal).map(\.entry)
      #expect(seen.contains { $0.state == .probe }, "\(seen)")
      let healed = try #require(seen.first { $0.mac == b })
      #expect(healed.state == .reachable)
    }
  }

  @Test func `the harness's own questions heal nothing`() async throws {
    try await WireSegment.with { segment in
      // b has the addresses without a word; the client still believes in a.
      let a = try mac(of: "a", in: segment)
      try shell(segment, "client", "ip addr add fd77::3/64 dev eth0 nodad")
      try shell(segment, "b", "ip addr add 10.77.0.100/24 dev eth0")
      try shell(segment, "b", "ip addr add fd77::64/64 dev eth0 nodad")
      // Its own first words (duplicate address detection of its link-local address) are over.
      try await Task.sleep(for: .seconds(2))
      for address in [vip, vipV6] {
        try shell(segment, "client", "ip neigh replace \(address) lladdr \(a) dev eth0 nud stale")
      }
      let site = segment.site(addresses: ["10.77.0.100", "fd77::64"])
      let (journal, clock) = (KeptJournal(), WallClock())
      try await NeighbourTableObserver(from: segment.vantage).watch(
        site, into: journal, clock: clock
      ) {
        try await ARPProbe(from: segment.vantage).watch(site, into: journal, clock: clock) {
          try await NeighbourProbe(from: segment.vantage).watch(site, into: journal, clock: clock) {
            try await Task.sleep(for: .seconds(2))
          }
        }
      }
      #expect(journal.probes.count { $0.isGood } > 100, "b answers the questions")
      for address in [vip, vipV6] {
        let entries = entries(journal).filter { $0.entry.address == address }
        #expect(entries.map(\.entry.mac) == [a], "\(address): \(entries)")
      }
    }
  }

  @Test func `entries of IPv6 are watched, and announcements change them, too`() async throws {
    try await WireSegment.with { segment in
      let journal = KeptJournal()
      let (a, b) = (try mac(of: "a", in: segment), try mac(of: "b", in: segment))
      try shell(segment, "client", "ip addr add fd77::3/64 dev eth0 nodad")
      try await NeighbourTableObserver(from: segment.vantage).watch(
        segment.site(addresses: ["fd77::64"]), into: journal
      ) {
        try shell(segment, "client", "ip neigh replace fd77::64 lladdr \(a) dev eth0 nud stale")
        try await Task.sleep(for: .milliseconds(50))
        #expect(try segment.sender(in: "b").send(announcementV6(from: b)) == 0)
        try await Task.sleep(for: .milliseconds(100))
        try shell(segment, "client", "ip neigh del fd77::64 dev eth0")
        try await Task.sleep(for: .milliseconds(50))
      }
      let seen = entries(journal).map(\.entry)
      #expect(seen.map(\.state).first == NeighbourEntry.State.none)
      #expect(seen.compactMap(\.mac) == [a, b] || seen.compactMap(\.mac) == [a, b, b], "\(seen)")
      #expect(seen.contains { $0.mac == b && $0.state == .stale }, "\(seen)")
      #expect(seen.last?.state == NeighbourEntry.State.none, "\(seen)")
    }
  }

  @Test func `an interface that is made anew has a new table`() async throws {
    try await WireSegment.with { segment in
      let journal = KeptJournal()
      let a = try mac(of: "a", in: segment)
      let learn = "ip neigh replace 10.77.0.100 lladdr \(a) dev eth0 nud permanent"
      try await NeighbourTableObserver(from: segment.vantage).watch(
        segment.site(addresses: ["10.77.0.100"]), into: journal
      ) {
        try shell(segment, "client", learn)
        try await Task.sleep(for: .milliseconds(50))
        try WireSegment.ip("-n", segment.fabric, "link", "del", "port-client")
        try await Task.sleep(for: .milliseconds(100))
        try segment.plug("client", address: "10.77.0.3/24")
        try await Task.sleep(for: .milliseconds(50))
        try shell(segment, "client", learn)
        try await Task.sleep(for: .milliseconds(50))
      }
      let states = entries(journal).map(\.entry.state)
      #expect(states.count { $0 == .permanent } == 2, "\(states)")
      #expect(states.last == .permanent)
    }
  }
}
