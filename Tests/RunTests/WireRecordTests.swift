// From frames to the journal's lines, without a socket.

import TakeoverModel
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite struct `The wire's record` {
  private let vip = IPAddress.v4(0xac10_0064)
  private let node = IPAddress.v4(0xac10_0001)
  private let mac = MACAddress(bits: 0x0200_0000_0001)
  private let origin: Int64 = 1_700_000_000_000_000_000

  private func record(vlan: Int? = nil) -> WireRecord {
    WireRecord(
      addresses: [vip],
      points: ["a", "b"].map { CapturePoint(name: $0, interface: $0, vlan: vlan) }, origin: origin)
  }

  private func sighting(
    _ bytes: [UInt8], _ direction: CapturedFrame.Direction = .host, point: Int = 0,
    after nanoseconds: Int64 = 1
  ) -> PacketCapture.Sighting {
    PacketCapture.Sighting(
      point: point,
      frame: CapturedFrame(
        stamp: origin + nanoseconds, direction: direction, bytes: bytes,
        originalLength: bytes.count))
  }

  private func ethernet(_ kind: UInt16, _ payload: [UInt8], tags: [UInt16] = []) -> [UInt8] {
    EthernetFrame(
      destination: .broadcast, source: mac, tags: tags, kind: kind, payload: payload[...]
    ).bytes
  }

  private func arp(
    _ operation: UInt16, _ sender: IPAddress, _ target: IPAddress, tags: [UInt16] = []
  ) -> [UInt8] {
    let packet = ARPPacket(
      operation: operation, senderHardware: mac, sender: sender, targetHardware: .zero,
      target: target)
    return ethernet(0x0806, packet.bytes, tags: tags)
  }

  private func tcp() -> [UInt8] {
    let packet = IPv4Packet(
      protocolNumber: 6, source: vip, destination: node, payload: [1, 2, 3, 4])
    return ethernet(0x0800, packet.bytes)
  }

  @Test func `an announcement keeps its stamp to the nanosecond, and where it was seen`() {
    var record = record()
    let seen = record.take(
      sighting(arp(1, vip, vip), .outgoing, point: 1, after: 123_456_789), number: 7)
    #expect(seen.trouble == [])
    #expect(
      seen.observations == [
        Observation(
          when: Interval(at: Moment(nanoseconds: 123_456_789)), source: "wire/b",
          event: .announcement(
            AnnouncementSeen(
              sight: FrameSight(
                port: "b", frame: 7, outgoing: true, source: mac, destination: .broadcast),
              form: .announcement, address: vip, claimant: mac)))
      ])
  }

  @Test func `who asks for an address without claiming it is not in the journal`() {
    var record = record()
    #expect(record.take(sighting(arp(1, .v4(0), vip)), number: 1).observations == [])
    #expect(record.take(sighting(arp(1, node, vip)), number: 2).observations == [])
    #expect(record.take(sighting(arp(2, vip, node)), number: 3).observations.count == 1)
    #expect(record.take(sighting(arp(1, vip, node)), number: 4).observations.count == 1)
  }

  @Test func `an advertisement is written down with what a receiver would reject it for`() {
    var record = record()
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 51, priority: 0, intervalField: 100, addresses: [vip])
    let packet = IPv4Packet(
      protocolNumber: 112, source: node, destination: VRRPAdvertisement.group,
      payload: advertisement.bytes(from: node, to: VRRPAdvertisement.group)[...],
      timeToLive: 64)
    let seen = record.take(sighting(ethernet(0x0800, packet.bytes)), number: 1)
    guard case .advertisement(let said)? = seen.observations.first?.event else {
      Issue.record("not an advertisement")
      return
    }
    #expect(said.priority == 0)
    #expect(said.interval == 1_000_000_000)
    #expect(said.addresses == [vip])
    #expect(said.defects == ["TTL 64 instead of 255"])
  }

  @Test func `a busy holder is written down once in five milliseconds, at its own port only`() {
    var record = record()
    var written = 0
    for millisecond in 0..<20 {
      let after = Int64(millisecond) * 1_000_000
      written += record.take(sighting(tcp(), after: after), number: 1).observations.count
      #expect(
        record.take(sighting(tcp(), .outgoing, point: 1, after: after), number: 2)
          .observations == [])
    }
    #expect(written == 4)
  }

  @Test func `a tag and a damaged frame make the capture doubtful`() {
    var record = record()
    let tagged = record.take(sighting(arp(1, vip, vip, tags: [5])), number: 1)
    #expect(tagged.trouble == ["frames with a VLAN tag"])
    #expect(tagged.observations == [], "it is on another network")
    #expect(
      record.take(sighting(Array(arp(1, vip, vip).dropLast())), number: 2).trouble
        == ["damaged frame"])
  }

  @Test func `on a trunk only the network that is meant is read, and nothing is doubted`() {
    var trunk = record(vlan: 5)
    // The upper four bits are the priority.
    for (tags, isMeant) in [
      ([5], true), ([0xe005], true), ([6], false), ([], false), ([5, 6], false), ([0, 5], true),
    ] as [([UInt16], Bool)] {
      let seen = trunk.take(sighting(arp(1, vip, vip, tags: tags)), number: 1)
      #expect(seen.observations.count == (isMeant ? 1 : 0), "\(tags)")
      #expect(seen.trouble == [])
    }
    var plain = record()
    let priority = plain.take(sighting(arp(1, vip, vip, tags: [0xe000])), number: 1)
    #expect(priority.observations.count == 1, "a priority is no network")
    #expect(priority.trouble == [])
  }

  @Test func `an advertisement that was cut makes the capture doubtful`() {
    var record = record()
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 51, priority: 1, intervalField: 100, addresses: [vip])
    let packet = IPv4Packet(
      protocolNumber: 112, source: node, destination: VRRPAdvertisement.group,
      payload: advertisement.bytes(from: node, to: VRRPAdvertisement.group)[...],
      timeToLive: 255)
    let frame = Array(ethernet(0x0800, packet.bytes).dropLast(4))
    #expect(record.take(sighting(frame), number: 1).trouble == ["truncated frame"])
  }

  // MARK: IPv6

  private let vipV6 = IPAddress.v6(high: 0xfd00 << 48, low: 3)
  private let nobody = NeighbourMessage.unspecified

  private func neighbour(
    _ message: NeighbourMessage, from source: IPAddress, to destination: IPAddress,
    hopLimit: UInt8 = 255, tags: [UInt16] = []
  ) -> [UInt8] {
    let packet = IPv6Packet(
      protocolNumber: 58, source: source, destination: destination,
      payload: message.bytes(from: source, to: destination)[...], hopLimit: hopLimit)
    return ethernet(0x86dd, packet.bytes, tags: tags)
  }

  private func claims(_ frame: [UInt8]) -> (claims: [AnnouncementSeen], trouble: [String]) {
    var record = WireRecord(
      addresses: [vipV6], points: [CapturePoint(name: "a", interface: "a")], origin: origin)
    let seen = record.take(sighting(frame), number: 1)
    let claims = seen.observations.compactMap {
      if case .announcement(let claim) = $0.event { claim } else { nil }
    }
    return (claims, seen.trouble)
  }

  @Test func `a neighbour advertisement announces or answers, for the address in its option`() {
    let said = MACAddress(bits: 0x0200_0000_0077)
    for (isSolicited, form) in [(false, AnnouncementSeen.Form.announcement), (true, .answer)] {
      let message = NeighbourMessage(
        .advertisement, target: vipV6, linkLayer: said, isSolicited: isSolicited, overrides: true)
      let to = isSolicited ? IPAddress.v6(high: 0xfe80 << 48, low: 9) : NeighbourMessage.allNodes
      let seen = claims(neighbour(message, from: vipV6, to: to))
      #expect(seen.claims.map(\.form) == [form])
      #expect(seen.claims.map(\.claimant) == [said])
      #expect(seen.claims.map(\.overrides) == [true])
      #expect(seen.trouble == [])
    }
    let bare = NeighbourMessage(.advertisement, target: vipV6, linkLayer: nil)
    let seen = claims(neighbour(bare, from: vipV6, to: NeighbourMessage.allNodes))
    #expect(seen.claims.map(\.claimant) == [mac])
    #expect(seen.claims.map(\.overrides) == [false])
  }

  @Test func `somebody who is about to take the address is noticed, and claims nothing`() {
    let message = NeighbourMessage(.solicitation, target: vipV6, linkLayer: nil)
    let seen = claims(neighbour(message, from: nobody, to: vipV6.solicitedNode))
    #expect(seen.claims.map(\.form) == [.probe])
    #expect(seen.claims.map(\.overrides) == [nil])
  }

  @Test func `a neighbour message that every receiver throws away is trouble and no claim`() {
    let message = NeighbourMessage(.advertisement, target: vipV6, linkLayer: mac)
    let seen = claims(
      neighbour(message, from: vipV6, to: NeighbourMessage.allNodes, hopLimit: 64))
    #expect(seen.claims == [])
    #expect(seen.trouble == ["invalid neighbour message"])
  }

  @Test func `a tag is trouble on a frame about the address only`() {
    let message = NeighbourMessage(.advertisement, target: vipV6, linkLayer: mac)
    let about = neighbour(message, from: vipV6, to: NeighbourMessage.allNodes, tags: [7])
    #expect(claims(about).trouble == ["frames with a VLAN tag"])
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 9, priority: 1, intervalField: 100, addresses: [node])
    let packet = IPv4Packet(
      protocolNumber: 112, source: node, destination: VRRPAdvertisement.group,
      payload: advertisement.bytes(from: node, to: VRRPAdvertisement.group)[...],
      timeToLive: 255)
    #expect(claims(ethernet(0x0800, packet.bytes, tags: [7])).trouble == [])
  }

  @Test func `where nothing is known, the addresses are those that are advertised`() {
    var record = WireRecord(
      addresses: [], points: [CapturePoint(name: "lan", interface: "eth0")], origin: origin,
      learns: true)
    #expect(record.take(sighting(arp(1, vip, vip)), number: 1).observations == [])
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 51, priority: 1, intervalField: 100, addresses: [vip])
    let packet = IPv4Packet(
      protocolNumber: 112, source: node, destination: VRRPAdvertisement.group,
      payload: advertisement.bytes(from: node, to: VRRPAdvertisement.group)[...])
    let seen = record.take(sighting(ethernet(0x0800, packet.bytes)), number: 2)
    #expect(seen.observations.count == 1)
    #expect(record.take(sighting(arp(1, vip, vip)), number: 3).observations.count == 1)
    #expect(record.take(sighting(arp(1, node, node)), number: 4).observations == [])
  }
}
