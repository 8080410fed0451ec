// VRRP advertisements: version 2 (RFC 3768) over IPv4 and version 3 (RFC 9568) over both families,
// as keepalived sends and judges them.

package import TakeoverModel

package struct VRRPAdvertisement: Hashable, Sendable {
  /// How the checksum was made.
  package enum Checksum: Hashable, Sendable {
    /// As the version wants it: v2 the message alone, v3 with a pseudo-header.
    case asTheVersion
    /// v3 without pseudo-header: keepalived's `v3_checksum_as_v2`.
    case asVersion2
    /// v3 unicast with the multicast group in the pseudo-header: `old_unicast_checksum`.
    case oldUnicast
    case wrong
  }

  /// 224.0.0.18 and ff02::12
  package static let group = IPAddress.v4(0xe000_0012)
  package static let groupV6 = IPAddress.v6(high: 0xff02 << 48, low: 0x12)

  package var version: UInt8
  /// 1: an advertisement; there is no other type.
  package var type: UInt8
  package var vrid: UInt8
  package var priority: UInt8
  /// The interval as the version writes it: v2 seconds, v3 centiseconds (12 bits).
  package var intervalField: UInt16
  /// v2: 0 none, 1 PASS, 2 AH. v3 has none.
  package var authentication: UInt8
  /// v2: eight bytes behind the addresses, clear text.
  package var authenticationData: ArraySlice<UInt8>
  package var addresses: [IPAddress]
  /// How many addresses the header promises.
  package var addressCount: Int
  package var checksum: Checksum
  /// Bytes that the header promises, and bytes that came.
  package var promisedLength: Int
  package var length: Int

  package init(
    version: UInt8, vrid: UInt8, priority: UInt8, intervalField: UInt16, addresses: [IPAddress],
    authentication: UInt8 = 0, authenticationData: ArraySlice<UInt8> = []
  ) {
    self.version = version
    type = 1
    self.vrid = vrid
    self.priority = priority
    self.intervalField = intervalField
    self.authentication = authentication
    self.authenticationData = authenticationData
    self.addresses = addresses
    addressCount = addresses.count
    checksum = .asTheVersion
    let size = addresses.first.map { $0.bytes.count } ?? 4
    promisedLength = 8 + size * addresses.count + (version == 2 ? 8 : 0)
    length = promisedLength
  }

  /// Reads a packet's payload. A message that a receiver would reject is read as far as it goes;
  /// only one without a whole header (8 bytes) throws.
  package init(in packet: IPPacket) throws(FrameDefect) {
    var reader = ByteReader(packet.payload, .vrrp)
    let first = try reader.uint8()
    version = first >> 4
    type = first & 0xf
    vrid = try reader.uint8()
    priority = try reader.uint8()
    addressCount = Int(try reader.uint8())
    let word = try reader.uint16()
    _ = try reader.uint16()
    authentication = version == 2 ? UInt8(word >> 8) : 0
    intervalField = version == 2 ? word & 0xff : word & 0xfff
    addresses = []
    let isV4 = packet.source.isV4
    while addresses.count < addressCount,
      let address = isV4 ? try? reader.ipv4Address() : try? reader.ipv6Address()
    {
      addresses.append(address)
    }
    authenticationData = version == 2 ? reader.rest.prefix(8) : []
    promisedLength = 8 + (isV4 ? 4 : 16) * addressCount + (version == 2 ? 8 : 0)
    length = packet.payload.count
    checksum = Self.checksum(of: packet, version: version)
  }

  /// The advertised interval in nanoseconds.
  package var interval: Int64 {
    Int64(intervalField) * (version == 2 ? 1_000_000_000 : 10_000_000)
  }

  /// What a receiver would reject the advertisement for, in words.
  package func defects(in packet: IPPacket) -> [String] {
    var defects = packet.linkDefects
    if version != 2, version != 3 { defects.append("version \(version)") }
    if version == 2, !packet.source.isV4 { defects.append("version 2 over IPv6") }
    if type != 1 { defects.append("type \(type)") }
    if vrid == 0 { defects.append("VRID 0") }
    if length != promisedLength {
      defects.append("\(length) bytes instead of \(promisedLength)")
    }
    switch checksum {
    case .asTheVersion: break
    case .asVersion2: defects.append("checksum without pseudo-header")
    case .oldUnicast: defects.append("checksum for the multicast group, but sent to one peer")
    case .wrong: defects.append("wrong checksum")
    }
    return defects
  }

  /// The message as it is sent from `source` to `destination`, with the right checksum.
  package func bytes(from source: IPAddress, to destination: IPAddress) -> [UInt8] {
    var bytes = [
      version << 4 | type, vrid, priority, UInt8(truncatingIfNeeded: addresses.count),
    ]
    bytes.append(
      network: version == 2
        ? UInt16(authentication) << 8 | intervalField & 0xff : intervalField & 0xfff)
    bytes += [0, 0]
    for address in addresses { bytes += address.bytes }
    if version == 2 {
      bytes += authenticationData.prefix(8)
      bytes += [UInt8](repeating: 0, count: 8 - min(8, authenticationData.count))
    }
    var checksum = InternetChecksum()
    if version != 2 {
      checksum.addPseudoHeader(
        source, destination, protocolNumber: IPv4Packet.Number.vrrp, length: bytes.count)
    }
    checksum.add(bytes)
    bytes[6] = UInt8(checksum.value >> 8)
    bytes[7] = UInt8(checksum.value & 0xff)
    return bytes
  }

  private static func checksum(of packet: IPPacket, version: UInt8) -> Checksum {
    var plain = InternetChecksum()
    plain.add(packet.payload)
    if version == 2 { return plain.value == 0 ? .asTheVersion : .wrong }
    let holds = { (destination: IPAddress) in
      var checksum = InternetChecksum()
      checksum.addPseudoHeader(
        packet.source, destination, protocolNumber: IPv4Packet.Number.vrrp,
        length: packet.payload.count)
      checksum.add(packet.payload)
      return checksum.value == 0
    }
    if holds(packet.destination) { return .asTheVersion }
    // keepalived's other two are IPv4's only: over IPv6 the kernel works the checksum out.
    guard packet.source.isV4 else { return .wrong }
    if plain.value == 0 { return .asVersion2 }
    return holds(group) ? .oldUnicast : .wrong
  }
}
