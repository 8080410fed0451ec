// Links and addresses of a node as lines of its state, from what ip(8) prints with `-o`; and what of
// them moves by right.

internal import TakeoverModel

enum LinkLines {
  struct Link {
    let name: String
    let lines: [String]
    /// The interface that keepalived makes for a virtual router (RFC 9568, 7.3): it comes and goes
    /// with the daemon.
    let isVirtualRouter: Bool

    /// `2: eth0@if3: <UP,…> mtu 1500 … master br0 … link/ether 02:… brd …`
    init?(_ words: [String]) {
      guard words.count > 2, words[2].hasPrefix("<"), words[2].hasSuffix(">"),
        let name = LinkLines.name(words[1])
      else { return nil }
      self.name = name
      // An alias is free text.
      let words = Array(words.prefix { $0 != "alias" })
      let flags = words[2].dropFirst().dropLast().split(separator: ",").map(String.init)
      let mac = words.firstIndex { $0.hasPrefix("link/") }.flatMap { at in
        at + 1 < words.count ? words[at + 1] : nil
      }
      isVirtualRouter = mac.map { LinkLines.isVirtualRouter($0) } ?? false
      let values: [(String, String?)] = [
        ("flags", LinkLines.settable.filter(flags.contains).joined(separator: " ")),
        ("carrier", flags.contains("LOWER_UP") ? "yes" : "no"),
        ("mtu", DigestWords.value("mtu", in: words)), ("mac", mac),
        ("master", DigestWords.value("master", in: words)),
      ]
      lines = values.compactMap { property, value in
        value.map { "\(name)\t\(property)\t\($0)" }
      }
    }
  }

  /// The flags that an operator sets (ip-link(8)); the others tell what came of it.
  static let settable = ["UP", "NOARP", "PROMISC", "ALLMULTI", "MULTICAST"]

  private static func isVirtualRouter(_ mac: String) -> Bool {
    mac.hasPrefix("00:00:5e:00:01:") || mac.hasPrefix("00:00:5e:00:02:")
  }

  /// `eth0@if3:` is eth0.
  private static func name(_ word: String) -> String? {
    guard word.hasSuffix(":") else { return nil }
    let whole = word.dropLast()
    let name = whole.lastIndex(of: "@").map { whole[..<$0] } ?? whole
    return name.isEmpty ? nil : String(name)
  }

  private static let pairs: Set = ["peer", "brd", "scope", "metric"]
  private static let flags: Set = [
    "noprefixroute", "nodad", "home", "mngtmpaddr", "autojoin", "dadfailed",
  ]
  /// What the kernel says of an address, and takes back again.
  private static let passing: Set = [
    "secondary", "tentative", "deprecated", "optimistic", "dynamic", "permanent",
  ]

  /// `2: eth0    inet 10.0.0.7/24 brd 10.0.0.255 scope global eth0\  valid_lft …`
  static func addresses(_ lines: [Substring], besides moving: MovingParts) -> [String] {
    DigestWords.of(lines).compactMap { words in
      guard words.count > 3, words[2] == "inet" || words[2] == "inet6",
        !moving.links.contains(words[1]), !moving.isVirtual(words[3]),
        !words.contains("temporary"), !MovingParts.isOthers(words)
      else { return nil }
      let interface = words[1]
      var kept = [words[3]]
      var rest = words.dropFirst(4).prefix { $0 != "valid_lft" }
      while let word = rest.popFirst() {
        if pairs.contains(word), let value = rest.popFirst() {
          kept += [word, value]
        } else if word == "proto" {
          _ = rest.popFirst()
        } else if flags.contains(word) {
          kept.append(word)
        } else if !passing.contains(word), word != interface {
          kept += ["label", word]
        }
      }
      return "\(interface)\t" + kept.joined(separator: " ")
    }
  }
}

/// What moves between the nodes, or comes by itself: no part of a node's state.
struct MovingParts {
  /// Links that keepalived makes.
  var links: Set<String> = []
  private let virtual: [VirtualAddress]
  private let addresses: Set<IPAddress>
  /// Interface, network and prefix length of what the node owns.
  private var own: Set<[String]> = []
  private var ownAddresses: Set<IPAddress> = []

  init(_ site: Site) {
    virtual = site.addresses
    addresses = Set(site.addresses.map(\.address))
  }

  /// With or without a prefix length.
  func isVirtual(_ text: some StringProtocol) -> Bool {
    IPAddress(text.prefix { $0 != "/" }).map(addresses.contains) ?? false
  }

  /// The lines of a state's addresses.
  mutating func addOwn(_ lines: [String]) {
    for line in lines {
      let fields = line.split(separator: "\t")
      guard fields.count == 2, let word = DigestWords.of(fields[1]).first else { continue }
      let parts = word.split(separator: "/")
      guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]) else {
        continue
      }
      ownAddresses.insert(address)
      own.insert([String(fields[0]), Self.network(address, length).description, String(length)])
    }
  }

  /// The kernel's own routes to its IPv6 addresses come when duplicate address detection is over
  /// (RFC 4862, 5.4), seconds after the addresses, which are compared themselves.
  func isFollowing(_ type: String?, _ to: String) -> Bool {
    type == "anycast" || type == "local" && IPAddress(to).map(ownAddresses.contains) ?? false
  }

  /// The connected network of a virtual address in which the node has no address of its own: IPv6
  /// routes do not say whose they are.
  func isNetworkOfVirtual(_ network: String, on interface: String?) -> Bool {
    virtual.contains { virtual in
      let bare = Self.network(virtual.address, virtual.prefix).description
      guard network == "\(bare)/\(virtual.prefix)" else { return false }
      return !own.contains([interface ?? "", bare, String(virtual.prefix)])
    }
  }

  /// Made by keepalived, by router advertisements, by redirects: numbers of rtnetlink(7), where the
  /// node's ip has no names.
  static func isOthers(_ words: [String]) -> Bool {
    ["keepalived", "18", "ra", "9", "redirect", "1"]
      .contains(DigestWords.value("proto", in: words) ?? "")
  }

  private static func network(_ address: IPAddress, _ length: Int) -> IPAddress {
    let length = min(max(length, 0), 128)
    func masked(_ bits: UInt64, _ length: Int, of width: Int) -> UInt64 {
      length <= 0 ? 0 : length >= width ? bits : (bits >> (width - length)) << (width - length)
    }
    switch address {
    case .v4(let bits): return .v4(UInt32(masked(UInt64(bits), length, of: 32)))
    case .v6(let high, let low):
      return .v6(high: masked(high, length, of: 64), low: masked(low, length - 64, of: 64))
    }
  }
}
