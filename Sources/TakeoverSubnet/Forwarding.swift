// What the switch must let through, as nftables sets in its bridge family: which port may say which
// address, and where each floating address goes.

package import TakeoverModel

package struct Forwarding: Hashable, Sendable {
  package struct Entry: Hashable, Comparable, Sendable {
    package var port: String
    package var address: IPAddress

    package init(_ port: String, _ address: IPAddress) {
      self.port = port
      self.address = address
    }

    package static func < (one: Self, other: Self) -> Bool {
      (one.port, one.address) < (other.port, other.address)
    }

    var words: String { "\"\(port)\" . \(address)" }
  }

  /// The ports that the rules are about; others are not of the subnet.
  package var ports: [String]
  /// Addresses that belong to a machine.
  package var fixed: Set<Entry>
  /// The Ethernet addresses of those of them that can be moved.
  package var owned: [IPAddress: MACAddress]
  /// Where floating addresses may be announced.
  package var drift: Set<Entry>
  /// Where they go, and by which Ethernet address.
  package var bound: [Entry: MACAddress]

  static let table = "takeover_fabric"

  /// The whole table. Who is behind a port is known by what the fabric decided, never by the frames: a
  /// packet to an address that moves gets the Ethernet address of whoever has it, whatever the sender's
  /// neighbour entry says, as an overlay routes by its own mapping. Nothing else with a group address
  /// passes than ARP and IPv6's neighbour discovery. (The kernel need not have `meta ibrname`.)
  package var rules: String {
    """
    table bridge \(Self.table) {
      set ports { type ifname; \(Self.elements(ports.map { "\"\($0)\"" })) }
      set fixed { type ifname . ipv4_addr; \(Self.elements(fixed.sorted().map(\.words))) }
      set drift { type ifname . ipv4_addr; \(Self.elements(drift.sorted().map(\.words))) }
      set bound { type ifname . ipv4_addr; \(Self.elements(boundWords)) }
      map way { type ipv4_addr : ether_addr; \(Self.elements(wayWords)) }
      chain mapped {
        type filter hook prerouting priority -300; policy accept;
        iifname @ports ether daddr set ip daddr map @way
      }
      chain forward {
        type filter hook forward priority 0; policy accept;
        iifname != @ports accept
        ether type arp jump announced
        ether type ip jump sent
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
        ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 drop
      }
      chain announced {
        arp saddr ip 0.0.0.0 accept
        iifname . arp saddr ip @fixed accept
        iifname . arp saddr ip @drift accept
        drop
      }
      chain sent {
        iifname . ip saddr @fixed jump delivered
        iifname . ip saddr @bound jump delivered
        drop
      }
      chain delivered {
        oifname . ip daddr @fixed accept
        oifname . ip daddr @bound accept
        drop
      }
    }

    """
  }

  /// What makes `self` of `old`, in one transaction; empty when nothing differs.
  package func change(from old: Forwarding) -> String {
    let sets = [
      ("set", "fixed", old.fixed == fixed, fixed.sorted().map(\.words)),
      ("set", "drift", old.drift == drift, drift.sorted().map(\.words)),
      ("set", "bound", old.bound == bound, boundWords),
      ("map", "way", old.wayWords == wayWords, wayWords),
    ]
    return sets.filter { !$0.2 }.map { kind, name, _, words in
      let place = "bridge \(Self.table) \(name)"
      let filled =
        words.isEmpty ? "" : "add element \(place) { \(words.joined(separator: ", ")) }\n"
      return "flush \(kind) \(place)\n" + filled
    }.joined()
  }

  private var boundWords: [String] { bound.keys.sorted().map(\.words) }

  private var wayWords: [String] {
    let floating = bound.map { ($0.key.address, $0.value) }
    return (floating + owned.map { ($0.key, $0.value) }).sorted { $0.0 < $1.0 }
      .map { "\($0) : \($1)" }
  }

  private static func elements(_ words: [String]) -> String {
    words.isEmpty ? "" : "elements = { \(words.joined(separator: ", ")) };"
  }
}

extension Subnet {
  package var forwarding: Forwarding {
    typealias Entry = Forwarding.Entry
    let members = description.members
    let own = members.map { Entry($0.port, $0.address) }
    let drift = havips.flatMap { havip in
      members.filter { description.contains($0.address) && isAssociated($0, with: havip) }
        .map { Entry($0.port, havip.address) }
    }
    var bound: [Entry: MACAddress] = [:]
    for havip in havips {
      guard let binding = havip.binding else { continue }
      bound[Entry(binding.member.port, havip.address)] = binding.hardware
    }
    return Forwarding(
      ports: members.map(\.port),
      fixed: Set(own + owned.map { Entry($0.member.port, $0.address) }),
      owned: owned.reduce(into: [:]) { $0[$1.address] = $1.member.hardware }, drift: Set(drift),
      bound: bound)
  }
}
