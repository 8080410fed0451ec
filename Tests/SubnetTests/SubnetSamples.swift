// The subnet that the tests of this room are about: two machines, a client, one HAVIP; and a hand-turned
// clock.

import TakeoverModel
import TakeoverSubnet

enum SubnetSamples {
  static let millisecond: Int64 = 1_000_000
  static let second: Int64 = 1_000_000_000
  /// 2026-01-01 00:00:00 UTC.
  static let start: Int64 = 1_767_225_600 * second

  /// 172.17.16.0/24
  static func address(_ host: UInt32) -> IPAddress { .v4(0xac11_1000 | host) }

  static func member(_ name: String, _ address: IPAddress) -> SubnetDescription.Member {
    SubnetDescription.Member(
      node: name, port: "port-" + name, hardware: hardware(name), address: address)
  }

  static let members = [
    member("a", address(7)), member("b", address(13)), member("client", address(20)),
  ]

  static func description(
    havips: [UInt32] = [3], associated: [String]? = nil, owned: [LabFabric.Owned] = [],
    lag: Int64 = 500 * millisecond, most: Int? = nil,
    besides: [SubnetDescription.Member] = []
  ) -> SubnetDescription {
    SubnetDescription(
      address: address(7), prefix: 24, members: members + besides, havips: havips.map(address),
      associated: associated, owned: owned, lag: lag, announcementsPerSecond: most)
  }

  static func subnet(_ description: SubnetDescription = description()) -> Subnet {
    Subnet(description, at: start)
  }

  static func hardware(_ node: String) -> MACAddress {
    MACAddress(bits: 0x0200_0000_0000 | UInt64(node.utf8.first ?? 0))
  }

  static func announcement(_ node: String, _ host: UInt32 = 3) -> Subnet.Announcement {
    Subnet.Announcement(
      port: "port-" + node, hardware: hardware(node), address: address(host))
  }
}

extension Subnet {
  /// So long after the start.
  mutating func hear(_ node: String, _ host: UInt32 = 3, after elapsed: Int64) -> [Decision] {
    hear(SubnetSamples.announcement(node, host), at: SubnetSamples.start + elapsed)
  }

  mutating func advance(after elapsed: Int64) -> [Decision] {
    advance(to: SubnetSamples.start + elapsed)
  }

  /// The machine that the first HAVIP goes to.
  var holder: String? { havips.first?.binding?.member.node }
}
