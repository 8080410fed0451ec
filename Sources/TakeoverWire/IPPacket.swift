// A packet of either family: what the layers above ask of it.

package import TakeoverModel

package enum IPPacket: Hashable, Sendable {
  case v4(IPv4Packet)
  case v6(IPv6Packet)

  package var source: IPAddress {
    switch self {
    case .v4(let packet): packet.source
    case .v6(let packet): packet.source
    }
  }

  package var destination: IPAddress {
    switch self {
    case .v4(let packet): packet.destination
    case .v6(let packet): packet.destination
    }
  }

  package var protocolNumber: UInt8 {
    switch self {
    case .v4(let packet): packet.protocolNumber
    case .v6(let packet): packet.protocolNumber
    }
  }

  package var payload: ArraySlice<UInt8> {
    switch self {
    case .v4(let packet): packet.payload
    case .v6(let packet): packet.payload
    }
  }

  package var bytes: [UInt8] {
    switch self {
    case .v4(let packet): packet.bytes
    case .v6(let packet): packet.bytes
    }
  }

  /// False when the capture holds less than the header promises.
  package var isWhole: Bool {
    switch self {
    case .v4(let packet): packet.isWhole
    case .v6(let packet): packet.isWhole
    }
  }

  package var isFragment: Bool {
    switch self {
    case .v4(let packet): packet.isFragment
    case .v6(let packet): packet.isFragment
    }
  }

  /// A later fragment, which does not begin with its protocol's header.
  var isContinued: Bool {
    switch self {
    case .v4(let packet): packet.fragmentOffset > 0
    case .v6(let packet): packet.fragmentOffset > 0
    }
  }

  /// What a receiver that wants a packet from its own link rejects the header for, in words.
  var linkDefects: [String] {
    var defects: [String] = []
    switch self {
    case .v4(let packet):
      if packet.timeToLive != 255 { defects.append("TTL \(packet.timeToLive) instead of 255") }
      if !packet.checksumHolds { defects.append("wrong IPv4 checksum") }
    case .v6(let packet):
      if packet.hopLimit != 255 { defects.append("hop limit \(packet.hopLimit) instead of 255") }
    }
    if isFragment { defects.append("a fragment") }
    return defects
  }
}

extension InternetChecksum {
  /// Adds what a message's checksum covers besides it: the addresses, its length and its protocol
  /// (IPv4: RFC 793 3.1; IPv6: RFC 8200 8.1).
  mutating func addPseudoHeader(
    _ source: IPAddress, _ destination: IPAddress, protocolNumber: UInt8, length: Int
  ) {
    add(source.bytes + destination.bytes)
    var rest: [UInt8] = []
    // The same sum in both families: their fields differ by zeros only.
    rest.append(network: UInt32(truncatingIfNeeded: length))
    rest += [0, protocolNumber]
    add(rest)
  }
}
