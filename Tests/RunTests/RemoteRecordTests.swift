// A node's tcpdump without a node: frames that wait for the clock, directions, what tcpdump says.

import TakeoverModel
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite struct `A remote capture's record` {
  private let origin: Int64 = 1_700_000_000_000_000_000
  private let own = MACAddress(bits: 0x0200_0000_0001)
  private let vip = IPAddress.v4(0xac10_0064)
  private let node = IPAddress.v4(0xac10_0001)

  private func record(node: String? = "a") -> RemoteRecord {
    RemoteRecord(
      CapturePoint(name: "a", interface: "eth0", node: node, through: "a"), own: own,
      addresses: [self.node], origin: origin)
  }

  /// A pcap stream with nanoseconds, one frame at `stamp` nanoseconds behind the origin.
  private func stream(_ stamp: Int64, _ bytes: [UInt8], header: Bool = true) -> [UInt8] {
    let time = origin + stamp
    let words: [Int64] =
      (header ? [0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, 1] : [])
      + [time / 1_000_000_000, time % 1_000_000_000, Int64(bytes.count), Int64(bytes.count)]
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
      + bytes
  }

  private func frame(from source: MACAddress, sender: IPAddress? = nil) -> [UInt8] {
    if let sender {
      let advertisement = VRRPAdvertisement(
        version: 3, vrid: 1, priority: 9, intervalField: 10, addresses: [vip])
      let packet = IPv4Packet(
        protocolNumber: 112, source: sender, destination: VRRPAdvertisement.group,
        payload: advertisement.bytes(from: sender, to: VRRPAdvertisement.group)[...],
        timeToLive: 255)
      return EthernetFrame(
        destination: .broadcast, source: source, kind: 0x0800, payload: packet.bytes[...]
      ).bytes
    }
    let packet = ARPPacket(
      operation: 1, senderHardware: source, sender: vip, targetHardware: .broadcast, target: vip)
    return EthernetFrame(
      destination: .broadcast, source: source, kind: 0x0806, payload: packet.bytes[...]
    ).bytes
  }

  /// A clock that is 7.3 s ahead, read 100 µs into a round trip of 200 µs.
  private func sample(at moment: Int64) -> ClockBracket.Sample {
    ClockBracket.Sample(
      sent: Moment(nanoseconds: moment), node: origin + 7_300_000_000 + moment + 100_000,
      received: Moment(nanoseconds: moment + 200_000))
  }

  @Test func `a frame waits until the clock was read after it`() throws {
    var record = record()
    record.add(sample(at: 0))
    try record.feed(
      stream(7_300_000_000 + 500_000_000, frame(from: own)), at: Moment(nanoseconds: 500_100_000))
    #expect(record.received == 1)
    #expect(record.settle(at: Moment(nanoseconds: 600_000_000)) == [])
    record.add(sample(at: 1_000_000_000))
    let settled = record.settle(at: Moment(nanoseconds: 1_000_300_000))
    #expect(settled.count == 1)
    let when = try #require(settled.first?.when)
    #expect(when.contains(Moment(nanoseconds: 500_000_000)))
    #expect(when.width < .microseconds(750))
    #expect(settled.first?.frame.stamp == origin + when.middle.nanoseconds)
  }

  @Test func `a frame does not wait for ever, and is placed less well then`() throws {
    var record = record()
    record.add(sample(at: 0))
    try record.feed(
      stream(7_300_000_000 + 4_000_000_000, frame(from: own)),
      at: Moment(nanoseconds: 4_000_000_000))
    #expect(record.settle(at: Moment(nanoseconds: 6_900_000_000)) == [])
    let settled = record.settle(at: Moment(nanoseconds: 7_100_000_000))
    #expect(settled.first?.when.contains(Moment(nanoseconds: 4_000_000_000)) == true)
    #expect(settled.first.map { $0.when.width > .milliseconds(4) } == true)
  }

  @Test func `what the node sends comes in at its port, all else goes out to it`() throws {
    let peer = MACAddress(bits: 0x0200_0000_0002)
    let shared = MACAddress(bits: 0x5e_0001_33)
    let frames: [([UInt8], CapturedFrame.Direction)] = [
      (frame(from: own), .host), (frame(from: peer), .outgoing),
      (frame(from: shared, sender: node), .host), (frame(from: shared, sender: vip), .outgoing),
    ]
    for (bytes, direction) in frames {
      var record = record()
      record.add(sample(at: 0))
      try record.feed(stream(0, bytes), at: .began)
      #expect(record.settle(at: .began, all: true).map(\.frame.direction) == [direction])
    }
    var segment = record(node: nil)
    segment.add(sample(at: 0))
    try segment.feed(stream(0, frame(from: peer)), at: .began)
    #expect(segment.settle(at: .began, all: true).map(\.frame.direction) == [.host])
  }

  @Test func `on a trunk tcpdump is asked for the network that is meant`() throws {
    var point = CapturePoint(name: "far", interface: "eth0", through: "a")
    let plain = try #require(RemoteTools.tcpdump(at: point, addresses: [.v4(3)]).last)
    point.vlan = 12
    #expect(RemoteTools.tcpdump(at: point, addresses: [.v4(3)]).last == "vlan 12 and (\(plain))")
  }

  @Test func `what tcpdump says of its losses is added up, the last word counts`() {
    let said = """
      tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 176 bytes
      tcpdump: 12 packets captured, 14 packets received by filter, 0 packets dropped by kernel
      tcpdump: 15 packets captured, 19 packets received by filter, 2 packets dropped by kernel, 1 packet dropped by interface
      """
    #expect(RemoteTools.dropped(in: said) == 3)
    #expect(RemoteTools.dropped(in: "tcpdump: listening on eth0") == nil)
    #expect(RemoteTools.dropped(in: "99999999999999999999 packets dropped by kernel") == nil)
  }
}
