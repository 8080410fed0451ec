// What the kernel says of neighbours and addresses on a routing socket (netlink(7), rtnetlink(7)), as
// values. Total: any bytes give messages, and what cannot be read gives none.

package import TakeoverModel

/// The numbers are in the machine's own order, which is little-endian wherever Swift runs on Linux.
package enum NetlinkMessage: Hashable, Sendable {
  package struct Neighbour: Hashable, Sendable {
    /// The interface's index.
    package var interface: Int32
    package var address: IPAddress
    package var mac: MACAddress?
    package var state: NeighbourEntry.State

    package init(
      interface: Int32, address: IPAddress, mac: MACAddress?, state: NeighbourEntry.State
    ) {
      self.interface = interface
      self.address = address
      self.mac = mac
      self.state = state
    }
  }

  /// The entry is there like this; one that was removed has the state `none`.
  case neighbour(Neighbour)
  case address(interface: Int32, IPAddress)
  /// The end of an answer to a question.
  case done
  /// A question was refused: the errno.
  case failed(Int32)

  private enum Kind {
    static let error: UInt16 = 2
    static let done: UInt16 = 3
    static let newAddress: UInt16 = 20
    static let askAddress: UInt16 = 22
    static let newNeighbour: UInt16 = 28
    static let lostNeighbour: UInt16 = 29
    static let askNeighbour: UInt16 = 30
  }

  private static let headerLength = 16

  /// The messages of one datagram, as far as they are whole.
  package static func all(in bytes: [UInt8]) -> [NetlinkMessage] {
    var messages: [NetlinkMessage] = []
    var rest = bytes[...]
    while rest.count >= headerLength {
      let length = Int(rest.number(at: 0, 4))
      guard length >= headerLength, length <= rest.count else { break }
      let kind = UInt16(truncatingIfNeeded: rest.number(at: 4, 2))
      let body = rest.dropFirst(headerLength).prefix(length - headerLength)
      if let message = message(kind, body) { messages.append(message) }
      // Messages begin at multiples of four.
      rest = rest.dropFirst((length + 3) / 4 * 4)
    }
    return messages
  }

  private static func message(_ kind: UInt16, _ body: ArraySlice<UInt8>) -> NetlinkMessage? {
    switch kind {
    case Kind.done: return .done
    case Kind.error:
      guard body.count >= 4 else { return nil }
      let code = Int32(truncatingIfNeeded: body.number(at: 0, 4))
      // 0 acknowledges.
      return code == 0 ? nil : .failed(code == .min ? .max : abs(code))
    case Kind.newNeighbour, Kind.lostNeighbour:
      return neighbour(body, isLost: kind == Kind.lostNeighbour).map(NetlinkMessage.neighbour)
    case Kind.newAddress:
      guard body.count >= 8 else { return nil }
      let parts = attributes(in: body.dropFirst(8))
      // Of a point-to-point link, IFA_LOCAL (2) is the own one; IPv6 has IFA_ADDRESS (1) only.
      guard let address = (parts[2] ?? parts[1]).flatMap(ipAddress) else { return nil }
      return .address(interface: Int32(truncatingIfNeeded: body.number(at: 4, 4)), address)
    default: return nil
    }
  }

  /// struct ndmsg: family, 3 bytes, index (4), state (2), flags, type; then NDA_DST (1), NDA_LLADDR (2).
  private static func neighbour(_ body: ArraySlice<UInt8>, isLost: Bool) -> Neighbour? {
    guard body.count >= 12 else { return nil }
    let parts = attributes(in: body.dropFirst(12))
    guard let address = parts[1].flatMap(ipAddress) else { return nil }
    let state = isLost ? .none : state(UInt16(truncatingIfNeeded: body.number(at: 8, 2)))
    // What did not answer has no Ethernet address any more, though the kernel may still tell it.
    let leads = ![.none, .incomplete, .failed].contains(state)
    let mac = parts[2].flatMap { part in
      part.count == 6 ? MACAddress(bits: part.reduce(0) { $0 << 8 | UInt64($1) }) : nil
    }
    return Neighbour(
      interface: Int32(truncatingIfNeeded: body.number(at: 4, 4)), address: address,
      mac: leads ? mac : nil, state: state)
  }

  /// NUD_*, linux/neighbour.h.
  private static func state(_ bits: UInt16) -> NeighbourEntry.State {
    switch bits {
    case 0x01: .incomplete
    case 0x02: .reachable
    case 0x04: .stale
    case 0x08: .delay
    case 0x10: .probe
    case 0x20: .failed
    case 0x40: .noarp
    case 0x80: .permanent
    default: .none
    }
  }

  private static func attributes(in bytes: ArraySlice<UInt8>) -> [UInt16: ArraySlice<UInt8>] {
    var parts: [UInt16: ArraySlice<UInt8>] = [:]
    var rest = bytes
    while rest.count >= 4 {
      let length = Int(rest.number(at: 0, 2))
      guard length >= 4, length <= rest.count else { break }
      // The two upper bits say how the value is made (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
      let kind = UInt16(truncatingIfNeeded: rest.number(at: 2, 2)) & 0x3fff
      parts[kind] = rest.dropFirst(4).prefix(length - 4)
      rest = rest.dropFirst((length + 3) / 4 * 4)
    }
    return parts
  }

  private static func ipAddress(_ bytes: ArraySlice<UInt8>) -> IPAddress? {
    var reader = ByteReader(bytes, .neighbour)
    switch bytes.count {
    case 4: return try? reader.ipv4Address()
    case 16: return try? reader.ipv6Address()
    default: return nil
    }
  }

  // MARK: Questions

  /// Asks for all neighbours, of both families.
  package static var allNeighbours: [UInt8] { question(Kind.askNeighbour, bodyLength: 12) }
  /// Asks for all addresses, of both families.
  package static var allAddresses: [UInt8] { question(Kind.askAddress, bodyLength: 8) }

  private static func question(_ kind: UInt16, bodyLength: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(headerLength + bodyLength))
    bytes.append(little: kind)
    // NLM_F_REQUEST and NLM_F_DUMP.
    bytes.append(little: UInt16(0x301))
    return bytes + [UInt8](repeating: 0, count: 8 + bodyLength)
  }
}

extension ArraySlice<UInt8> {
  /// `count` bytes from `place` on, counted from the slice's beginning; the caller checked the length.
  fileprivate func number(at place: Int, _ count: Int) -> UInt32 {
    let start = startIndex + place
    return self[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
