// What the switch is told: which ports may say what, where floating addresses go, and what changes.

import TakeoverModel
import TakeoverSubnet
import Testing

@Suite struct `The switch's rules` {
  typealias Samples = SubnetSamples

  private func bound(to node: String) -> Subnet {
    var subnet = Samples.subnet(Samples.description(associated: ["a", "b"]))
    _ = subnet.hear(node, after: 0)
    _ = subnet.advance(after: Samples.second)
    return subnet
  }

  @Test func `the sets say who is where`() {
    let rules = Samples.subnet(Samples.description(associated: ["a", "b"])).forwarding.rules
    let sets: [String] = rules.split(separator: "\n").map { String($0.drop { $0 == " " }) }
      .filter { $0.hasPrefix("set ") || $0.hasPrefix("map ") }
    let fixed =
      #""port-a" . 172.17.16.7, "port-b" . 172.17.16.13, "port-client" . 172.17.16.20"#
    let drift = #""port-a" . 172.17.16.3, "port-b" . 172.17.16.3"#
    let expected: [String] = [
      #"set ports { type ifname; elements = { "port-a", "port-b", "port-client" }; }"#,
      "set fixed { type ifname . ipv4_addr; elements = { \(fixed) }; }",
      "set drift { type ifname . ipv4_addr; elements = { \(drift) }; }",
      "set bound { type ifname . ipv4_addr;  }", "map way { type ipv4_addr : ether_addr;  }",
    ]
    #expect(sets == expected)
  }

  @Test func `no packet to a group passes but ARP and neighbour discovery`() throws {
    let rules = Samples.subnet().forwarding.rules.split(separator: "\n")
    let forward = rules.drop { !$0.contains("chain forward") }.prefix { !$0.hasSuffix("  }") }
    let accepting = forward.filter { $0.hasSuffix("accept") }
    #expect(accepting.count == 2)
    #expect(accepting.contains { $0.contains("iifname != @ports") })
    #expect(accepting.contains { $0.contains("nd-neighbor-solicit, nd-neighbor-advert") })
    #expect(forward.last?.contains("ether daddr & 01:00:00:00:00:00") == true)
    // IPv4 and ARP are decided in chains of their own, whose last word is drop.
    for chain in ["announced", "sent", "delivered"] {
      let body = rules.drop { !$0.contains("chain \(chain) ") }.prefix { !$0.hasSuffix("  }") }
      #expect(body.last?.hasSuffix("drop") == true, "\(chain)")
    }
  }

  @Test func `a binding changes the two sets that say where it goes, and nothing else`() {
    let before = Samples.subnet(Samples.description(associated: ["a", "b"])).forwarding
    let first = bound(to: "a").forwarding
    #expect(
      first.change(from: before) == """
        flush set bridge takeover_fabric bound
        add element bridge takeover_fabric bound { "port-a" . 172.17.16.3 }
        flush map bridge takeover_fabric way
        add element bridge takeover_fabric way { 172.17.16.3 : 02:00:00:00:00:61 }

        """)
    #expect(
      before.change(from: first) == """
        flush set bridge takeover_fabric bound
        flush map bridge takeover_fabric way

        """)
    #expect(first.change(from: first).isEmpty)
  }

  @Test func `an ordinary address that was moved goes to its new machine's Ethernet address`() {
    let owned = [LabFabric.Owned(Samples.address(9), by: "a")]
    let console = Console(Samples.description(havips: [], owned: owned))
    let before = console.plane.subnet.forwarding
    #expect(before.rules.contains("elements = { 172.17.16.9 : 02:00:00:00:00:61 };"))
    let move =
      #"{"SourceNetworkInterfaceId":"eni-a","DestinationNetworkInterfaceId":"eni-b","#
      + #""PrivateIpAddress":"172.17.16.9"}"#
    #expect(console.refusal("MigratePrivateIpAddress", move) == nil)
    _ = console.plane.subnet.advance(after: Samples.second)
    #expect(
      console.plane.subnet.forwarding.change(from: before).hasSuffix(
        """
        flush map bridge takeover_fabric way
        add element bridge takeover_fabric way { 172.17.16.9 : 02:00:00:00:00:62 }

        """))
  }
}
