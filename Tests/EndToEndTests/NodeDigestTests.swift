// The digest of real nodes: equal to itself through takeovers and healed faults, different after
// every change that an operator would call one, and mended by the command that it tells.

import Foundation
import Glibc
import TakeoverLab
import TakeoverModel
import TakeoverPlan
import TakeoverRemote
import TakeoverRun
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The digest of a real node` {
  @Test(arguments: [LabNode.Init.systemd, .plain])
  func `stays the same across a takeover there and back`(first: LabNode.Init) async throws {
    try await DigestGround.standing("digest-move", first) { ground in
      for name in ["a", "b"] {
        let state = try await ground.state(of: name)
        #expect(state.unread.isEmpty, "\(state.unread)")
        #expect(try await ground.state(of: name) == state)
      }
      let before = [try await ground.state(of: "a"), try await ground.state(of: "b")]
      for holder in ["b", "a"] {
        let loser = holder == "a" ? "b" : "a"
        try await ground.run(try ground.keepalived(loser).stop, on: loser)
        try await ground.eventually { try await ground.holds(holder) }
        try await ground.run(try ground.keepalived(loser).start, on: loser)
        try await ground.eventuallyEqual("a", to: before[0])
        try await ground.eventuallyEqual("b", to: before[1])
      }
      print("\(first): \(try await ground.cost(of: "a"))")
    }
  }

  @Test(arguments: [LabNode.Init.systemd, .plain])
  func `is the same again when a fault is healed`(first: LabNode.Init) async throws {
    try await DigestGround.standing("digest-heal", first) { ground in
      let before = try await ground.state(of: "a")
      for (kind, arguments) in DigestGround.faults {
        let fault = try FaultCatalog.faults.fault(FaultUse(kind: kind, arguments: arguments))
        let procedure = try fault.procedure(on: try ground.node("a"), in: ground.site)
        for command in procedure.prepare + procedure.inject {
          try await ground.run(command, on: "a")
        }
        // A killed child is replaced by its parent at once.
        if arguments.values["scope"] == nil {
          try await ground.eventually { try await !ground.differences("a", from: before).isEmpty }
        }
        print("\(kind): \(try await ground.differences("a", from: before).map(\.words))")
        for command in procedure.heal { try await ground.run(command, on: "a") }
        try await ground.eventuallyEqual("a", to: before)
      }
    }
  }

  @Test(arguments: [LabNode.Init.systemd, .plain])
  func `names every change, and the command that takes it back`(
    first: LabNode.Init
  ) async throws {
    try await DigestGround.standing("digest-change", first) { ground in
      try await ground.prepareFiles()
      let before = try await ground.state(of: "a")
      for change in DigestGround.changes {
        try await ground.run(.script(change.script), on: "a")
        try await ground.see(change, from: before)
      }
      try await ground.run(try ground.keepalived("a").stop, on: "a")
      try await ground.see(.init("", "keepalived does not run"), from: before)
      let frozen = Command.script(
        "kill -s STOP $(eval \"$1\")", [try ground.keepalived("a").mainProcess.shellText])
      try await ground.run(frozen, on: "a")
      try await ground.see(.init("", "a process of keepalived is stopped"), from: before)
    }
  }

  @Test func `tells a file that has another content, and that this cannot be mended`()
    async throws
  {
    try await DigestGround.standing("digest-file", .plain) { ground in
      try await ground.prepareFiles()
      let before = try await ground.state(of: "a")
      try await ground.run(.script("echo two >/etc/digest.conf"), on: "a")
      let found = try await ground.differences("a", from: before)
      #expect(found.map(\.words) == ["the file /etc/digest.conf has another content"])
      #expect(found.map(\.mend) == [nil])
    }
  }
}

/// A pair, with an open way to both nodes.
struct DigestGround {
  let site: Site
  let ways: [String: any Transport]
  static let touches = Touches(
    files: ["/etc/digest.conf", "/etc/digest.more"],
    sysctls: ["net.ipv4.ip_forward", "net.ipv4.conf.eth0.arp_ignore"])

  static let faults: [(String, Arguments)] = [
    ("stop-service", arguments([:])), ("kill-process", arguments(["signal": .text("KILL")])),
    ("kill-process", arguments(["signal": .text("KILL"), "scope": .text("child")])),
    ("freeze-process", arguments([:])), ("link-down", arguments([:])),
    ("drop-traffic", arguments(["protocol": .text("vrrp"), "peer": .text("peer")])),
    ("drop-traffic", arguments(["protocol": .text("arp"), "peer": .text("any")])),
  ]

  private static func arguments(_ given: [String: ParameterValue]) -> Arguments {
    var arguments = Arguments()
    arguments.values = given
    return arguments
  }

  struct Change {
    let script: String
    let words: String

    init(_ script: String, _ words: String) {
      self.script = script
      self.words = words
    }
  }

  /// Done to node a; before them it is made to have a route, a rule and a neighbour to lose.
  static let changes = [
    Change("ip addr add 10.9.0.1/24 dev eth0", "the address 10.9.0.1/24 of eth0 is too much"),
    Change("ip addr del 10.8.0.1/24 dev dig0", "the address 10.8.0.1/24 of dig0 is missing"),
    Change("ip route del default", "the route `default via 172.17.16.20 dev eth0` is missing"),
    Change(
      "ip route replace 10.66.0.0/16 via 172.17.16.20 metric 9",
      "10.66.0.0/16 via 172.17.16.20 dev eth0 metric 9` is too much"),
    Change("ip -6 route del 2001:db8::/64", "the IPv6 route `2001:db8::/64 dev dig0"),
    Change("ip rule del priority 100", "the rule `100: from 10.8.0.0/24 lookup main` is missing"),
    Change("ip link set dev eth1 mtu 1400", "eth1 has mtu 1400, not 1500"),
    Change("ip link set dev eth0 arp off", "the link eth0 has the flag NOARP"),
    Change(
      "ip link set dev eth0 address 02:00:00:00:99:99", "eth0 has mac 02:00:00:00:99:99, not"),
    Change("ip link add dig1 type veth peer name dig2", "there is a link more: dig1"),
    Change("nft add table inet takeover_x", "nftables has a table more: inet takeover_x"),
    Change("tc qdisc add dev eth0 root pfifo limit 10", "the qdisc of eth0 at root is `pfifo"),
    Change(
      "tc qdisc add dev eth0 root tbf rate 10mbit burst 32k latency 50ms",
      "the qdisc of eth0 at root is `tbf auto: rate 10Mbit"),
    Change(
      "ip neigh replace 172.17.16.20 lladdr 02:00:00:00:00:20 dev eth0 nud permanent",
      "the pinned neighbour `172.17.16.20 dev eth0 lladdr 02:00:00:00:00:20` is too much"),
    Change(
      "ip neigh del 172.17.16.99 dev eth0",
      "the pinned neighbour `172.17.16.99 dev eth0 lladdr 02:00:00:00:00:99` is missing"),
    Change("echo x >/etc/digest.more", "the file /etc/digest.more was not there before"),
    Change("chmod 600 /etc/digest.conf", "the file /etc/digest.conf has mode 600, not 644"),
    Change("echo 1 >/proc/sys/net/ipv4/conf/eth0/arp_ignore", "arp_ignore is 1, not 0"),
    Change("ip link set dev eth0 down", "the link eth0 is down"),
  ]

  func prepareFiles() async throws {
    let script = """
      echo one >/etc/digest.conf && chmod 644 /etc/digest.conf &&
      ip link add dig0 type veth peer name dig9 && ip link set dev dig0 up &&
      ip link set dev dig9 up &&
      ip addr add 10.8.0.1/24 dev dig0 && ip rule add priority 100 from 10.8.0.0/24 lookup main &&
      ip -6 route add 2001:db8::/64 dev dig0 && ip route add default via 172.17.16.20 dev eth0 &&
      ip neigh replace 172.17.16.99 lladdr 02:00:00:00:00:99 dev eth0 nud permanent
      """
    try await run(.script(script), on: "a")
    // The link-local addresses are there, and in force.
    try await eventually {
      let text = try await ways["a"]?.run(Command("ip", "-6", "addr", "show")).text
      return text?.contains("tentative") == false
    }
  }

  /// The change is told, and the commands that are told with it take it back.
  func see(_ change: Change, from before: NodeState) async throws {
    let found = try await differences("a", from: before)
    #expect(
      found.contains { $0.words.contains(change.words) }, "\(change): \(found.map(\.words))")
    let deadline = ContinuousClock.now + .seconds(10)
    var left = found
    while !left.isEmpty, ContinuousClock.now < deadline {
      for mend in left.compactMap(\.mend) {
        _ = try await ways["a"]?.run(mend, within: .seconds(10))
      }
      left = try await differences("a", from: before)
    }
    #expect(left.isEmpty, "\(change): left \(left)")
  }

  static func standing(
    _ name: String, _ first: LabNode.Init, _ body: (DigestGround) async throws -> Void
  ) async throws {
    let local = LabLocalShell()
    let lab = try Laboratory(
      LabSamples.pair(name, first: first), folders: LabSamples.folders, local: local)
    let site = try await lab.up { print($0) }
    var ways: [String: any Transport] = [:]
    var trouble: (any Error)?
    do {
      for node in site.nodes {
        let way = SSHTransport(node.reach)
        try await way.open(within: TransportContract.limit)
        ways[node.name] = way
      }
      let ground = DigestGround(site: site, ways: ways)
      try await ground.eventually { try await ground.holds("a") }
      // No daemon is still making a child, no address is still tentative.
      try await ground.eventually {
        let states = [try await ground.state(of: "a"), try await ground.state(of: "b")]
        try await Task.sleep(for: .milliseconds(500))
        return try await [ground.state(of: "a"), ground.state(of: "b")] == states
      }
      try await body(ground)
    } catch { trouble = error }
    for way in ways.values { await way.close() }
    try await lab.down { print($0) }
    if let trouble { throw trouble }
  }

  func node(_ name: String) throws -> Node { try #require(site.node(named: name)) }

  func keepalived(_ name: String) throws -> ServiceControl {
    try #require(try node(name).services["keepalived"])
  }

  func run(_ command: Command, on name: String) async throws {
    let result = try #require(try await ways[name]?.run(command, within: .seconds(20)))
    #expect(result.succeeded, "\(command.shellText.prefix(200)): \(result.errorText)")
  }

  func state(of name: String) async throws -> NodeState {
    let node = try node(name)
    let result = try #require(
      try await ways[name]?.run(NodeDigest.command(for: node, in: site, touching: Self.touches)))
    return NodeDigest.state(result.text, of: node, in: site, touching: Self.touches)
  }

  func differences(_ name: String, from before: NodeState) async throws -> [Difference] {
    try await state(of: name).differences(from: before, on: try node(name))
  }

  func holds(_ name: String) async throws -> Bool {
    let text = try await ways[name]?.run(Command("ip", "-o", "addr", "show", "dev", "eth0")).text
    return text?.contains(" 172.17.16.3/") ?? false
  }

  /// Within a minute: a node that starts while all other tests start has taken more than ten seconds.
  /// Whoever has what it waits for goes on at once.
  func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("it did not come about within a minute")
  }

  func eventuallyEqual(_ name: String, to before: NodeState) async throws {
    let began = ContinuousClock.now
    var left = try await differences(name, from: before)
    while !left.isEmpty, ContinuousClock.now - began < .seconds(10) {
      try await Task.sleep(for: .milliseconds(50))
      left = try await differences(name, from: before)
    }
    #expect(left.isEmpty, "\(name): \(left.map(\.words))")
    if left.isEmpty { print("\(name) is as before after \(ContinuousClock.now - began)") }
  }

  /// How long one reading takes, through the open way: the least and the median of 30.
  func cost(of name: String) async throws -> String {
    var spent: [Duration] = []
    for _ in 0..<30 {
      let began = ContinuousClock.now
      _ = try await state(of: name)
      spent.append(ContinuousClock.now - began)
    }
    spent.sort()
    return "a reading takes \(spent[0]) at least, \(spent[15]) in the median"
  }
}
