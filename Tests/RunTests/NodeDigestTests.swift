// The digest of a node, read: what is a difference, what moves by right, and what no output may do.

import TakeoverModel
import TakeoverRun
import Testing

@Suite struct `The digest of a node` {
  private static let whole = DigestSample().state

  private func told(_ change: (inout DigestSample) -> Void) -> [Difference] {
    var sample = DigestSample()
    change(&sample)
    return sample.state.differences(from: Self.whole, on: DigestSample.node)
  }

  @Test func `everything is read`() {
    #expect(Self.whole.unread.isEmpty, "\(Self.whole.unread)")
    for section in NodeState.Section.allCases {
      #expect(Self.whole.lines[section]?.isEmpty == false, "\(section)")
    }
    #expect(told { _ in }.isEmpty)
    #expect(
      Self.whole.lines[.links]?.prefix(5) == [
        "eth0\tcarrier\tyes", "eth0\tflags\tUP MULTICAST", "eth0\tmac\t02:00:00:00:00:01",
        "eth0\tmtu\t1500", "lo\tcarrier\tyes",
      ])
    #expect(
      Self.whole.lines[.routes]?.contains(
        "4\t10.0.0.0/8 proto static nexthop via 172.17.16.1 dev eth0 weight 1 "
          + "nexthop via 172.17.16.2 dev eth0 weight 1") == true)
    #expect(
      Self.whole.lines[.nftables] == [
        "inet filter\t\t",
        "inet filter\tchain input\ttype filter hook input priority filter; policy accept;\t"
          + "ip saddr @blocked counter drop comment \"a { in quotes\"\ttcp dport 80 accept",
        "inet filter\tset blocked\ttype ipv4_addr\t"
          + "elements = { 192.0.2.1, 192.0.2.2, 192.0.2.3 }",
      ])
    #expect(
      Self.whole.lines[.services] == [
        "haproxy\tfirst process\tyes", "haproxy\tprocesses\t2", "haproxy\truns\tyes",
        "haproxy\tstopped\tno", "keepalived\tat boot\tenabled", "keepalived\tfirst process\tyes",
        "keepalived\tprocesses\t2", "keepalived\truns\tyes", "keepalived\tstopped\tno",
        "ssh\tat boot\tenabled", "ssh\tfirst process\tyes", "ssh\truns\tyes", "ssh\tstopped\tno",
      ])
  }

  /// Part, what stands there, what stands there instead, the words.
  @Test(arguments: [
    ("boot", " 24", " 25", "the node was started anew"),
    ("clock", "1795391154", "1795391162", "the clock was set forward by 8 s"),
    ("links", "mtu 1500", "mtu 1400", "eth0 has mtu 1400, not 1500"),
    ("links", "MULTICAST,UP,LOWER_UP", "MULTICAST", "the link eth0 is down"),
    ("links", ",LOWER_UP> mtu 1500", "> mtu 1500", "the link eth0 has no carrier"),
    (
      "links", "02:00:00:00:00:01", "02:00:00:00:00:02",
      "eth0 has mac 02:00:00:00:00:02, not 02:00:00:00:00:01"
    ),
    ("links", "mode DEFAULT group", "master br0 mode DEFAULT group", "eth0 has master br0"),
    ("links", "2: eth0", "2: eth1", "the link eth0 is missing"),
    ("addresses", "172.17.16.7/24", "172.17.16.8/24", "the address 172.17.16.7/24 of eth0"),
    ("addresses", "fd00::7/64 scope global", "fd00::7/64 scope global dadfailed", "fd00::7/64 of"),
    ("rules4", "32766:\tfrom all lookup main\n", "", "the rule `32766: from all lookup main`"),
    ("rules6", "0:", "1:", "the IPv6 rule `1: from all lookup local` is too much"),
    ("neighbours", " PERMANENT", " REACHABLE", "the pinned neighbour `172.17.16.9 dev eth0"),
    ("routes4", "default via 172.17.16.1 dev eth0 \n", "", "the route `default via 172.17.16.1"),
    ("routes6", "fd00::/64", "fd01::/64", "the IPv6 route `fd00::/64 dev eth0 proto kernel"),
    ("nftables", "}\n}\n", "}\n}\ntable inet takeover_x {\n}\n", "a table more: inet takeover_x"),
    ("nftables", "counter drop", "counter accept", "in table inet filter, chain input is another"),
    ("nftables", "192.0.2.3", "192.0.2.4", "in table inet filter, set blocked is another"),
    (
      "qdiscs", "noqueue 0: dev eth0 root refcnt 2",
      "tbf 8001: dev eth0 root refcnt 2 rate 1Mbit", "the qdisc of eth0 at root is `tbf auto:"
    ),
    ("setting", "1", "0", "net.ipv4.ip_forward is 0, not 1"),
    ("file", "0000", "1111", "the file /etc/a.conf has another content"),
    ("file", "644", "600", "the file /etc/a.conf has mode 600, not 644"),
    ("units", "100\nActiveState=active", "0\nActiveState=failed", "keepalived does not run"),
    ("units", "MainPID=100", "MainPID=0", "keepalived has no first process"),
    ("units", "UnitFileState=enabled", "UnitFileState=masked", "keepalived is masked at boot"),
    ("own", "0\n200", "1\n", "haproxy does not run"),
    ("own", "200", "199", "haproxy has no first process"),
    ("processes", "S (sleeping)\nPid:\t101", "T (stopped)\nPid:\t101", "process of keepalived"),
    ("processes", "S (sleeping)\nPid:\t110", "T (stopped)\nPid:\t110", "process of keepalived"),
    ("processes", "S (sleeping)\nPid:\t101", "Z (zombie)\nPid:\t101", "keepalived: 1, not 2"),
  ])
  func `what a blow leaves is told`(
    part: String, old: String, new: String, words: String
  ) throws {
    let sample = DigestSample()
    try #require(sample[part].contains(old))
    let found = told { $0.replace(old, in: part, with: new) }
    #expect(found.contains { $0.words.contains(words) }, "\(found)")
  }

  /// Part, and what more is printed there.
  @Test(arguments: [
    ("addresses", "2: eth0    inet 172.17.16.3/32 scope global eth0\\  valid_lft forever\n"),
    ("addresses", "1: lo    inet 172.17.16.3/24 scope global lo\\  valid_lft forever\n"),
    ("addresses", "2: eth0    inet6 fd00:1::3/64 scope global nodad \\  valid_lft forever\n"),
    ("addresses", "2: eth0    inet 10.1.1.1/32 scope global proto keepalived eth0\n"),
    ("addresses", "2: eth0    inet6 2001:db8::a/64 scope global temporary dynamic \\\n"),
    ("routes4", "10.9.0.0/16 via 172.17.16.1 dev eth0 proto keepalived\n"),
    ("routes4", "local 172.17.16.3 dev eth0 table local proto kernel scope host src 172.17.16.3\n"),
    ("routes4", "default via 172.17.16.1 dev eth0 src 172.17.16.3 metric 5\n"),
    ("routes6", "default via fe80::9 dev eth0 proto ra metric 1024 expires 1790sec pref medium\n"),
    ("routes6", "fd00:1::/64 dev eth0 proto kernel metric 256 pref medium\n"),
    ("routes6", "local fd00:1::3 dev eth0 table local proto kernel metric 0 pref medium\n"),
    ("routes6", "anycast fd00:1:: dev eth0 table local proto kernel metric 0 pref medium\n"),
    ("rules4", "100:\tfrom 172.17.16.3 lookup 100 proto keepalived\n"),
    ("rules6", "100:\tfrom fd00:1::3 lookup 100 proto 18\n"),
    ("neighbours", "172.17.16.13 dev eth0 lladdr 02:00:00:00:00:02 REACHABLE\n"),
    ("nftables", "table ip keepalived {\n\tset vips {\n\t\ttype ipv4_addr\n\t}\n}\n"),
    (
      "links",
      "9: vrrp.51@eth0: <BROADCAST,UP> mtu 1500\\  link/ether 00:00:5e:00:01:33 brd ff:ff\n"
    ),
    ("processes", "State:\tR (running)\nPid:\t111\nPPid:\t101\n"),
    ("processes", "State:\tR (running)\nPid:\t305\nPPid:\t300\n"),
    ("processes", "State:\tT (stopped)\nPid:\t306\nPPid:\t303\n"),
    ("processes", "State:\tZ (zombie)\nPid:\t112\nPPid:\t100\n"),
  ])
  func `what comes by right is no difference`(part: String, more: String) {
    let found = told { $0[part] += more }
    #expect(found.isEmpty, "\(found)")
  }

  /// Part, what stands there, what stands there instead.
  @Test(arguments: [
    ("addresses", "scope link \\", "scope link tentative \\"),
    ("addresses", "preferred_lft forever", "preferred_lft 100sec"),
    ("addresses", "scope global eth0", "scope global secondary eth0"),
    ("routes4", "via 172.17.16.1 dev eth0 \n", "via 172.17.16.1 dev eth0 linkdown \n"),
    ("routes6", "pref medium", "expires 100sec pref medium"),
    ("routes6", "local fd00::7 dev eth0 table local proto kernel metric 0 pref medium\n", ""),
    ("qdiscs", "refcnt 2", "refcnt 5"),
    ("nftables", "counter drop", "counter packets 5 bytes 420 drop"),
    ("links", "state UP", "state UNKNOWN"),
    ("links", "2: eth0@if7", "5: eth0@if12"),
    ("processes", "S (sleeping)", "D (disk sleep)"),
    ("units", "ActiveState=active", "ActiveState=reloading"),
  ])
  func `what changes by right is no difference`(part: String, old: String, new: String) throws {
    try #require(DigestSample()[part].contains(old))
    let found = told { $0.replace(old, in: part, with: new) }
    #expect(found.isEmpty, "\(found)")
  }

  /// keepalived has the check script that its VRRP process had when that was killed.
  @Test func `a script that lost its caller is none of the service's processes`() {
    var sample = DigestSample()
    sample["processes"] += "Name:\tsleep\nState:\tS (sleeping)\nPid:\t112\nPPid:\t100\n"
    #expect(Self.whole.differences(from: sample.state, on: DigestSample.node).isEmpty)
  }

  @Test func `other process ids are no difference`() {
    let found = told { sample in
      for (old, new) in [("100", "500"), ("101", "501"), ("200", "600")] {
        sample.replace("Pid:\t\(old)\n", in: "processes", with: "Pid:\t\(new)\n")
      }
      sample.replace("MainPID=100", in: "units", with: "MainPID=500")
      sample.replace("200", in: "own", with: "600")
    }
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `handles that the kernel gives out are all the same`() {
    var (one, other) = (DigestSample(), DigestSample())
    one.replace("noqueue 0: dev eth0", in: "qdiscs", with: "tbf 8001: dev eth0")
    other.replace("noqueue 0: dev eth0", in: "qdiscs", with: "tbf 80ff: dev eth0")
    #expect(one.state == other.state)
    other.replace("tbf 80ff: dev eth0", in: "qdiscs", with: "tbf 1: dev eth0")
    #expect(one.state != other.state)
  }

  @Test func `sets to which packets add are not compared by what is in them`() {
    var (one, other) = (DigestSample(), DigestSample())
    for flags in ["\t\tflags dynamic,timeout\n", "\t\ttimeout 1h\n"] {
      one.replace("\t\telements", in: "nftables", with: flags + "\t\telements")
      other["nftables"] = one["nftables"].replacing("192.0.2.3 }", with: "192.0.2.9 expires 5s }")
      #expect(one.state == other.state)
    }
  }

  @Test func `a virtual network in which the node has its own address is the node's`() {
    var site = DigestSample.site
    site.addresses = [VirtualAddress(.v6(high: 0xfd00 << 48, low: 3), prefix: 64)]
    let state = { (output: String) in
      NodeDigest.state(output, of: DigestSample.node, in: site)
    }
    var without = DigestSample()
    without.replace(
      "fd00::/64 dev eth0 proto kernel metric 256 pref medium\n", in: "routes6", with: "")
    #expect(
      state(without.output).differences(from: state(DigestSample().output)).map(\.words) == [
        "the IPv6 route `fd00::/64 dev eth0 proto kernel metric 256 pref medium` is missing"
      ])
  }

  @Test func `a program that is missing or fails makes its section unknown`() throws {
    for (part, section) in [
      ("nftables", NodeState.Section.nftables), ("qdiscs", .qdiscs), ("routes6", .routes),
      ("units", .services), ("links", .links), ("file", .files),
    ] {
      for status in [127, 1] {
        var sample = DigestSample()
        let at = try #require(sample.parts.firstIndex { $0.name == part })
        sample.parts[at].status = status
        #expect(sample.state.unread.map(\.section) == [section])
        let found = sample.state.differences(from: Self.whole)
        #expect(found.map(\.section) == [section], "\(found)")
        #expect(sample.state.differences(from: sample.state).isEmpty)
      }
    }
  }

  @Test func `no name or comment can pretend to be another part`() {
    let found = told {
      $0.replace(
        "a { in quotes", in: "nftables", with: "\\0routes4\\n\n\u{1}routes4\nroutes4\n0\nlinks")
    }
    #expect(found.allSatisfy { $0.section == .nftables })
  }

  @Test func `a section that no one could compare is unknown`() {
    let found = told {
      $0["routes4"] += String(repeating: "10.0.0.0/8 via 172.17.16.1 dev eth0\n", count: 40_000)
    }
    #expect(
      found.map(\.words) == ["routes cannot be read any more: the answer is too long, or broke off"]
    )
  }

  @Test func `an output cut anywhere is never a whole node`() {
    let bytes = Array(DigestSample().output.utf8)
    for length in 0..<bytes.count {
      let state = DigestSample.state(String(decoding: bytes[..<length], as: UTF8.self))
      #expect(!state.unread.isEmpty, "\(length)")
      #expect(!state.differences(from: Self.whole, on: DigestSample.node).isEmpty)
      // What is told is whole: a route cut in the middle is not another route.
      for (section, lines) in state.lines { #expect(Self.whole.lines[section] == lines) }
    }
  }

  @Test func `no bytes do harm`() {
    var random = Noise(state: 1)
    let whole = Array(DigestSample().output.utf8)
    for number in 0..<11_000 {
      let bytes = number.isMultiple(of: 10) ? random.broken(whole) : random.bytes()
      let state = DigestSample.state(String(decoding: bytes, as: UTF8.self))
      _ = state.differences(from: Self.whole, on: DigestSample.node)
      _ = Self.whole.differences(from: state, on: DigestSample.node)
    }
  }

  @Test func `data stays out of the script`() throws {
    var node = DigestSample.node
    node.services["x"] = .unit("x; reboot")
    let touches = Touches(
      files: ["/etc/$(reboot)", "/run/takeover/x"],
      sysctls: ["net.ipv4.conf.eth0.rp_filter", "net/ipv4/conf/eth0.5/rp_filter", "a.eth0/5.b"])
    let script = try #require(
      NodeDigest.command(for: node, in: DigestSample.site, touching: touches).asScript)
    let plain = try #require(
      NodeDigest.command(for: DigestSample.node, in: DigestSample.site).asScript)
    #expect(script.body == plain.body)
    #expect(
      Array(script.parameters) == [
        "1", "hap active", "hap pid", "3", "/proc/sys/net/ipv4/conf/eth0/rp_filter",
        "/proc/sys/net/ipv4/conf/eth0.5/rp_filter", "/proc/sys/a/eth0.5/b", "1",
        "/etc/$(reboot)", "keepalived", "ssh", "x; reboot",
      ])
  }
}

/// Bytes that nobody meant, from a seed, so that what does harm once does it again.
private struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 31)
  }

  /// Bytes that part something are frequent.
  private mutating func byte() -> UInt8 {
    Bool.random(using: &self)
      ? .random(in: 0...255, using: &self)
      : [0, 9, 10, 13, 32, 45, 58, 92, 123, 125].randomElement(using: &self) ?? 0
  }

  mutating func bytes() -> [UInt8] {
    (0..<Int.random(in: 0...300, using: &self)).map { _ in byte() }
  }

  mutating func broken(_ whole: [UInt8]) -> [UInt8] {
    var bytes = whole
    for _ in 0..<Int.random(in: 1...30, using: &self) {
      let place = Int.random(in: 0..<bytes.count, using: &self)
      switch Int.random(in: 0..<3, using: &self) {
      case 0: bytes[place] = byte()
      case 1: bytes.remove(at: place)
      default: bytes.insert(byte(), at: place)
      }
    }
    return bytes
  }
}
