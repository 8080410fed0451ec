// One case for each rule about what the protocol allows, ids, interfaces and sync groups.

import TakeoverKeepalived
import TakeoverModel

extension LintCase {
  private static let strict = Change.swap("script_user root", "script_user root\n    vrrp_strict")
  private static let key =
    "    authentication {\n        auth_type PASS\n        auth_pass k7Qw2xZp\n    }\n"
  private static let v6 = [
    Change.swap("172.17.16.3/24", "fd00::3/64"), .swap(key, ""),
  ]

  static let ofProtocol: [LintCase] = [
    LintCase(
      "KA100",
      "vrrp_strict without accept: whoever holds 172.17.16.3 answers ARP and drops every packet",
      both: [strict]),
    LintCase("KA100", "no_accept: whoever holds 172.17.16.3", both: [.add("no_accept")]),
    LintCase(
      "KA101", "vrrp_strict is to have no unicast_peer", both: [strict], severity: .warning),
    LintCase(
      "KA101", "the daemon does not run", both: [strict], severity: .error,
      facts: { a, _ in a.version = "2.1.5" }),
    LintCase(
      "KA102", "authentication is reset: vrrp_strict does not have it", both: [strict],
      a: [multicastA], b: [multicastB]),
    LintCase(
      "KA103", "version 2 has no IPv6", both: v6 + [.swap("    state", "    version 2\n    state")],
      a: [multicastA],
      b: [multicastB]),
    LintCase(
      "KA104", "fd00::3/64 is of the other family than what stands above",
      both: [.swap("172.17.16.3/24", "172.17.16.3/24\n        fd00::3/64")]),
    LintCase(
      "KA105", "the first address, fd00::3, is not link-local", both: v6, a: [multicastA],
      b: [multicastB]),
    LintCase("KA106", "authentication is ignored in VRRP version 3", both: [version3]),
    LintCase("KA107", "auth_type AH", both: [.swap("auth_type PASS", "auth_type AH")]),
    LintCase(
      "KA108", "auth_pass is one that stands in examples", both: [.swap("k7Qw2xZp", "1111")]),
    LintCase("KA109", "router_id is a, as on a", b: [.swap("router_id b", "router_id a")]),
  ]

  static let ofIdentity: [LintCase] = [
    LintCase(
      "KA110", "virtual_router_id 52 is VI_2's on eth0 already",
      a: [
        .end(second("VI_2", id: 52, on: "eth0", "10.0.0.8/24")),
        .end(second("VI_3", id: 52, on: "eth0", "10.0.0.9/24")),
      ]),
    LintCase(
      "KA111", "virtual_router_id 51 is VI_1's on another interface, too",
      both: [.end(second("VI_2", id: 51, on: "eth1", "10.0.0.8/24"))]),
    LintCase(
      "KA112", "172.17.16.3 is VI_1's, too: when the two are master on different nodes",
      both: [.end(second("VI_2", id: 52, on: "eth1", "172.17.16.3/24"))], severity: .error),
    LintCase(
      "KA113", "has no virtual_ipaddress: there is nothing to take over",
      both: [.swap("    virtual_ipaddress {\n        172.17.16.3/24\n    }\n", "")],
      severity: .warning),
    LintCase(
      "KA115", "vrrp_iptables uses the chain INPUT of a",
      a: [.swap("script_user root", "script_user root\n    vrrp_iptables INPUT")]),
    LintCase("KA114", "has no virtual_router_id", a: [.swap("    virtual_router_id 51\n", "")]),
  ]

  static let ofInterfaces: [LintCase] = [
    LintCase(
      "KA120", "b has no interface ens3", b: [.swap("interface eth0", "interface ens3")],
      facts: { _, _ in }),
    LintCase("KA121", "eth0 is down on b", facts: { _, b in b.interfaces?[1].isUp = false }),
    LintCase(
      "KA122", "which is tracked anyway", a: [.add("track_interface {\n        eth0\n    }")],
      severity: .note),
    LintCase(
      "KA122", "with weight -20: the line is ignored",
      a: [.add("track_interface {\n        eth0 weight -20\n    }")], severity: .warning),
    LintCase("KA123", "without a link on eth0 a stays master", a: [.add("dont_track_primary")]),
    LintCase(
      "KA124", "track_interface names eth7, which a does not have",
      a: [.add("track_interface {\n        eth7\n    }")], facts: { _, _ in }),
    LintCase(
      "KA125", "172.17.16.3 is on eth1, and the advertisements on eth0",
      both: [.swap("172.17.16.3/24", "172.17.16.3/24 dev eth1")]),
    LintCase(
      "KA126", "use_vmac with unicast_peer needs vmac_xmit_base", both: [.add("use_vmac")]),
    LintCase(
      "KA127", "use_vmac sends from a second MAC address", both: [.add("use_vmac")],
      a: [multicastA],
      b: [multicastB]),
    LintCase(
      "KA128",
      "10.0.0.9 is in one network with an address of VI_2, and a has none of its own there",
      both: [
        .end(second("VI_2", id: 52, on: "eth0", "10.0.0.8/24")),
        .end(second("VI_3", id: 53, on: "eth0", "10.0.0.9/24")),
      ], facts: { _, _ in }),
  ]

  static let ofGroups: [LintCase] = [
    LintCase("KA130", "G: there is no vrrp_instance VI_2", both: [group]),
    LintCase(
      "KA131", "G has one instance",
      both: [.end("vrrp_sync_group G {\n    group {\n        VI_1\n    }\n}")]),
    LintCase(
      "KA132", "VI_1 and VI_2 are in one vrrp_sync_group on one of a and b only",
      both: [.end(second("VI_2", id: 52, on: "eth1", "10.0.0.8/24"))], a: [group]),
    LintCase(
      "KA133", "VI_1 prefers a and VI_2 prefers b",
      both: [group], a: [.end(second("VI_2", id: 52, on: "eth1", "10.0.0.8/24", priority: 50))],
      b: [.end(second("VI_2", id: 52, on: "eth1", "10.0.0.8/24", priority: 60))]),
    LintCase(
      "KA134", "is on eth1 and VI_1 on eth0, in no sync group",
      both: [.end(second("VI_2", id: 52, on: "eth1", "10.0.0.8/24"))]),
    LintCase(
      "KA135", "G lets each instance keep the weights of its own checks",
      both: [
        .end(second("VI_2", id: 52, on: "eth1", "10.0.0.8/24")),
        .end(
          "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n"
            + "    sync_group_tracking_weight\n}"),
      ]),
    LintCase(
      "KA136", "preempts, and VI_2 of the same G has nopreempt",
      both: [preempting, .end(second("VI_2", id: 52, on: "eth1", "10.0.0.8/24")), group]),
  ]
}
