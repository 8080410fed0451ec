// Frames as bytes and back; and that no bytes, however broken, do harm.

import TakeoverModel
import TakeoverWire
import Testing

enum Samples {
  static let vip = IPAddress.v4(0xac10_0064)
  static let node = IPAddress.v4(0xac10_0001)
  static let peer = IPAddress.v4(0xac10_0002)
  static let mac = MACAddress(bits: 0x0200_0000_0001)

  static func arp(
    _ operation: UInt16, _ sender: IPAddress, _ target: IPAddress, hardware: MACAddress = .zero,
    tags: [UInt16] = []
  ) -> [UInt8] {
    let packet = ARPPacket(
      operation: operation, senderHardware: mac, sender: sender, targetHardware: hardware,
      target: target)
    return EthernetFrame(
      destination: .broadcast, source: mac, tags: tags, kind: 0x0806, payload: packet.bytes[...]
    ).bytes
  }

  static func ipv4(
    _ number: UInt8, _ payload: [UInt8], to: IPAddress = VRRPAdvertisement.group,
    from: IPAddress = node, timeToLive: UInt8 = 255
  ) -> [UInt8] {
    let packet = IPv4Packet(
      protocolNumber: number, source: from, destination: to, payload: payload[...],
      timeToLive: timeToLive)
    return EthernetFrame(
      destination: .broadcast, source: mac, kind: 0x0800, payload: packet.bytes[...]
    ).bytes
  }

  static func vrrp(version: UInt8, to: IPAddress = VRRPAdvertisement.group) -> [UInt8] {
    ipv4(112, advertisement(version).bytes(from: node, to: to), to: to)
  }

  static func advertisement(_ version: UInt8) -> VRRPAdvertisement {
    VRRPAdvertisement(
      version: version, vrid: 51, priority: 100, intervalField: version == 2 ? 1 : 10,
      addresses: [vip, peer], authentication: version == 2 ? 1 : 0,
      authenticationData: version == 2 ? [0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0, 0] : [])
  }

  static let echo = ipv4(
    1,
    ICMPEcho(isReply: true, identifier: 7, sequence: 9, payload: [1, 2, 3])
      .bytes(from: vip, to: peer), to: peer, from: vip, timeToLive: 64)

  static var all: [[UInt8]] {
    [
      arp(1, vip, vip), arp(2, vip, peer), arp(1, .v4(0), vip, tags: [5]), vrrp(version: 2),
      vrrp(version: 3), vrrp(version: 3, to: peer), echo,
      ipv4(6, [UInt8](repeating: 7, count: 20), from: vip),
    ] + SamplesV6.all
  }
}

@Suite struct `Frames` {
  @Test func `every kind of frame reads back as it was written`() throws {
    for bytes in Samples.all {
      let ethernet = try #require(Frame(bytes).ethernet)
      #expect(ethernet.bytes == bytes)
      switch Frame(bytes).body {
      case .arp(let packet): #expect(packet.bytes[...] == ethernet.payload)
      case .neighbour(let packet, let message):
        #expect(packet.bytes[...] == ethernet.payload)
        #expect(
          message.bytes(from: packet.source, to: packet.destination)[...] == packet.payload)
        #expect(message.defects == [])
      case .vrrp(let packet, let advertisement):
        #expect(packet.bytes[...] == ethernet.payload)
        #expect(
          advertisement.bytes(from: packet.source, to: packet.destination)[...]
            == packet.payload)
        #expect(advertisement.defects(in: packet) == [])
      case .echo(let packet, let echo):
        #expect(packet.bytes[...] == ethernet.payload)
        #expect(echo.bytes(from: packet.source, to: packet.destination)[...] == packet.payload)
        #expect(echo.checksumHolds)
      case .ip(let packet): #expect(packet.bytes[...] == ethernet.payload)
      case .other, .damaged: Issue.record("not understood")
      }
    }
  }

  @Test func `every truncation of every kind is understood in part or called damaged`() {
    for bytes in Samples.all {
      for length in 0..<bytes.count {
        switch Frame(bytes[..<length]).body {
        case .damaged: break
        case .arp, .other: Issue.record("\(length) of \(bytes.count) bytes passed for whole")
        case .vrrp(let packet, let advertisement):
          #expect(!packet.isWhole)
          #expect(!advertisement.defects(in: packet).isEmpty)
        case .neighbour(let packet, _): #expect(!packet.isWhole)
        case .ip(let packet), .echo(let packet, _): #expect(!packet.isWhole)
        }
      }
    }
  }

  @Test func `padding of a short frame is not taken for payload`() {
    let bytes = Samples.vrrp(version: 3) + [UInt8](repeating: 0, count: 10)
    guard case .vrrp(let packet, let advertisement) = Frame(bytes).body else {
      Issue.record("not an advertisement")
      return
    }
    #expect(packet.isWhole)
    #expect(advertisement.defects(in: packet) == [])
  }

  @Test func `a fragment is noticed and its middle not read as a header`() throws {
    var packet = IPv4Packet(
      protocolNumber: 112, source: Samples.node, destination: Samples.peer,
      payload: [0x31, 1, 2, 3, 4, 5, 6, 7])
    packet.fragmentOffset = 8
    let frame = EthernetFrame(
      destination: .broadcast, source: Samples.mac, kind: 0x0800, payload: packet.bytes[...])
    guard case .ip(let read) = Frame(frame.bytes).body else {
      Issue.record("read as more than a packet")
      return
    }
    #expect(read.isFragment)
  }

  @Test(arguments: [
    (UInt16(1), Samples.vip, Samples.vip, ARPPacket.Meaning.announcement),
    (2, Samples.vip, Samples.vip, .announcement),
    (1, .v4(0), Samples.vip, .probe),
    (1, Samples.node, Samples.vip, .question),
    (2, Samples.vip, Samples.node, .answer),
  ])
  func `an ARP frame means what the field's table says`(
    operation: UInt16, sender: IPAddress, target: IPAddress, meaning: ARPPacket.Meaning
  ) {
    guard case .arp(let packet) = Frame(Samples.arp(operation, sender, target)).body else {
      Issue.record("not ARP")
      return
    }
    #expect(packet.meaning == meaning)
  }

  @Test func `our ARP probe has 42 bytes and claims nothing`() {
    let bytes = ARPPacket.probe(for: Samples.vip, from: Samples.mac)
    #expect(bytes.count == 42)
    guard case .arp(let packet) = Frame(bytes).body else { return #expect(Bool(false)) }
    #expect(packet.meaning == .probe)
    #expect(packet.sender == .v4(0))
    #expect(packet.target == Samples.vip)
  }

  @Test func `an echo's mark comes back, and no other payload passes for one`() {
    let mark = EchoMark(cookie: 0xfedc_ba98_7654_3210, sequence: 1_000_000)
    #expect(EchoMark(mark.bytes[...]) == mark)
    #expect(EchoMark(mark.bytes.dropLast()) == nil)
  }

  @Test func `an ARP question asks with a local unicast address that is not the interface's`() {
    for text in ["02:00:00:00:00:01", "00:1b:21:ff:00:07", "fe:ff:ff:ff:ff:ff"] {
      guard let own = MACAddress(text) else { continue }
      let asking = ARPPacket.askingAddress(at: own)
      #expect(asking != own)
      #expect(asking.bytes[0] & 0b11 == 0b10, "locally administered, unicast (IEEE 802)")
    }
  }
}
