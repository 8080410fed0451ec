// What differs between two states of a node: the words an operator reads, and the command that mends.

internal import Foundation
internal import TakeoverModel
internal import Testing

@Suite struct `The state of a node` {
  private static let node = Node(
    name: "a", reach: Reach(host: "a"), interface: "eth0", addresses: [],
    services: [
      "keepalived": .unit("keepalived"),
      "haproxy": .commands(
        ServiceCommands(
          start: Command("hap", "start"), stop: Command("hap", "stop"),
          isActive: Command("hap", "active"), mainProcess: Command("hap", "pid"))),
    ])

  /// What is told when `section` goes from one list of lines to another.
  private func told(
    _ section: NodeState.Section, _ old: [String], _ new: [String]
  ) -> [Difference] {
    NodeState(lines: [section: new]).differences(
      from: NodeState(lines: [section: old]), on: Self.node)
  }

  /// Words and mending of the only difference, both as text.
  private func only(
    _ section: NodeState.Section, _ old: [String], _ new: [String]
  ) throws -> [String] {
    let found = told(section, old, new)
    try #require(found.count == 1, "\(found)")
    #expect(found[0].section == section)
    return [found[0].words] + [found[0].mend?.shellText].compactMap { $0 }
  }

  @Test func `a state equals itself, in whatever order it was read`() {
    let state = NodeState(lines: [.routes: ["4\tb", "4\ta"]])
    #expect(state.differences(from: state).isEmpty)
    #expect(state == NodeState(lines: [.routes: ["4\ta", "4\tb"]]))
  }

  @Test func `a state that was written down reads back, section by section`() throws {
    let state = NodeState(
      lines: [.links: ["eth0\tmtu\t1500"], .routes: []], reasons: [.nftables: "no program"])
    let bytes = try JSONEncoder().encode(state)
    #expect(try JSONDecoder().decode(NodeState.self, from: bytes) == state)
    #expect(String(decoding: bytes, as: UTF8.self).contains(#""links":["#))
  }

