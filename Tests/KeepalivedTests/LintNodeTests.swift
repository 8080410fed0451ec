// What nodes answer, and what it means: interfaces, listeners, scripts' files, firewalls.

import TakeoverKeepalived
import TakeoverModel
import TestSupport
import Testing

@Suite struct `What a node says to the linter` {
  private static let said = """
    == version
    Keepalived v2.2.7 (01/16,2022)
    == processes
    0 /usr/sbin/keepalived --dont-fork --use-file /etc/ha/k.conf
    2 /usr/sbin/keepalived --dont-fork
    == capabilities
    000001fcfcfcffff
    == links
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN \\    link/loopback
    7: eth0@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP \\    link/ether
    9: eth1: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN \\    link/ether
    == addresses
    1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
    7: eth0    inet 172.17.16.7/24 brd 172.17.16.255 scope global eth0\\       valid_lft forever
    7: eth0    inet 172.17.16.3/32 scope global eth0\\       valid_lft forever
    7: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever
    == nonlocal
    1
    0
    == users
    no
    == listeners
    LISTEN 0 4096 172.17.16.3:80 0.0.0.0:* users:(("haproxy",pid=7,fd=5))
    LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=8,fd=3))
    LISTEN 0 128 127.0.0.53%lo:53 0.0.0.0:*
    == nftables
    read
    table inet filter {
    }
    == iptables
    == ip6tables
    == end
    """

  @Test func `facts are read from the answer`() {
    let facts = NodeAnswers.facts(Self.said)
    #expect(facts.version == "2.2.7")
    #expect(facts.isRunning == true)
    #expect(facts.isRealTime == true)
    #expect(facts.raisesLimits == false)
    #expect(facts.hasScriptUser == false)
    #expect(facts.bindsNonlocal?.v4 == true && facts.bindsNonlocal?.v6 == false)
    #expect(facts.interfaces?.map(\.name) == ["lo", "eth0", "eth1"])
    #expect(facts.interface(named: "eth0")?.isUp == true)
    #expect(facts.interface(named: "eth1")?.isUp == false)
    #expect(facts.interface(named: "eth0")?.addresses.map(\.prefix) == [24, 32, 64])
    #expect(facts.listeners?.map(\.port) == [80, 22, 53])
    #expect(facts.listeners?.map(\.process) == ["haproxy", "sshd", "a service"])
    #expect(facts.listeners?.first?.address == IPAddress("172.17.16.3"))
    #expect(facts.listeners?[1].address == nil)
    #expect(facts.firewall != nil)
    #expect(NodeAnswers.configurationFile(Self.said) == "/etc/ha/k.conf")
  }

  @Test func `what is not there is not known`() {
    let facts = NodeAnswers.facts("== version\n== processes\n== links\n== nftables\n== iptables\n")
    #expect(facts.version == nil && facts.interfaces == nil && facts.firewall == nil)
    #expect(facts.isRunning == false && facts.isRealTime == nil)
    #expect(facts.raisesLimits == nil)
    #expect(NodeAnswers.facts("== capabilities\n000001ffffffffff\n").raisesLimits == true)
    #expect(NodeAnswers.facts("== capabilities\nmany\n").raisesLimits == nil)
    #expect(facts.listeners == nil && facts.bindsNonlocal == nil)
    #expect(NodeAnswers.facts("") == NodeFacts())
  }

  @Test func `files come by their bytes, and a program is not one of them`() {
    let files = NodeAnswers.files(
      "file 2f61\n680a\nfile 2f62\n-\nfile 2f63\n\nfile zz\n00\nnoise\n")
    #expect(files.map(\.path) == ["/a", "/b", "/c"])
    #expect(files.map(\.bytes) == [[0x68, 0x0a], nil, []])
  }

  @Test func `programs are known by mode, and by who may change them`() {
    let paths = ["/usr/bin/curl", "/opt/check.sh", "/none"]
    let files = NodeAnswers.programs(
      "file 0 755 root regular file\nfile 1 644 joe regular file\nopen 1 /opt/check.sh\nopen 1 /opt\n",
      at: paths)
    #expect(files["/usr/bin/curl"] == NodeFacts.File(mode: 0o755))
    #expect(files["/opt/check.sh"]?.isExecutable == false)
    #expect(files["/opt/check.sh"]?.writableByOthers == ["/opt/check.sh", "/opt"])
    #expect(files["/none"]?.isThere == false)
  }

