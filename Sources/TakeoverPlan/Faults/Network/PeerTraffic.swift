// All that goes between a node and the other nodes of its pair, as frames on the wire between them
// are told apart: the rules of partition-peer, partition-clients and one-way-loss.

internal import TakeoverModel

struct PeerTraffic: Sendable {
  let interface: String
  /// The others' own addresses on the segment.
  let four: [String]
  let six: [IPAddress]
  /// The virtual addresses: what comes from one of them comes from a peer.
  let virtual: [IPAddress]
  let vrid: Int?

  init(of node: Node, in site: Site, interface: String?) throws(Complaint) {
    let all = site.peers(of: node).flatMap(\.addresses)
    guard !all.isEmpty else {
      throw Complaint(
        "the site gives no address of \(node.name)'s peer",
        remedy: "add address: to the other node in the site")
    }
    self.interface = interface ?? node.interface
    four = all.filter(\.isV4).map(\.description)
    six = all.filter { !$0.isV4 }
    virtual = site.addresses.map(\.address)
    vrid = site.vrid
  }

  /// What comes `in` from the peers or goes `out` to them: IP, the VRRP groups (RFC 9568, 5.1.1.2 and
  /// 5.1.2.2), ARP, and neighbour discovery of their addresses. Link-local addresses are in no site,
  /// so of what goes between those only VRRP is known.
  func matches(_ way: String) -> [String] {
    let side = way == "in" ? "saddr" : "daddr"
    let virtualFour = virtual.filter(\.isV4).map(\.description)
    let virtualSix = virtual.filter { !$0.isV4 }
    let allFour = four + virtualFour
    let allSix = six + virtualSix
    // Nobody asks a peer for a virtual address, but an announcement names it as its own target.
    let asked = four + (way == "in" ? virtualFour : [])
    var found: [String] = []
    if !allFour.isEmpty { found.append("ip \(side) \(Self.set(allFour))") }
    found.append("ip daddr 224.0.0.18 \(advertisement)")
    if !asked.isEmpty { found.append("arp \(side) ip \(Self.set(asked))") }
    if !allSix.isEmpty { found.append("ip6 \(side) \(Self.set(allSix.map(\.description)))") }
    found.append("ip6 daddr ff02::12 \(advertisement)")
    let targets = six + (way == "in" ? virtualSix : [])
    if !targets.isEmpty { found.append(Self.discovery(of: targets)) }
    return found
  }

  /// VRRP of this virtual router: the id is the second byte, in both versions (RFC 3768, 5.3.2;
  /// RFC 9568, 5.2.3).
  private var advertisement: String {
    "meta l4proto 112" + (vrid.map { " @th,8,8 \($0)" } ?? "")
  }

  /// Solicitations and advertisements of these targets (RFC 4861, 4.3 and 4.4: bytes 8 to 23).
  static func discovery(of targets: [IPAddress]) -> String {
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } "
      + "@th,64,128 \(set(targets.map(number)))"
  }

  /// An address as nft takes it in a raw payload expression.
  static func number(_ address: IPAddress) -> String {
    "0x" + address.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  static func set(_ words: [String]) -> String { "{ \(words.joined(separator: ", ")) }" }
}
