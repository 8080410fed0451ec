// Sites and plans drafted from a pair with several virtual routers.

import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `A draft for several instances` {
  private static func text(_ own: String, to peer: String, _ priorities: (Int, Int)) -> String {
    [(1, priorities.0), (2, priorities.1)].map { number, priority in
      """
      vrrp_instance VI_\(number) {
        state BACKUP
        interface eth0
        virtual_router_id \(50 + number)
        priority \(priority)
        advert_int 1
        unicast_src_ip \(own)
        unicast_peer {
          \(peer)
        }
        virtual_ipaddress {
          192.0.2.\(9 + number)/32
        }
      }

      """
    }.joined()
  }

  private func members(_ a: (Int, Int), _ b: (Int, Int)) -> [Member] {
    [
      Member("a", Reader.read(Self.text("192.0.2.1", to: "192.0.2.2", a), .bookworm)),
      Member("b", Reader.read(Self.text("192.0.2.2", to: "192.0.2.1", b), .bookworm)),
    ]
  }

  private func site(_ names: String..., of members: [Member]) throws -> Site {
    try SiteDraft.site(
      named: "pair", of: members, instances: names,
      reaches: [Reach(host: "a"), Reach(host: "b")], here: nil)
  }

  @Test func `is one for each, and one for all that move in step`() throws {
    let pair = members((100, 100), (80, 80))
    let names = SiteDraft.instances(of: pair)
    #expect(names == ["VI_1", "VI_2"])
    #expect(SiteDraft.moveTogether(names, of: pair))
    let one = try site("VI_2", of: pair)
    #expect(one.addresses.map(\.address.description) == ["192.0.2.11"])
    #expect(one.vrid == 52)
    let all = try site("VI_1", "VI_2", of: pair)
    #expect(all.addresses.map(\.address.description) == ["192.0.2.10", "192.0.2.11"])
    #expect(all.vrid == nil)
    let plan = try PlanDraft(
      name: "pair", site: "site.yaml", of: pair, holding: all.addresses.map(\.address)
    ).text
    // Two that advertise in their own time: up to an interval less than M, seen from the last of them.
    #expect(
      plan.contains(
        "b takes over 2.6875s to 3.6875s after the blow (3 · 1s + (256 − 80)/256 · 1s, of"),
      "\(plan)")
  }

  @Test func `is none for instances that each node prefers for itself`() {
    let crossed = members((100, 80), (80, 100))
    #expect(!SiteDraft.moveTogether(SiteDraft.instances(of: crossed), of: crossed))
  }

  @Test func `names what it cannot find`() {
    let error = #expect(throws: Complaint.self) {
      try site("VI_1", "VI_9", of: members((100, 100), (80, 80)))
    }
    #expect(error?.problem == "no vrrp_instance of both nodes is called VI_9")
  }
}