  @Test func `addresses are added and taken away`() throws {
    let line = "eth0\t10.0.0.7/24 brd 10.0.0.255 scope global"
    #expect(
      try only(.addresses, [line], []) == [
        "the address 10.0.0.7/24 of eth0 is missing",
        "ip addr add 10.0.0.7/24 brd 10.0.0.255 scope global dev eth0",
      ])
    #expect(
      try only(.addresses, [], [line]) == [
        "the address 10.0.0.7/24 of eth0 is too much", "ip addr del 10.0.0.7/24 dev eth0",
      ])
  }

  @Test func `routes are added and taken away, what is too much first`() throws {
    let (one, other) = ("4\tdefault via 10.0.0.1 dev eth0", "4\tdefault via 10.0.0.2 dev eth0")
    #expect(
      try only(.routes, [one], []) == [
        "the route `default via 10.0.0.1 dev eth0` is missing",
        "ip route add default via 10.0.0.1 dev eth0",
      ])
    #expect(
      told(.routes, [one], [other]).map(\.mend?.shellText) == [
        "ip route del default via 10.0.0.2 dev eth0", "ip route add default via 10.0.0.1 dev eth0",
      ])
    #expect(
      try only(.routes, ["6\tdefault via fe80::1 dev eth0 metric 1024"], []) == [
        "the IPv6 route `default via fe80::1 dev eth0 metric 1024` is missing",
        "ip -6 route add default via fe80::1 dev eth0 metric 1024",
      ])
  }

  @Test func `a line that is there twice is not the same as once`() {
    #expect(told(.routes, ["4\ta", "4\ta"], ["4\ta"]).count == 1)
  }

  @Test func `rules have their priority, and what ip does not read is not mended`() throws {
    #expect(
      try only(.rules, ["4\t100: from 10.0.0.0/8 lookup 100"], []) == [
        "the rule `100: from 10.0.0.0/8 lookup 100` is missing",
        "ip rule add priority 100 from 10.0.0.0/8 lookup 100",
      ])
    #expect(
      try only(.rules, [], ["6\t1000: from all lookup [l3mdev-table]"]) == [
        "the IPv6 rule `1000: from all lookup [l3mdev-table]` is too much"
      ])
  }

  @Test func `neighbours are pinned again, and let go`() throws {
    let line = "10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09"
    #expect(
      try only(.neighbours, [], [line]) == [
        "the pinned neighbour `\(line)` is too much", "ip neigh del 10.0.0.9 dev eth0",
      ])
    #expect(
      try only(.neighbours, [line], []).last
        == "ip neigh replace 10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09 nud permanent")
  }

  @Test(arguments: [
    ("mtu", "1500", "1400", "eth0 has mtu 1400, not 1500", "ip link set dev eth0 mtu 1500"),
    (
      "mac", "02:00:00:00:00:01", "02:00:00:00:00:02",
      "eth0 has mac 02:00:00:00:00:02, not 02:00:00:00:00:01",
      "ip link set dev eth0 address 02:00:00:00:00:01"
    ),
    ("flags", "UP MULTICAST", "MULTICAST", "the link eth0 is down", "ip link set dev eth0 up"),
    (
      "flags", "UP", "UP NOARP", "the link eth0 has the flag NOARP", "ip link set dev eth0 arp on"
    ),
    (
      "flags", "UP PROMISC", "UP", "the link eth0 has lost the flag PROMISC",
      "ip link set dev eth0 promisc on"
    ),
    ("master", "br0", "br1", "eth0 has master br1, not br0", "ip link set dev eth0 master br0"),
    ("carrier", "yes", "no", "the link eth0 has no carrier", ""),
  ])
  func `links are set as they were`(
    property: String, old: String, new: String, words: String, mend: String
  ) throws {
    let found = try only(.links, ["eth0\t\(property)\t\(old)"], ["eth0\t\(property)\t\(new)"])
    #expect(found == [words] + (mend.isEmpty ? [] : [mend]))
  }

  @Test func `a link that is down is told once, one that is gone too`() throws {
    let up = ["eth0\tflags\tUP", "eth0\tcarrier\tyes", "eth0\tmtu\t1500"]
    let down = ["eth0\tflags\t", "eth0\tcarrier\tno", "eth0\tmtu\t1500"]
    #expect(
      try only(.links, up, down) == ["the link eth0 is down", "ip link set dev eth0 up"])
    #expect(try only(.links, up, []) == ["the link eth0 is missing"])
    #expect(
      try only(.links, [], up) == ["there is a link more: eth0", "ip link delete dev eth0"])
    #expect(
      try only(.links, ["eth0\tmtu\t1"], ["eth0\tmtu\t1", "eth0\tmaster\tbr0"]) == [
        "eth0 has master br0, not none", "ip link set dev eth0 nomaster",
      ])
  }

  @Test func `tables of nftables come and go; within one the statement is named`() throws {
    let table = ["inet x\t\t", "inet x\tchain in\ttype filter;\tip saddr 10.0.0.9 drop"]
    #expect(
      try only(.nftables, [], table) == [
        "nftables has a table more: inet x", "nft delete table inet x",
      ])
    #expect(try only(.nftables, table, []) == ["nftables has lost its table inet x"])
    #expect(
      try only(.nftables, table, ["inet x\t\t", "inet x\tchain in\ttype filter;\taccept"]) == [
        "nftables: in table inet x, chain in is another: `accept` is too much, "
          + "`ip saddr 10.0.0.9 drop` is missing"
      ])
    #expect(
      try only(.nftables, table, ["inet x\t\t"]) == [
        "nftables: in table inet x, chain in is missing"
      ])
    #expect(told(.nftables, [], ["inet x;flush ruleset\t\t"]).map(\.mend) == [nil])
  }

  @Test func `a qdisc is removed where the kernel's own was before`() throws {
    let own = "eth0\troot\tnoqueue 0:"
    let tbf = "eth0\troot\ttbf auto: rate 1Mbit"
    #expect(
      try only(.qdiscs, [own], [tbf]) == [
        "the qdisc of eth0 at root is `tbf auto: rate 1Mbit`, it was `noqueue 0:`",
        "tc qdisc del dev eth0 root",
      ])
    #expect(told(.qdiscs, [tbf], [own]).map(\.mend) == [nil])
    #expect(
      try only(.qdiscs, [own], [own, "eth0\tparent ffff:fff1\tclsact ffff:"]).last
        == "tc qdisc del dev eth0 clsact")
  }

  @Test func `kernel settings get their value back`() throws {
    #expect(
      try only(.sysctls, ["net.ipv4.ip_forward\tvalue\t1"], ["net.ipv4.ip_forward\tvalue\t0"]) == [
        "net.ipv4.ip_forward is 0, not 1", "sysctl -w net.ipv4.ip_forward=1",
      ])
    #expect(
      try only(.sysctls, ["a\tvalue\tabsent"], ["a\tvalue\t0"]) == ["a is 0, not absent"])
  }

  @Test func `files differ by content, mode and owner, or were not there`() throws {
    let file = ["/a\tcontent\t11", "/a\tmode\t644", "/a\towner\t0:0"]
    #expect(
      try only(.files, file, ["/a\tcontent\t22"] + file[1...]) == [
        "the file /a has another content"
      ])
    #expect(
      try only(.files, file, [file[0], "/a\tmode\t600", file[2]]) == [
        "the file /a has mode 600, not 644", "chmod 644 /a",
      ])
    #expect(
      try only(.files, file, [file[0], file[1], "/a\towner\t5:5"]) == [
        "the file /a belongs to 5:5, not 0:0", "chown 0:0 /a",
      ])
    #expect(try only(.files, file, ["/a\tcontent\tabsent"]) == ["the file /a is missing"])
    #expect(
      try only(.files, ["/a\tcontent\tabsent"], file) == [
        "the file /a was not there before", "rm -- /a",
      ])
  }

  private func service(
    _ name: String, runs: Bool = true, first: Bool = true, processes: Int = 2,
    stopped: Bool = false, boot: String? = nil
  ) -> [String] {
    let word = { (yes: Bool) in yes ? "yes" : "no" }
    return [
      "\(name)\truns\t\(word(runs))", "\(name)\tfirst process\t\(word(first))",
      "\(name)\tstopped\t\(word(stopped))",
    ] + (first ? ["\(name)\tprocesses\t\(processes)"] : [])
      + (boot.map { ["\(name)\tat boot\t\($0)"] } ?? [])
  }

  @Test func `services are started, stopped and let go on as the node says`() throws {
    let whole = service("keepalived")
    #expect(
      try only(.services, whole, service("keepalived", runs: false, first: false)) == [
        "keepalived does not run",
        try #require(Self.node.services["keepalived"]?.start.shellText),
      ])
    #expect(
      try only(.services, service("haproxy", runs: false, first: false), service("haproxy")) == [
        "haproxy runs, it did not before", "hap stop",
      ])
    #expect(
      try only(.services, whole, service("keepalived", stopped: true)) == [
        "a process of keepalived is stopped", "systemctl kill --signal=CONT keepalived",
      ])
    #expect(
      try only(.services, whole, service("keepalived", processes: 1)) == [
        "processes of keepalived: 1, not 2", "systemctl restart keepalived",
      ])
    #expect(
      try only(.services, whole, service("keepalived", first: false)) == [
        "keepalived has no first process", "systemctl restart keepalived",
      ])
    #expect(
      try only(
        .services, service("keepalived", boot: "enabled"),
        service("keepalived", boot: "disabled")) == [
          "keepalived is disabled at boot, it was enabled", "systemctl enable keepalived",
        ])
    #expect(
      told(.services, service("other"), service("other", stopped: true)).map(\.mend) == [nil])
  }

  @Test func `a service of its own commands is let go on by its first process`() throws {
    let mend = told(.services, service("haproxy"), service("haproxy", stopped: true)).first?.mend
    #expect(mend?.asScript.map { Array($0.parameters) } == ["hap pid"])
  }

  @Test func `a node that was started anew is told apart`() throws {
    #expect(try only(.boot, ["x 24"], ["x 25"]) == ["the node was started anew"])
  }

  @Test func `a clock that was set is told, the second that is cut off is not`() throws {
    #expect(
      try only(.clock, ["1000"], ["993"]) == [
        "the clock was set back by 7 s", "date -s '7 seconds'",
      ])
    #expect(told(.clock, ["1000"], ["1001"]).isEmpty)
    #expect(told(.clock, ["1000"], ["999"]).isEmpty)
    #expect(told(.clock, ["9223372036854775807"], ["-9223372036854775808"]).count == 1)
  }

  @Test func `what was known and is not is a difference, what never was is not`() {
    let known = NodeState(lines: [.nftables: []])
    let unknown = NodeState(reasons: [.nftables: "the node has no program for it"])
    #expect(
      unknown.differences(from: known).map(\.words) == [
        "nftables cannot be read any more: the node has no program for it"
      ])
    #expect(
      known.differences(from: unknown).map(\.words) == [
        "nftables were not known before: the node has no program for it"
      ])
    #expect(unknown.differences(from: unknown).isEmpty)
    #expect(unknown.unread.map(\.section) == NodeState.Section.allCases)
    #expect(!known.unread.contains { $0.section == .nftables })
  }

  @Test func `no node fills a journal`() {
    let many = (0..<500).map { "4\t10.0.\($0).0/24 " + String(repeating: "x", count: 5_000) }
    let found = told(.routes, many, [])
    #expect(found.count == NodeState.mostDifferences + 1)
    #expect(found.last?.words == "and 400 more")
    #expect(found.allSatisfy { $0.words.utf8.count < 400 })
  }

  @Test func `lines of any shape are compared without harm`() {
    let shapes = ["", "\t", "\t\t\t", "a", "a\t", "\u{0}\u{1B}[2J", " \u{301}\t\u{301} ", "\r\n"]
    for section in NodeState.Section.allCases {
      for old in shapes {
        for new in shapes {
          let found = told(section, [old, old], [new])
          #expect(found.isEmpty == false)
          _ = told(section, [], [new])
        }
      }
    }
  }
}
