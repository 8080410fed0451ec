// One case for each rule about the node itself and about HAVIPs.

import TakeoverKeepalived
import TakeoverModel

extension LintCase {
  static let ofNodes: [LintCase] = [
    LintCase(
      "KA140",
      "the firewall of b drops protocol 112 (input, by the policy of chain input): b does not "
        + "hear the other node",
      facts: { _, b in
        b.firewall = Firewall(
          ruleset: """
            table inet filter {
              chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                iifname "lo" accept
                tcp dport { 22, 80 } accept
                icmp type echo-request accept
              }
            }
            """)
      }),
    LintCase(
      "KA141",
      "haproxy listens on 172.17.16.3:80 (seen on a), and b has net.ipv4.ip_nonlocal_bind = 0",
      facts: { a, _ in
        a.listeners = [
          NodeFacts.Listener(IPAddress("172.17.16.3"), port: 80, process: "haproxy")
        ]
      }),
    LintCase(
      "KA142", "b runs keepalived 2.3.3, and a 2.2.7", facts: { _, b in b.version = "2.3.3" }),
    LintCase("KA143", "keepalived does not run on b", facts: { _, b in b.isRunning = false }),
    LintCase(
      "KA144", "a and b both have 172.17.16.3 at this moment",
      facts: { a, b in
        guard let address = IPAddress("172.17.16.3") else { return }
        a.interfaces?[1].addresses.append(NodeFacts.Address(address, prefix: 24))
        b.interfaces?[1].addresses.append(NodeFacts.Address(address, prefix: 24))
      }),
  ]

  static let ofHAVIPs: [LintCase] = [
    LintCase(
      "KA150", "speaks multicast, which the subnet does not carry", a: [multicastA],
      b: [multicastB],
      havip: true),
    LintCase("KA151", "has no nopreempt", both: [preempting], havip: true),
    LintCase(
      "KA151", "state MASTER takes the HAVIP back", a: [.swap("state BACKUP", "state MASTER")],
      havip: true),
    LintCase(
      "KA152", "10.9.9.9 is not in eth0's subnet (172.17.16.7/24)",
      both: [.swap("172.17.16.3/24", "10.9.9.9/24")], havip: true, facts: { _, _ in }),
    LintCase(
      "KA153", "172.17.16.36 is HAVIP number 6 on eth0",
      both: [
        .swap(
          "172.17.16.3/24",
          (31...36).map { "172.17.16.\($0)/24" }.joined(separator: "\n        "))
      ], havip: true),
    LintCase(
      "KA154", "vrrp_strict is against the unicast that a HAVIP needs",
      both: [.swap("script_user root", "script_user root\n    vrrp_strict")], havip: true),
    LintCase(
      "KA155", "2 addresses, 5 announcements each, all at once",
      both: [.swap("172.17.16.3/24", "172.17.16.3/24\n        172.17.16.4/24")], havip: true),
    LintCase("KA156", "use_vmac announces a MAC address", both: [.add("use_vmac")], havip: true),
  ]

  static let all =
    ofText + ofAgreement + ofUnicast + ofElection + ofWeights + ofChecks + ofScriptFiles + ofTimes
    + ofAnnouncements + ofProtocol + ofIdentity + ofInterfaces + ofGroups + ofNodes + ofHAVIPs
}
