// IPv6: what its frames say of an address, and what a receiver throws away.

import TakeoverModel
import TakeoverWire
import Testing

@Suite struct `IPv6` {
  private func message(_ frame: [UInt8]) throws -> (IPv6Packet, NeighbourMessage) {
    guard case .neighbour(let packet, let message) = Frame(frame).body else {
      throw Complaint("not a neighbour message: \(Frame(frame).body)", remedy: "")
    }
    return (packet, message)
  }

  @Test(arguments: [
    (SamplesV6.announcement(), NeighbourMessage.Meaning.announcement),
    (SamplesV6.answer(), .answer), (SamplesV6.detection(), .probe),
    (SamplesV6.question(), .question),
  ])
  func `a neighbour message means what its flags and its source say`(
    frame: [UInt8], meaning: NeighbourMessage.Meaning
  ) throws {
    let (packet, message) = try message(frame)
    #expect(message.meaning(from: packet.source) == meaning)
    #expect(message.defects == [])
    #expect(message.linkLayer == (meaning == .probe ? nil : SamplesV6.mac))
  }

  @Test func `an announcement says who it is, a router or not, and that it replaces`() throws {
    let (_, message) = try message(SamplesV6.announcement())
    #expect(message.target == SamplesV6.vip)
    #expect(message.isRouter && message.overrides && !message.isSolicited)
  }

  /// Bytes worked out by hand, to tell both directions of the codec from being wrong together. The
  /// words of the pseudo-header: fd00+0001, ff02+0001, 0020, 003a; of the message: 8800, 2000,
  /// fd00+0001, 0201, 0200, 0000, 0001. Their sum is 0x3a561, folded 0xa564; its complement is 0x5a9b.
  @Test func `a checksum is the one worked out by hand`() {
    let one = IPAddress.v6(high: 0xfd00 << 48, low: 1)
    let message = NeighbourMessage(
      .advertisement, target: one, linkLayer: MACAddress(bits: 0x0200_0000_0001), overrides: true)
    let bytes = message.bytes(from: one, to: NeighbourMessage.allNodes)
    #expect(bytes.count == 32)
    #expect(Array(bytes.prefix(8)) == [136, 0, 0x5a, 0x9b, 0x20, 0, 0, 0])
  }

  @Test func `any changed bit of a neighbour message is noticed`() throws {
    let frame = SamplesV6.announcement()
    for index in 54..<frame.count {
      var broken = frame
      broken[index] ^= 1
      guard case .neighbour(_, let message) = Frame(broken).body else { continue }
      #expect(!message.defects.isEmpty, "byte \(index)")
    }
  }

  @Test func `what a receiver throws away is named`() throws {
    let far = try message(SamplesV6.announcement(hopLimit: 254)).1
    #expect(far.defects == ["hop limit 254 instead of 255"])
    let group = NeighbourMessage.allNodes
    let answer = NeighbourMessage(
      .advertisement, target: SamplesV6.vip, linkLayer: nil, isSolicited: true)
    let toAll = SamplesV6.packet(
      58, answer.bytes(from: SamplesV6.vip, to: group), from: SamplesV6.vip, to: group)
    #expect(try message(SamplesV6.frame(toAll)).1.defects == ["an answer to a group"])
    var endless = NeighbourMessage(.advertisement, target: SamplesV6.vip, linkLayer: nil)
    endless.options = [2, 0, 0, 0, 0, 0, 0, 0]
    let packet = SamplesV6.packet(
      58, endless.bytes(from: SamplesV6.vip, to: group), from: SamplesV6.vip, to: group)
    #expect(try message(SamplesV6.frame(packet)).1.defects == ["an option that does not fit"])
  }

  @Test func `an advertisement over IPv6 carries long addresses and a checksum over its header`()
    throws
  {
    guard case .vrrp(let packet, let advertisement) = Frame(SamplesV6.vrrp()).body else {
      Issue.record("not an advertisement")
      return
    }
    #expect(advertisement.addresses == [SamplesV6.node, SamplesV6.vip])
    #expect(advertisement.interval == 100_000_000)
    #expect(advertisement.defects(in: packet) == [])
    var broken = SamplesV6.vrrp()
    broken[22 + 15] ^= 1  // the source's last byte, which only the pseudo-header covers
    guard case .vrrp(let other, let read) = Frame(broken).body else { return }
    #expect(read.defects(in: other) == ["wrong checksum"])
    guard case .vrrp(let far, let sent) = Frame(SamplesV6.vrrp(hopLimit: 64)).body else { return }
    #expect(sent.defects(in: far) == ["hop limit 64 instead of 255"])
  }

  @Test func `extension headers are looked through, but not without end`() throws {
    guard case .ip(.v6(let packet)) = Frame(SamplesV6.extended).body else {
      Issue.record("not a packet")
      return
    }
    #expect(packet.protocolNumber == 6)
    #expect(packet.payload.count == 20)
    #expect(packet.moreFragments && packet.fragmentOffset == 0)
    var endless = SamplesV6.packet(0, [], from: SamplesV6.vip, to: SamplesV6.peer)
    endless.payload = Array(repeating: [0, 0, 1, 4, 0, 0, 0, 0], count: 100).flatMap { $0 }[...]
    guard case .ip(.v6(let read)) = Frame(SamplesV6.frame(endless)).body else {
      Issue.record("not a packet")
      return
    }
    #expect(read.extensions.count == 8 * IPv6Packet.mostExtensions)
  }

  @Test func `a later fragment's middle is not read as a header`() {
    var packet = SamplesV6.packet(
      112, [0x31, 1, 2, 3, 4, 5, 6, 7], from: SamplesV6.node, to: SamplesV6.peer)
    packet.firstHeader = IPv6Packet.Number.fragment
    packet.extensions = [112, 0, 0, 8, 0, 0, 0, 1]
    guard case .ip(let read) = Frame(SamplesV6.frame(packet)).body else {
      Issue.record("read as more than a packet")
      return
    }
    #expect(read.isFragment)
  }

  @Test func `our question is a solicitation of 86 bytes to the address' own group`() throws {
    let bytes = NeighbourMessage.question(
      about: SamplesV6.vip, from: SamplesV6.node, at: SamplesV6.mac)
    #expect(bytes.count == 86)
    #expect(Array(bytes.prefix(6)) == [0x33, 0x33, 0xff, 0, 0, 3])
    let (packet, message) = try message(bytes)
    #expect(packet.destination == IPAddress("ff02::1:ff00:3"))
    #expect(packet.hopLimit == 255)
    #expect(message.defects == [])
    #expect(message.meaning(from: packet.source) == .question)
  }
}
