// One case for each rule about what both nodes must say alike, and about unicast.

import TakeoverKeepalived
import TakeoverModel

extension LintCase {
  static let ofText: [LintCase] = [
    LintCase("KA001", "has no interface", a: [.swap("    interface eth0\n", "")]),
    LintCase(
      "KA002", "garp_master_repeat must be at least 1, and the daemon takes that",
      both: [.add("garp_master_repeat 0")]),
    LintCase("KA003", "is written above, too", both: [.add("garp_master_refresh 70")]),
    LintCase(
      "KA003", "no prefix is written", both: [.swap("172.17.16.3/24", "172.17.16.3")],
      severity: .note),
    LintCase("KA004", "only files were given"),
  ]

  static let ofAgreement: [LintCase] = [
    LintCase(
      "KA010", "b has no such instance: when a fails, nobody takes over 10.0.0.9",
      a: [.end(second("VI_2", id: 52, on: "eth0", "10.0.0.9/24"))]),
    LintCase(
      "KA011",
      "virtual_router_id is 52, but 51 on a: neither hears the other, and both hold 172.17.16.3",
      b: [.swap("virtual_router_id 51", "virtual_router_id 52")]),
    LintCase(
      "KA012", "speaks VRRP version 3, but a version 2",
      b: [.swap("    state", "    version 3\n    state")]),
    LintCase(
      "KA013", "advert_int is 2 s, but 1 s on a: each drops the other's advertisements",
      b: [.swap("advert_int 1", "advert_int 2")], severity: .error),
    LintCase(
      "KA013", "a takeover from a takes 3 s and the skew, one from b 6 s and the skew",
      both: [.swap("    state", "    version 3\n    state")],
      b: [.swap("advert_int 1", "advert_int 2")], severity: .warning),
    LintCase(
      "KA014", "has no unicast_peer and speaks multicast, but a speaks unicast",
      b: [.swap("    unicast_peer {\n        172.17.16.7\n    }\n", "")]),
    LintCase(
      "KA015", "auth_pass differs from a's in its first eight bytes",
      b: [.swap("k7Qw2xZp", "k7Qw2xZq")]),
    LintCase(
      "KA015", "authentication is none, but auth_type PASS on a",
      b: [
        .swap(
          "    authentication {\n        auth_type PASS\n        auth_pass k7Qw2xZp\n    }\n", "")
      ]),
    LintCase(
      "KA016", "after the eighth byte, which nobody reads", b: [.swap("k7Qw2xZp", "k7Qw2xZp9")]),
    LintCase(
      "KA017", "virtual_ipaddress has 172.17.16.4 besides",
      b: [.swap("172.17.16.3/24", "172.17.16.3/24\n        172.17.16.4/24")]),
    LintCase(
      "KA017", "what only one node has is gone when that node is",
      b: [.swap("172.17.16.3/24", "172.17.16.3/24\n        172.17.16.4/24")],
      facts: { a, b in
        a.version = "2.3.3"
        b.version = "2.3.3"
      }),
    LintCase(
      "KA017", "virtual_ipaddress lacks 172.17.16.3 and has 172.17.16.5 besides",
      b: [.swap("172.17.16.3/24", "172.17.16.5/24")]),
    LintCase(
      "KA018", "172.17.16.3 is /32 on eth0 here, but /24 on eth0 on a",
      b: [.swap("172.17.16.3/24", "172.17.16.3/32")]),
    LintCase(
      "KA019", "virtual_ipaddress_excluded lacks 10.0.0.1: while b is master, nobody holds it",
      a: [.add("virtual_ipaddress_excluded {\n        10.0.0.1/24\n    }")]),
    LintCase(
      "KA020", "b takes over after 5.6875 s of silence, a after 3.609375 s",
      b: [.add("down_timer_adverts 5")]),
    LintCase(
      "KA021", "advertises to 224.0.0.88, but a to 224.0.0.18", a: [multicastA],
      b: [multicastB, .swap("router_id b", "router_id b\n    vrrp_mcast_group4 224.0.0.88")]),
    LintCase(
      "KA022", "lacks `10.1.0.0/16 via 172.17.16.1`",
      a: [.add("virtual_routes {\n        10.1.0.0/16 via 172.17.16.1\n    }")]),
    LintCase(
      "KA023", "a tracks service and b does not: b keeps 172.17.16.3 when that fails",
      b: [.swap("    track_script {\n        service\n    }\n", "")]),
  ]

  static let multicastA = Change.swap(
    "    unicast_src_ip 172.17.16.7\n    unicast_peer {\n        172.17.16.13\n    }\n", "")
  static let multicastB = Change.swap(
    "    unicast_src_ip 172.17.16.13\n    unicast_peer {\n        172.17.16.7\n    }\n", "")

  static let ofUnicast: [LintCase] = [
    LintCase(
      "KA030", "unicast_peer does not name 172.17.16.13, from which b sends (it names 172.17.16.14",
      a: [.swap("        172.17.16.13\n", "        172.17.16.14\n")]),
    LintCase(
      "KA031", "unicast_peer names 172.17.16.7, which is a itself: its advertisements reach nobody",
      a: [.swap("        172.17.16.13\n", "        172.17.16.7\n")], severity: .error),
    LintCase(
      "KA031", "unicast_peer names 172.17.16.7, which is a itself",
      a: [.swap("        172.17.16.13\n", "        172.17.16.7\n        172.17.16.13\n")],
      severity: .warning),
    LintCase("KA032", "has no unicast_src_ip", a: [.swap("    unicast_src_ip 172.17.16.7\n", "")]),
    LintCase(
      "KA033", "unicast_src_ip is 172.17.16.7 on a as well",
      b: [.swap("unicast_src_ip 172.17.16.13", "unicast_src_ip 172.17.16.7")]),
    LintCase(
      "KA033", "unicast_src_ip 172.17.16.99 is not an address of b",
      a: [.swap("        172.17.16.13\n", "        172.17.16.99\n")],
      b: [.swap("unicast_src_ip 172.17.16.13", "unicast_src_ip 172.17.16.99")], facts: { _, _ in }),
    LintCase(
      "KA034", "b does not have it while it is backup",
      b: [.swap("unicast_src_ip 172.17.16.13", "unicast_src_ip 172.17.16.3")]),
    LintCase(
      "KA035", "means to speak unicast but has no unicast_peer",
      a: [.swap("    unicast_peer {\n        172.17.16.13\n    }\n", "")],
      b: [.swap("    unicast_peer {\n        172.17.16.7\n    }\n", "")]),
    LintCase(
      "KA036", "unicast_peer names the virtual address 172.17.16.3",
      a: [.swap("        172.17.16.13\n", "        172.17.16.13\n        172.17.16.3\n")]),
    LintCase(
      "KA037", "fd00::7 is of the other family than what stands above: it is left out",
      a: [.swap("        172.17.16.13\n", "        172.17.16.13\n        fd00::7\n")]),
  ]

  /// Another instance, as healthy as the first.
  static func second(
    _ name: String, id: Int, on interface: String, _ address: String, priority: Int = 100
  ) -> String {
    """
    vrrp_instance \(name) {
        state BACKUP
        interface \(interface)
        virtual_router_id \(id)
        nopreempt
        priority \(priority)
        advert_int 1
        virtual_ipaddress {
            \(address)
        }
        garp_master_refresh 5
    }
    """
  }
}