  @Test func `an answer cut or mangled anywhere is still an answer`() {
    let bytes = Array(Self.said.utf8)
    var generator = SplitMix(state: 20)
    for _ in 0..<2_000 {
      var changed = Array(bytes.prefix(Int(generator.next() % UInt64(bytes.count + 1))))
      for _ in 0..<3 where !changed.isEmpty {
        changed[Int(generator.next() % UInt64(changed.count))] = UInt8(
          truncatingIfNeeded: generator.next())
      }
      let text = String(decoding: changed, as: UTF8.self)
      _ = NodeAnswers.facts(text)
      _ = NodeAnswers.files(text)
      _ = NodeAnswers.programs(text, at: ["/a"])
      _ = NodeAnswers.configurationFile(text)
    }
  }
}

@Suite struct `A firewall, as advertisements meet it` {
  private let packet = Firewall.Packet(
    source: IPAddress("172.17.16.13"), destination: IPAddress("172.17.16.7"), interface: "eth0")

  private func nft(_ rules: String, policy: String = "drop") -> Firewall.Judgement {
    Firewall(
      ruleset: """
        table inet filter {
          set known { type ipv4_addr; elements = { 10.0.0.1 } }
          chain input {
            type filter hook input priority filter; policy \(policy);
            \(rules)
          }
          chain own {
            ip saddr 172.17.16.13 accept
          }
        }
        """
    ).judgement(of: packet, at: .input, isV4: true)
  }

  @Test(arguments: [
    "ip protocol vrrp accept", "meta l4proto 112 accept",
    "ip protocol 112 counter packets 1 bytes 2 accept",
    "ip saddr 172.17.16.13 accept", "ip saddr { 10.0.0.1, 172.17.16.13 } accept",
    "ip saddr 172.17.16.0/24 accept", "iifname \"eth0\" accept", "iifname \"eth*\" accept",
    "accept",
    "jump own", "ct state new accept", "tcp dport 22 drop\n    ip protocol vrrp accept",
    "iifname != \"eth1\" accept", "meta l4proto { tcp, vrrp } accept comment \"drop\"",
  ])
  func `nftables lets it in`(rules: String) { #expect(nft(rules) == .accepted) }

  @Test(arguments: [
    "", "tcp dport { 22, 80 } accept", "ct state established,related accept",
    "iifname \"lo\" accept",
    "ip saddr 172.17.16.14 accept", "ip protocol icmp accept", "iifname \"eth1\" jump own",
    "counter drop", "ip protocol vrrp drop", "ip saddr != 172.17.16.14 drop",
    "ip protocol vrrp log prefix \"no vrrp\" drop", "reject with icmp type admin-prohibited",
  ])
  func `nftables drops it`(rules: String) {
    guard case .dropped = nft(rules) else {
      Issue.record("\(rules): \(nft(rules))")
      return
    }
  }

  @Test(arguments: [
    "ip saddr @known accept", "limit rate 10/second accept", "xt match \"u32\" drop",
    "fib saddr type local accept", "meta mark 7 accept",
  ])
  func `what cannot be read for sure is not judged`(rules: String) {
    #expect(nft(rules) == .unknown)
  }

  @Test func `an open policy lets in what no rule drops`() {
    #expect(nft("tcp dport 25 drop", policy: "accept") == .accepted)
  }

  private func iptables(_ rules: String, policy: String = "DROP") -> Firewall.Judgement {
    Firewall(
      ruleset: "",
      saved4: """
        *filter
        :INPUT \(policy) [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT ACCEPT [0:0]
        :own - [0:0]
        \(rules)
        -A own -s 172.17.16.13/32 -j ACCEPT
        COMMIT
        """
    ).judgement(of: packet, at: .input, isV4: true)
  }

  @Test func `iptables is read as well`() {
    #expect(iptables("-A INPUT -p vrrp -j ACCEPT") == .accepted)
    #expect(iptables("-A INPUT -p 112 -m comment --comment \"ha pair\" -j ACCEPT") == .accepted)
    #expect(iptables("-A INPUT -s 172.17.16.0/24 -i eth0 -j ACCEPT") == .accepted)
    #expect(iptables("-A INPUT -j own") == .accepted)
    #expect(iptables("-A INPUT ! -i eth1 -j ACCEPT") == .accepted)
    #expect(iptables("", policy: "ACCEPT") == .accepted)
    for rules in [
      "", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A INPUT -i lo -j ACCEPT",
    ] {
      #expect(iptables(rules) == .dropped(by: "the policy of chain INPUT"), "\(rules)")
    }
    #expect(
      iptables("-A INPUT -p vrrp -j DROP", policy: "ACCEPT")
        == .dropped(by: "`-A INPUT -p vrrp -j DROP`"))
    #expect(iptables("-A INPUT -m set --match-set peers src -j ACCEPT") == .unknown)
  }
}
