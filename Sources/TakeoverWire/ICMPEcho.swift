// Echo request and reply of ICMP (RFC 792) and ICMPv6 (RFC 4443 4).

package import TakeoverModel

package struct ICMPEcho: Hashable, Sendable {
  package var isReply: Bool
  package var identifier: UInt16
  package var sequence: UInt16
  package var payload: ArraySlice<UInt8>
  package var checksumHolds: Bool

  package init(
    isReply: Bool, identifier: UInt16, sequence: UInt16, payload: ArraySlice<UInt8>
  ) {
    self.isReply = isReply
    self.identifier = identifier
    self.sequence = sequence
    self.payload = payload
    checksumHolds = true
  }

  /// Throws `unexpected` for any other ICMP message.
  package init(in packet: IPPacket) throws(FrameDefect) {
    var reader = ByteReader(packet.payload, .icmp)
    let types = Self.types(isV4: packet.source.isV4)
    let type = try reader.uint8()
    guard type == types.request || type == types.reply, try reader.uint8() == 0 else {
      throw .unexpected(.icmp)
    }
    isReply = type == types.reply
    _ = try reader.uint16()
    identifier = try reader.uint16()
    sequence = try reader.uint16()
    payload = reader.rest
    var checksum = Self.checksum(packet.source, packet.destination, length: packet.payload.count)
    checksum.add(packet.payload)
    checksumHolds = checksum.value == 0
  }

  /// The message as it is sent from `source` to `destination`. Only IPv6's checksum needs them; a
  /// raw ICMPv6 socket works that one out itself (RFC 3542 3.1).
  package func bytes(from source: IPAddress, to destination: IPAddress) -> [UInt8] {
    let types = Self.types(isV4: destination.isV4)
    var bytes: [UInt8] = [isReply ? types.reply : types.request, 0, 0, 0]
    bytes.append(network: identifier)
    bytes.append(network: sequence)
    bytes += payload
    var checksum = Self.checksum(source, destination, length: bytes.count)
    checksum.add(bytes)
    bytes[2] = UInt8(checksum.value >> 8)
    bytes[3] = UInt8(checksum.value & 0xff)
    return bytes
  }

  private static func types(isV4: Bool) -> (request: UInt8, reply: UInt8) {
    isV4 ? (8, 0) : (128, 129)
  }

  private static func checksum(
    _ source: IPAddress, _ destination: IPAddress, length: Int
  ) -> InternetChecksum {
    var checksum = InternetChecksum()
    if !destination.isV4 {
      checksum.addPseudoHeader(
        source, destination, protocolNumber: IPv6Packet.Number.icmp, length: length)
    }
    return checksum
  }
}
