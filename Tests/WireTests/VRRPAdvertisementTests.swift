// What a receiver rejects an advertisement for.

import TakeoverModel
import TakeoverWire
import Testing

@Suite struct `VRRP advertisements` {
  private func read(_ frame: [UInt8]) throws -> (IPPacket, VRRPAdvertisement) {
    guard case .vrrp(let packet, let advertisement) = Frame(frame).body else {
      throw Complaint("not an advertisement", remedy: "")
    }
    return (packet, advertisement)
  }

  @Test func `version 2 counts seconds and carries a password`() throws {
    let (_, advertisement) = try read(Samples.vrrp(version: 2))
    #expect(advertisement.interval == 1_000_000_000)
    #expect(advertisement.authentication == 1)
    #expect(Array(advertisement.authenticationData) == Array("secret".utf8) + [0, 0])
    #expect(advertisement.addresses == [Samples.vip, Samples.peer])
  }

  @Test func `version 3 counts centiseconds`() throws {
    let (_, advertisement) = try read(Samples.vrrp(version: 3))
    #expect(advertisement.interval == 100_000_000)
    #expect(advertisement.vrid == 51)
    #expect(advertisement.priority == 100)
  }

  /// Bytes worked out by hand, to tell both directions of the codec from being wrong together:
  /// 3101 + c901 + 000a + 0a00 + 0001 = 0x1040d → 0x040e, with the pseudo-header's
  /// 0a00 + 0002 + e000 + 0012 + 0070 + 000c = 0xea90 → 0xee9e; its complement is 0x1161.
  @Test func `a version 3 checksum is the one worked out by hand`() throws {
    let source = try #require(IPAddress("10.0.0.2"))
    let address = try #require(IPAddress("10.0.0.1"))
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 1, priority: 201, intervalField: 10, addresses: [address])
    #expect(
      advertisement.bytes(from: source, to: VRRPAdvertisement.group) == [
        0x31, 0x01, 0xc9, 0x01, 0x00, 0x0a, 0x11, 0x61, 0x0a, 0x00, 0x00, 0x01,
      ])
  }

  @Test func `any changed bit of the message is noticed`() throws {
    for version in [UInt8(2), 3] {
      let frame = Samples.vrrp(version: version)
      for index in 34..<frame.count {
        var broken = frame
        broken[index] ^= 1
        let (packet, advertisement) = try read(broken)
        #expect(!advertisement.defects(in: packet).isEmpty, "byte \(index) of version \(version)")
      }
    }
  }

  @Test func `a TTL below 255 is a defect`() throws {
    let message = Samples.advertisement(3).bytes(
      from: Samples.node, to: VRRPAdvertisement.group)
    let (packet, advertisement) = try read(Samples.ipv4(112, message, timeToLive: 254))
    #expect(advertisement.defects(in: packet) == ["TTL 254 instead of 255"])
  }

  @Test func `keepalived's two other checksums are told from a wrong one`() throws {
    var message = Samples.advertisement(3).bytes(from: .v4(0), to: .v4(0))
    // Take the pseudo-header's share (protocol 112, length 16) out of the checksum again.
    let field = UInt16(message[6]) << 8 | UInt16(message[7])
    var sum = UInt32(field) + 112 + UInt32(message.count)
    sum = (sum & 0xffff) + (sum >> 16)
    message[6] = UInt8(truncatingIfNeeded: sum >> 8)
    message[7] = UInt8(truncatingIfNeeded: sum)
    let (_, asVersion2) = try read(Samples.ipv4(112, message))
    #expect(asVersion2.checksum == .asVersion2)

    let old = Samples.advertisement(3).bytes(from: Samples.node, to: VRRPAdvertisement.group)
    let (packet, unicast) = try read(Samples.ipv4(112, old, to: Samples.peer))
    #expect(unicast.checksum == .oldUnicast)
    #expect(unicast.defects(in: packet).count == 1)
  }

  @Test func `an address list that is cut short is read as far as it goes`() throws {
    var message = Samples.advertisement(3).bytes(
      from: Samples.node, to: VRRPAdvertisement.group)
    message.removeLast(4)
    let (packet, advertisement) = try read(Samples.ipv4(112, message))
    #expect(advertisement.addresses == [Samples.vip])
    #expect(advertisement.defects(in: packet).contains("12 bytes instead of 16"))
  }
}
