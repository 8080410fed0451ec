// Frames of IPv6, as bytes.

import TakeoverModel
import TakeoverWire

enum SamplesV6 {
  static let vip = IPAddress.v6(high: 0xfd00 << 48, low: 3)
  static let node = IPAddress.v6(high: 0xfe80 << 48, low: 0xff_fe00_0001)
  static let peer = IPAddress.v6(high: 0xfe80 << 48, low: 0xff_fe00_0002)
  static let mac = Samples.mac

  static func packet(
    _ number: UInt8, _ payload: [UInt8], from: IPAddress, to: IPAddress, hopLimit: UInt8 = 255
  ) -> IPv6Packet {
    IPv6Packet(
      protocolNumber: number, source: from, destination: to, payload: payload[...],
      hopLimit: hopLimit)
  }

  static func frame(_ packet: IPv6Packet, tags: [UInt16] = []) -> [UInt8] {
    EthernetFrame(
      destination: packet.destination.groupMAC, source: mac, tags: tags, kind: 0x86dd,
      payload: packet.bytes[...]
    ).bytes
  }

  static func vrrp(
    to: IPAddress = VRRPAdvertisement.groupV6, hopLimit: UInt8 = 255
  ) -> [UInt8] {
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 51, priority: 100, intervalField: 10, addresses: [node, vip])
    return frame(
      packet(112, advertisement.bytes(from: node, to: to), from: node, to: to, hopLimit: hopLimit))
  }

  /// An unsolicited neighbour advertisement, as keepalived sends it.
  static func announcement(
    of target: IPAddress = vip, tags: [UInt16] = [], hopLimit: UInt8 = 255
  ) -> [UInt8] {
    let message = NeighbourMessage(
      .advertisement, target: target, linkLayer: mac, isRouter: true, overrides: true)
    let group = NeighbourMessage.allNodes
    return frame(
      packet(
        58, message.bytes(from: target, to: group), from: target, to: group, hopLimit: hopLimit),
      tags: tags)
  }

  static func answer(to asker: IPAddress = peer, linkLayer: MACAddress? = mac) -> [UInt8] {
    let message = NeighbourMessage(
      .advertisement, target: vip, linkLayer: linkLayer, isSolicited: true, overrides: true)
    return frame(packet(58, message.bytes(from: vip, to: asker), from: vip, to: asker))
  }

  /// From nobody: somebody is about to take the address.
  static func detection() -> [UInt8] {
    let message = NeighbourMessage(.solicitation, target: vip, linkLayer: nil)
    let nobody = NeighbourMessage.unspecified
    let group = vip.solicitedNode
    return frame(packet(58, message.bytes(from: nobody, to: group), from: nobody, to: group))
  }

  /// The holder asks for somebody.
  static func question() -> [UInt8] {
    NeighbourMessage.question(about: peer, from: vip, at: mac)
  }

  static let echo: [UInt8] = {
    let echo = ICMPEcho(isReply: true, identifier: 7, sequence: 9, payload: [1, 2, 3])
    return frame(packet(58, echo.bytes(from: vip, to: peer), from: vip, to: peer, hopLimit: 64))
  }()

  /// Behind hop-by-hop and destination options, a routing header and the first piece of a fragment.
  static let extended: [UInt8] = {
    var inner = packet(6, [UInt8](repeating: 7, count: 20), from: vip, to: peer)
    inner.firstHeader = IPv6Packet.Number.hopByHop
    inner.extensions = [
      60, 0, 1, 4, 0, 0, 0, 0, 43, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      44, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 1, 0, 0, 0, 9,
    ]
    return frame(inner)
  }()

  static var all: [[UInt8]] {
    [
      vrrp(), vrrp(to: peer), announcement(), announcement(tags: [9]), answer(),
      answer(linkLayer: nil), detection(), question(), echo, extended,
      frame(packet(6, [UInt8](repeating: 7, count: 20), from: vip, to: peer)),
    ]
  }
}
