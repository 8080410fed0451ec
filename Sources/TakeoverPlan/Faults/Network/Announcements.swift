// The frames by which a new holder says that an address is its own, as they leave an interface: what
// drop-, delay- and duplicate-announcements strike.

internal import TakeoverModel

struct Announcements: Sendable {
  let interface: String
  let addresses: [IPAddress]

  init(of node: Node, in site: Site, interface: String?) {
    self.interface = interface ?? node.interface
    addresses = site.addresses.map(\.address)
  }

  /// For each address, what its announcement looks like. IPv4: an ARP request or reply of which both
  /// ends are the address (RFC 5227, 3). IPv6: a neighbour advertisement that nobody solicited
  /// (RFC 4861, 4.4: the flag S is bit 33, the target bytes 8 to 23).
  var matches: [String] {
    addresses.map { address in
      address.isV4
        ? "arp operation { request, reply } arp saddr ip \(address) arp daddr ip \(address)"
        : "icmpv6 type nd-neighbor-advert @th,33,1 0 @th,64,128 \(PeerTraffic.number(address))"
    }
  }

  /// `rules` are for what leaves by the interface.
  func table(_ name: String, sets: [String] = [], others: [String] = [], rules: [String])
    -> FaultTable
  {
    FaultTable(
      family: "netdev", name: FaultTable.name([name, interface]), sets: sets,
      chains: [
        FaultTable.Chain(
          way: "out", hook: FaultTable.frames("out", interface), rules: rules, others: others)
      ])
  }
}
