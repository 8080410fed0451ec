// Traffic by protocol, peer and direction, and what becomes of it: the rules of drop-traffic,
// packet-loss and reject-traffic. Pure text, so that it can be read.

internal import TakeoverModel

struct TrafficRules: Sendable {
  enum Traffic: String, Sendable, CaseIterable { case vrrp, arp, icmp, tcp, udp, all }

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

  /// What becomes of a packet.
  enum Verdict: Sendable, Equatable {
    case drop
    /// Dropped with this probability, of a hundred.
    case loss(Int)
    /// Refused as a host without such a service does.
    case reject
  }

  let traffic: Traffic
  let port: Int?
  let peer: Peer
  /// in, out or both.
  let direction: String
  let interface: String?
  let verdict: Verdict

  /// The parameters that say which traffic.
  static func parameters(_ traffic: [Traffic], direction: String = "both") -> [Parameter] {
    [
      Parameter(
        "protocol", .choice(traffic.map(\.rawValue)), required: true,
        summary: traffic.contains(.arp)
          ? "all: IPv4 and IPv6, but not ARP; icmp: of ICMPv6 the echoes only"
          : "all: IPv4 and IPv6; icmp: of ICMPv6 the echoes only"),
      Parameter("port", .count(1...65535), summary: "for tcp and udp, at either end"),
      Parameter(
        "peer", .text, standard: .text("peer"),
        summary: "peer: the other nodes of the site; any: everybody; or one address"),
      Parameter(
        "direction", .choice(["in", "out", "both"]), standard: .text(direction),
        summary: "as the node sees it"),
      InterfaceParameter.parameter,
    ]
  }

  init(_ arguments: Arguments, verdict: Verdict) throws(Complaint) {
    let name = arguments.text("protocol") ?? ""
    guard let traffic = Traffic(rawValue: name) else {
      throw Complaint(
        "\"\(name)\" is no protocol",
        remedy: Traffic.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let port = arguments.count("port")
    if port != nil, traffic != .tcp, traffic != .udp {
      throw Complaint("\(name) has no ports", remedy: "leave port: out, or drop tcp or udp")
    }
    let word = arguments.text("peer") ?? "peer"
    guard let peer = Peer(word) else {
      throw Complaint("\"\(word)\" is no peer", remedy: "peer, any, or an IP address")
    }
    if traffic == .arp, IPAddress(word)?.isV4 == false {
      throw Complaint("ARP knows no IPv6 address", remedy: "name an IPv4 address, or peer, or any")
    }
    self.traffic = traffic
    self.port = port
    self.peer = peer
    self.verdict = verdict
    direction = arguments.text("direction") ?? "both"
    interface = try InterfaceParameter.checked(arguments)
  }

  /// Only what hits VRRP between the nodes, all of it, is known to mean anything to them.
  var consequence: Consequence {
    let meaning: Consequence =
      switch (verdict, traffic, peer) {
      case (_, .icmp, _), (_, .tcp, _), (_, .udp, _): .beside("\(traffic) that does not arrive")
      case (_, .arp, _):
        .open(
          "what is sent to one peer stops when its neighbour entry ages, and a kernel has its own "
            + "time for that")
      case (.loss(1..<100), _, _):
        .open("which advertisements are lost is left to chance: all of three intervals may be")
      case (_, _, .address):
        .open("whether it is a peer's advertisements that this address hits is not looked at")
      case (_, .vrrp, _), (_, .all, _):
        direction == "in" ? .deaf : direction == "out" ? .unheard : .cutOff
      }
    return InterfaceParameter.along(interface, meaning)
  }

  func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    try table(on: node, in: site).procedure(
      on: node, everybody: peer == .any, dropped: traffic == .tcp ? port : nil)
  }

  private func table(on node: Node, in site: Site) throws(Complaint) -> FaultTable {
    if traffic == .tcp, peer == .any, port == node.reach.port {
      throw Complaint(
        "\(cutting) tcp port \(node.reach.port) of everybody would cut the way to \(node.name)",
        remedy: "name one peer, or another port")
    }
    let interface = interface ?? node.interface
    let addresses = try peers(of: node, in: site)
    let chains = ["in", "out"].filter { direction == $0 || direction == "both" }.map { way in
      FaultTable.Chain(
        way: way, hook: hook(way, interface), spared: spared(way),
        rules: matches(way, interface, addresses).flatMap(struck))
    }
    return FaultTable(
      family: traffic == .arp ? "netdev" : "inet", name: name(interface), chains: chains,
      ending: verdict == .reject ? #" reject\( with .*\)*$"# : " drop$")
  }

  private var cutting: String {
    switch verdict {
    case .drop: "dropping"
    case .loss: "losing"
    case .reject: "rejecting"
    }
  }

  /// A rule, or two, for what matches.
  private func struck(_ match: String) -> [String] {
    func rule(_ words: String...) -> String {
      ([match] + words).filter { !$0.isEmpty }.joined(separator: " ")
    }
    switch verdict {
    case .drop: return [rule("counter drop")]
    case .loss(let percent): return [rule("numgen random mod 100 < \(percent) counter drop")]
    case .reject:
      // A TCP client is told by a reset (RFC 9293, 3.10.7.1), others by ICMP.
      let reset = rule(traffic == .tcp ? "" : "meta l4proto tcp", "counter reject with tcp reset")
      let told = rule("counter reject with icmpx port-unreachable")
      return traffic == .tcp ? [reset] : traffic == .all ? [reset, told] : [told]
    }
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

  private func name(_ interface: String) -> String {
    let whom =
      switch peer {
      case .others: "peer"
      case .any: "any"
      case .address(let address): address.description
      }
    let what: [String] =
      switch verdict {
      case .drop: []
      case .loss(let percent): ["loss\(percent)"]
      case .reject: ["reject"]
      }
    return FaultTable.name(
      what + [traffic.rawValue + (port.map(String.init) ?? ""), direction, whom, interface])
  }

  private func hook(_ way: String, _ interface: String) -> String {
    guard traffic == .arp else { return way == "in" ? "input" : "output" }
    return FaultTable.frames(way, interface)
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
