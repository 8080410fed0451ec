// The kinds that strike links, addresses and packets: what they refuse, in words, and that nft takes
// every table that they write.

import Foundation
import Glibc
import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct `Faults of the network` {
  static let tables: [(kind: String, given: [String: ParameterValue])] = [
    ("partition-peer", [:]), ("partition-clients", [:]), ("one-way-loss", [:]),
    ("one-way-loss", ["direction": .text("in")]), ("drop-goodbyes", ["direction": .text("both")]),
    ("packet-loss", ["percent": .count(30), "protocol": .text("all")]),
    ("packet-loss", ["percent": .count(1), "protocol": .text("arp"), "peer": .text("any")]),
    ("reject-traffic", ["protocol": .text("all"), "direction": .text("both")]),
    ("reject-traffic", ["protocol": .text("icmp"), "peer": .text("any")]),
    ("reject-traffic", ["protocol": .text("tcp"), "port": .count(80), "peer": .text("any")]),
    ("drop-announcements", [:]), ("delay-announcements", [:]),
    ("duplicate-announcements", ["copies": .count(3)]), ("drop-neighbour-discovery", [:]),
  ]

  /// Both families, and a virtual router's id.
  static var site: Site {
    var site = FaultTests.site()
    site.vrid = 51
    site.addresses.append(VirtualAddress(.v6(high: 0xfd00_0000_0000_0000, low: 3), prefix: 128))
    return site
  }

  /// The table that the last of these commands writes, as it is written down.
  static func table(_ procedure: Procedure) throws -> String {
    let script = try #require(procedure.prepare.last?.asScript)
    return try #require(script.parameters.first { $0.hasPrefix("table ") })
  }

  @Test(arguments: tables.indices)
  func `a table is proven by as many rules as it has`(index: Int) throws {
    let (kind, given) = Self.tables[index]
    let procedure = try FaultTests.procedure(kind, given, site: Self.site)
    let strikes = try Self.table(procedure).split(separator: "\n")
      .filter { $0.contains(" counter ") }.count
    #expect(strikes > 0)
    #expect(procedure.confirm.first?.asScript?.parameters.last == String(strikes))
  }

  private static let path = "PATH=" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
  private static let hasNft =
    geteuid() == 0
    && FaultTests.status(of: [path, "sh", "-c", "command -v nft unshare >/dev/null"]) == 0

  /// In a network of its own, whose only interface is the loopback.
  @Test(.enabled(if: hasNft, "needs root and nft"), arguments: tables.indices)
  func `a table is taken by nft, and the proof finds it there`(index: Int) throws {
    let (kind, given) = Self.tables[index]
    let procedure = try FaultTests.procedure(kind, given, site: Self.site)
    let text = try Self.table(procedure).replacing("\"eth0\"", with: "\"lo\"")
      .split(separator: "\n").filter { !$0.contains("@road-") && !$0.contains("@next-") }
      .joined(separator: "\n")
    let status = FaultTests.status(
      of: [
        Self.path, "unshare", "-n", "sh", "-c",
        "printf '%s\\n' \"$1\" | nft -f - && eval \"$2\"", "takeover", text,
        procedure.confirm[0].shellText.replacing("\"eth0\"", with: "\"lo\""),
      ])
    #expect(status == 0, "\(kind): \(text)")
  }

  @Test(arguments: ["drop-goodbyes", "drop-announcements", "partition-peer", "drop-traffic"])
  func `a kernel without the egress hook is told before anything is done`(kind: String) throws {
    let procedure = try FaultTests.procedure(
      kind, ["protocol": .text("arp"), "peer": .text("any")])
    #expect(
      procedure.requirements.map(\.otherwise) == [
        "has no egress hook for nftables (Linux 5.16)"
      ])
  }

  @Test
  func `a goodbye is told from others by its priority, and by its router where that is known`()
    throws
  {
    let known = try Self.table(try FaultTests.procedure("drop-goodbyes", site: Self.site))
    #expect(known.contains("    meta l4proto 112 @th,8,16 13056 counter drop\n"))
    var site = Self.site
    site.vrid = nil
    let unknown = try Self.table(try FaultTests.procedure("drop-goodbyes", site: site))
    #expect(unknown.contains("    meta l4proto 112 @th,16,8 0 counter drop\n"))
  }

  @Test
  func `what comes from a virtual address comes from the peer, and our announcement does not`()
    throws
  {
    let chains = try Self.table(try FaultTests.procedure("partition-peer", site: Self.site))
      .split(separator: "chain outbound")
    #expect(chains[0].contains("arp saddr ip { 172.17.16.13, 172.17.16.3 } counter drop"))
    #expect(chains[1].contains("arp daddr ip { 172.17.16.13 } counter drop"))
    #expect(!chains[1].contains("0xfd000000000000000000000000000003"))
  }

  static let refused: [(kind: String, given: [String: ParameterValue], problem: String)] = [
    ("rate-limit", ["rate": .text("10")], "\"10\" is no rate"),
    ("rate-limit", ["rate": .text("1kbit")], "\"1kbit\" is no rate"),
    ("rate-limit", ["rate": .text("9223372036854775807gbit")], "is no rate"),
    ("rate-limit", ["latency": .duration(.zero)], "is no time to wait in a queue"),
    ("delay-traffic", ["delay": .duration(.zero)], "is no delay"),
    (
      "delay-traffic",
      ["delay": .duration(.milliseconds(10)), "jitter": .duration(.milliseconds(11))],
      "would send packets before they are there"
    ),
    (
      "reorder-traffic", ["percent": .count(5), "delay": .duration(.seconds(1))],
      "is no delay to be overtaken in"
    ),
    ("delay-announcements", ["delay": .duration(.seconds(121))], "is no delay for announcements"),
    ("mac-change", ["mac": .text("ff:ff:ff:ff:ff:ff")], "is no hardware address of one interface"),
    ("mac-change", ["mac": .text("2:7a:6b:0:0:1")], "is no hardware address of one interface"),
    ("link-flap", ["period": .duration(.milliseconds(10))], "is no period"),
    ("link-flap", ["interface": .text("eth 0")], "is not an interface name"),
    (
      "reject-traffic",
      ["protocol": .text("tcp"), "port": .count(22), "peer": .text("any")],
      "rejecting tcp port 22 of everybody would cut the way to a"
    ),
    (
      "packet-loss",
      [
        "percent": .count(9), "protocol": .text("tcp"), "port": .count(22), "peer": .text("any"),
      ], "losing tcp port 22 of everybody would cut the way to a"
    ),
  ]

  @Test(arguments: refused.indices)
  func `what makes no sense is refused, and told`(index: Int) {
    let (kind, given, problem) = Self.refused[index]
    let complaint = #expect(throws: Complaint.self) { try FaultTests.procedure(kind, given) }
    #expect(complaint?.problem.contains(problem) == true, "\(complaint?.problem ?? "")")
  }

  @Test func `a pair without addresses of its own cannot be parted`() {
    var site = FaultTests.site()
    site.nodes[1].addresses = []
    #expect(throws: Complaint.self) { try FaultTests.procedure("partition-peer", site: site) }
    #expect(throws: Complaint.self) { try FaultTests.procedure("partition-clients", site: site) }
  }

  @Test func `addresses of IPv6 are not announced by ARP`() {
    var site = Self.site
    site.addresses.removeFirst()
    #expect(throws: Complaint.self) {
      try FaultTests.procedure("address-duplicate", ["announce": .flag(true)], site: site)
    }
  }

  static let mute: [(kind: String, given: [String: ParameterValue], silences: Bool)] = [
    ("link-flap", [:], true), ("address-flush", [:], true), ("mac-change", [:], true),
    ("mtu-change", [:], false), ("address-delete", [:], false), ("partition-clients", [:], false),
    ("rate-limit", [:], false), ("delay-traffic", ["delay": .duration(.milliseconds(900))], false),
    ("delay-traffic", ["delay": .duration(.seconds(1))], true),
    ("corrupt-traffic", ["percent": .count(49)], false),
    ("corrupt-traffic", ["percent": .count(50)], true),
  ]

  @Test(arguments: mute.indices)
  func `what makes an interface as good as mute says so`(index: Int) throws {
    let (kind, given, silences) = Self.mute[index]
    #expect(try FaultTests.procedure(kind, given).silences == (silences ? "eth0" : nil), "\(kind)")
  }

  /// What `prepare` says where tc tells of such disciplines.
  private func status(ofPreparing found: String) throws -> Int32? {
    let script = try #require(try FaultTests.procedure("rate-limit").prepare.first?.asScript)
    let body = "exec 2>/dev/null; tc() { printf '%s\\n' '\(found)'; }\n" + script.body
    return FaultTests.status(of: ["sh", "-c", body, "takeover"] + script.parameters)
  }

  @Test func `a queueing discipline that would not come back is left alone`() throws {
    #expect(try status(ofPreparing: "qdisc noqueue 0: root refcnt 2 ") == 0)
    #expect(
      try status(ofPreparing: "qdisc mq 0: root\nqdisc clsact ffff: parent ffff:fff1 ") == 0)
    #expect(try status(ofPreparing: "qdisc tbf 8001: root refcnt 2 rate 1Gbit") == 1)
    #expect(try status(ofPreparing: "qdisc mq 0: root\nqdisc fq 8005: parent :1 limit 9") == 1)
  }
}
