// What the digest prints on a node of the lab, part by part, so that a test can change one.

import TakeoverModel
import TakeoverRun

struct DigestSample {
  static let site = Site(
    name: "pair", environment: .lab, nodes: [node],
    addresses: [
      VirtualAddress(.v4(0xac11_1003), prefix: 32),
      VirtualAddress(.v6(high: 0xfd00_0001 << 32, low: 3), prefix: 64),
    ])

  static let node = Node(
    name: "a", reach: Reach(host: "a"), interface: "eth0", addresses: [],
    services: [
      "keepalived": .unit("keepalived"), "ssh": .unit("ssh"),
      "haproxy": .commands(
        ServiceCommands(
          start: Command("hap", "start"), stop: Command("hap", "stop"),
          isActive: Command("hap", "active"), mainProcess: Command("hap", "pid"))),
    ])

  static let touches = Touches(files: ["/etc/a.conf", "/etc/b"], sysctls: ["net.ipv4.ip_forward"])

  struct Part {
    var name: String
    var content: String
    var status = 0

    var text: String { "\0\(name)\n\(content)\0\(status)\n" }
  }

  /// Own commands, settings and files are there once for each.
  var parts: [Part] = [
    Part(name: "boot", content: "8aa7208c-f337-423c-b512-61b95decd57d 24\n"),
    Part(name: "clock", content: "1795391154\n"),
    Part(name: "shell", content: "303\n"),
    Part(name: "own", content: "0\n200\n"),
    Part(name: "setting", content: "1\n"),
    Part(
      name: "file", content: "mode 644 0:0\n\(String(repeating: "0", count: 64))  -\n"),
    Part(name: "file", content: ""),
    Part(
      name: "units",
      content: """
        MainPID=100
        ActiveState=active
        UnitFileState=enabled

        MainPID=300
        ActiveState=active
        UnitFileState=enabled

        """),
    Part(
      name: "links",
      content: #"""
        1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
        2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0

        """#),
    Part(
      name: "addresses",
      content: #"""
        1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
        2: eth0    inet 172.17.16.7/24 brd 172.17.16.255 scope global eth0\       valid_lft forever preferred_lft forever
        2: eth0    inet6 fd00::7/64 scope global \       valid_lft forever preferred_lft forever
        2: eth0    inet6 fe80::1/64 scope link \       valid_lft forever preferred_lft forever

        """#),
    Part(name: "rules4", content: "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n"),
    Part(name: "rules6", content: "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n"),
    Part(name: "neighbours", content: "172.17.16.9 dev eth0 lladdr 02:00:00:00:00:09 PERMANENT \n"),
    Part(
      name: "qdiscs",
      content: """
        qdisc noqueue 0: dev lo root refcnt 2 
        qdisc noqueue 0: dev eth0 root refcnt 2 

        """),
    Part(
      name: "processes",
      content: [
        (1, 0), (100, 1), (101, 100), (110, 101), (200, 1), (201, 200), (300, 1), (303, 300),
      ]
      .map { pid, parent in
        let name = ["systemd", "keepalived", "haproxy", "sshd"][pid / 100]
        return "Name:\t\(name)\nState:\tS (sleeping)\nPid:\t\(pid)\nPPid:\t\(parent)\n"
      }.joined()),
    Part(
      name: "nftables",
      content: """
        table inet filter {
        \tset blocked {
        \t\ttype ipv4_addr
        \t\telements = { 192.0.2.1, 192.0.2.2,
        \t\t\t     192.0.2.3 }
        \t}

        \tchain input {
        \t\ttype filter hook input priority filter; policy accept;
        \t\tip saddr @blocked counter drop comment "a { in quotes"
        \t\ttcp dport 80 accept
        \t}
        }

        """),
    Part(
      name: "routes4",
      content: #"""
        default via 172.17.16.1 dev eth0 
        172.17.16.0/24 dev eth0 proto kernel scope link src 172.17.16.7 
        10.0.0.0/8 proto static \	nexthop via 172.17.16.1 dev eth0 weight 1 \	nexthop via 172.17.16.2 dev eth0 weight 1 
        local 172.17.16.7 dev eth0 table local proto kernel scope host src 172.17.16.7 

        """#),
    Part(
      name: "routes6",
      content: """
        fd00::/64 dev eth0 proto kernel metric 256 pref medium
        fe80::/64 dev eth0 proto kernel metric 256 pref medium
        local fd00::7 dev eth0 table local proto kernel metric 0 pref medium

        """),
  ]

  subscript(name: String) -> String {
    get { parts.first { $0.name == name }?.content ?? "" }
    set {
      if let at = parts.firstIndex(where: { $0.name == name }) { parts[at].content = newValue }
    }
  }

  mutating func replace(_ old: String, in name: String, with new: String) {
    self[name] = self[name].replacing(old, with: new)
  }

  var output: String { parts.map(\.text).joined() }
  var state: NodeState { Self.state(output) }

  static func state(_ output: String) -> NodeState {
    NodeDigest.state(output, of: node, in: site, touching: touches)
  }
}
