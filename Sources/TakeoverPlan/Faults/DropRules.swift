// The nftables rules of drop-traffic, as one transaction. Pure text, so that it can be read.

internal import TakeoverModel

struct DropRules: Sendable {
  enum Traffic: String, Sendable { case vrrp, arp, icmp, tcp, udp, all }

  enum Peer: Sendable, Equatable {
    case others, any
    case address(IPAddress)

    init?(_ word: String) {
      switch word {
      case "peer": self = .others
      case "any": self = .any
      default:
        guard let address = IPAddress(word) else { return nil }
        self = .address(address)
      }
    }
  }

  struct Table {
    let family: String
    let name: String
    let text: String
    let drops: Int
  }

  let traffic: Traffic
  let port: Int?
  let peer: Peer
  /// in, out or both.
  let direction: String
  let interface: String?

  func table(on node: Node, in site: Site) throws(Complaint) -> Table {
    if traffic == .tcp, peer == .any, port == node.reach.port {
      throw Complaint(
        "dropping tcp port \(node.reach.port) of everybody would cut the way to \(node.name)",
        remedy: "name one peer, or another port")
    }
    let interface = interface ?? node.interface
    let addresses = try peers(of: node, in: site)
    let name = name(interface)
    let family = traffic == .arp ? "netdev" : "inet"
    var chains = ""
    var drops = 0
    for way in ["in", "out"] where direction == way || direction == "both" {
      let rules = matches(way, interface, addresses).map { "    \($0) counter drop\n" }
      let spared = spared(way).map { "    \($0)\n" }
      drops += rules.count
      chains += """
          chain \(way) {
            type filter hook \(hook(way, interface)) priority -300; policy accept;
        \((spared + rules).joined())  }

        """
    }
    let text = """
      table \(family) \(name)
      delete table \(family) \(name)
      table \(family) \(name) {
      \(chains)}

      """
    return Table(family: family, name: name, text: text, drops: drops)
  }

  /// nil: everybody.
  private func peers(of node: Node, in site: Site) throws(Complaint) -> [IPAddress]? {
    switch peer {
    case .any: return nil
    case .address(let address): return [address]
    case .others:
      let all = site.peers(of: node).flatMap(\.addresses).filter { traffic != .arp || $0.isV4 }
      guard !all.isEmpty else {
        throw Complaint(
          "the site gives no \(traffic == .arp ? "IPv4 " : "")address of \(node.name)'s peer",
          remedy: "add address: to the other node in the site, or name the peer's address")
      }
      return all
    }
  }

  /// nft(8) takes letters, digits and underscores.
  private func name(_ interface: String) -> String {
    let whom =
      switch peer {
      case .others: "peer"
      case .any: "any"
      case .address(let address): address.description
      }
    let words = [traffic.rawValue + (port.map(String.init) ?? ""), direction, whom, interface]
    let plain = words.joined(separator: "_").map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
    }
    return "takeover_" + String(plain)
  }

  /// ARP: keepalived announces through packet sockets, which pass by the arp family's output hook;
  /// netdev's egress hook (Linux 5.16) sees them. The other hooks lie before connection tracking.
  private func hook(_ way: String, _ interface: String) -> String {
    guard traffic == .arp else { return way == "in" ? "input" : "output" }
    return (way == "in" ? "ingress" : "egress") + " device \"\(interface)\""
  }

  private func matches(_ way: String, _ interface: String, _ addresses: [IPAddress]?) -> [String] {
    let device = traffic == .arp ? "" : "\(way == "in" ? "iifname" : "oifname") \"\(interface)\""
    let ends = ends(way, addresses)
    return kinds.flatMap { kind in
      ends.map { end in [device, end, kind].filter { !$0.isEmpty }.joined(separator: " ") }
    }
  }

  private var kinds: [String] {
    switch traffic {
    case .vrrp: ["meta l4proto 112"]
    case .arp: ["arp operation { request, reply }"]
    case .icmp: ["meta l4proto icmp", "icmpv6 type { echo-request, echo-reply }"]
    case .tcp, .udp:
      port.map { port in ["sport", "dport"].map { "\(traffic.rawValue) \($0) \(port)" } }
        ?? ["meta l4proto \(traffic.rawValue)"]
    case .all: [""]
    }
  }

  /// The other end of the traffic. What goes out to a VRRP peer goes to its groups, too
  /// (RFC 9568, 5.1.1.2 and 5.1.2.2).
  private func ends(_ way: String, _ addresses: [IPAddress]?) -> [String] {
    guard let addresses else { return [""] }
    let side = way == "in" ? "saddr" : "daddr"
    let toGroups = traffic == .vrrp && way == "out"
    let four = addresses.filter(\.isV4).map(\.description) + (toGroups ? ["224.0.0.18"] : [])
    let six = addresses.filter { !$0.isV4 }.map(\.description) + (toGroups ? ["ff02::12"] : [])
    if traffic == .arp { return ["arp \(side) ip { \(four.joined(separator: ", ")) }"] }
    return [("ip", four), ("ip6", six)].filter { !$0.1.isEmpty }.map { family, list in
      "\(family) \(side) { \(list.joined(separator: ", ")) }"
    }
  }

  /// What drops everybody's packets spares neighbour discovery: IPv6 has no other way.
  private func spared(_ way: String) -> [String] {
    let neighbours = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
    guard traffic == .all || traffic == .tcp else { return [] }
    return [RoadRule.place(way)] + (peer == .any && traffic == .all ? [neighbours] : [])
  }
}
