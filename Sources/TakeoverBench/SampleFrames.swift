// One frame of each kind that a takeover consists of, as the field's daemons send them.

internal import TakeoverModel
internal import TakeoverWire

enum SampleFrames {
  static let vip = IPAddress.v4(0x0a4d_0064)
  static let vipV6 = IPAddress.v6(high: 0xfd00 << 48, low: 3)
  private static let node = IPAddress.v4(0x0a4d_0001)
  private static let nodeV6 = IPAddress.v6(high: 0xfe80 << 48, low: 1)
  private static let mac = MACAddress(bits: 0x0200_0000_0001)

  static var kinds: [(name: String, bytes: [UInt8])] {
    [
      ("ARP announcement", announcement(of: vip)), ("VRRPv2", advertisement(2)),
      ("VRRPv3", advertisement(3)), ("VRRPv3 over IPv6", advertisementV6),
      ("neighbour advertisement", neighbour),
    ]
  }

  static func announcement(of address: IPAddress) -> [UInt8] {
    let packet = ARPPacket(
      operation: ARPPacket.Operation.request, senderHardware: mac, sender: address,
      targetHardware: .broadcast, target: address)
    return EthernetFrame(
      destination: .broadcast, source: mac, kind: EthernetFrame.Kind.arp,
      payload: packet.bytes[...]
    ).bytes
  }

  static func advertisement(_ version: UInt8) -> [UInt8] {
    let group = VRRPAdvertisement.group
    let advertisement = VRRPAdvertisement(
      version: version, vrid: 51, priority: 100, intervalField: version == 2 ? 1 : 100,
      addresses: [vip], authentication: version == 2 ? 1 : 0,
      authenticationData: version == 2 ? [49, 49, 49, 49, 0, 0, 0, 0] : [])
    let packet = IPv4Packet(
      protocolNumber: IPv4Packet.Number.vrrp, source: node, destination: group,
      payload: advertisement.bytes(from: node, to: group)[...], timeToLive: 255)
    return EthernetFrame(
      destination: group.groupMAC, source: mac, kind: EthernetFrame.Kind.ipv4,
      payload: packet.bytes[...]
    ).bytes
  }

  static var advertisementV6: [UInt8] {
    let group = VRRPAdvertisement.groupV6
    let advertisement = VRRPAdvertisement(
      version: 3, vrid: 51, priority: 100, intervalField: 100, addresses: [nodeV6, vipV6])
    return frameV6(
      IPv4Packet.Number.vrrp, advertisement.bytes(from: nodeV6, to: group), from: nodeV6, to: group)
  }

  static var neighbour: [UInt8] {
    let group = NeighbourMessage.allNodes
    let message = NeighbourMessage(
      .advertisement, target: vipV6, linkLayer: mac, isRouter: true, overrides: true)
    return frameV6(
      IPv6Packet.Number.icmp, message.bytes(from: vipV6, to: group), from: vipV6, to: group)
  }

  private static func frameV6(
    _ number: UInt8, _ payload: [UInt8], from: IPAddress, to: IPAddress
  ) -> [UInt8] {
    let packet = IPv6Packet(
      protocolNumber: number, source: from, destination: to, payload: payload[...], hopLimit: 255)
    return EthernetFrame(
      destination: to.groupMAC, source: mac, kind: EthernetFrame.Kind.ipv6,
      payload: packet.bytes[...]
    ).bytes
  }
}
