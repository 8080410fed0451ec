// A thousand generated plans and sites: what must be refused never gets through, and what is refused
// breaks a rule. The rules look at what was written, not at what the readers made of it.

import TakeoverModel
import TakeoverPlan
import TestSupport
import Testing

@Suite struct `No generated plan gets past a guard` {
  /// What must never be carried out. One line each: a new rule is a new line, and where it needs a
  /// new word of a plan or site, a word in `Draft`.
  static let rules: [(name: String, isBroken: @Sendable (Draft) -> Bool)] = [
    (
      "a fault on a node that the site has not",
      { draft in
        !["holder", "standby", "both"].contains(draft.target)
          && !draft.nodes.contains { $0.name == draft.target }
      }
    ),
    (
      "a service that a target has not",
      { draft in
        draft.hits(["stop-service", "kill-process", "freeze-process"])
          && !draft.targets.allSatisfy { $0.services.contains(draft.service) }
      }
    ),
    (
      "tcp of everybody at the port of the way there",
      { draft in
        draft.hits(["drop-traffic"]) && draft.traffic == "tcp" && draft.peer == "any"
          && draft.targets.contains { $0.port == draft.port }
      }
    ),
    (
      "the link that is the way there, for longer than a node may be left alone",
      { draft in
        draft.hits(["link-down"]) && draft.hold == "2m"
          && draft.targets.contains {
            $0.isInBand && (draft.interface == nil || draft.interface == $0.interface)
          }
      }
    ),
    ("nobody left, unless that is allowed", { $0.target == "both" && !$0.allowsOutage }),
    (
      "a port of what has none",
      { draft in
        draft.hits(["drop-traffic"]) && draft.port != nil
          && !["tcp", "udp"].contains(draft.traffic)
      }
    ),
    (
      "ARP of an IPv6 address",
      { draft in
        draft.hits(["drop-traffic"]) && draft.traffic == "arp" && draft.peer == "fd00::20"
      }
    ),
    (
      "a peer that is none",
      { draft in
        draft.hits(["drop-traffic"])
          && !["peer", "any", "fd00::20", "192.0.2.7"].contains(draft.peer)
      }
    ),
    ("a pair of fewer than two", { $0.nodes.count < 2 }),
    ("two nodes of one name", { Set($0.nodes.map(\.name)).count < $0.nodes.count }),
    ("two nodes of one address", { Set($0.nodes.map(\.address)).count < $0.nodes.count }),
    (
      "an interface that is none",
      { draft in
        let named =
          draft.hits(["drop-traffic", "link-down"]) ? draft.interface.map { [$0] } ?? [] : []
        return (draft.nodes.map(\.interface) + named).contains { Words.badInterfaces.contains($0) }
      }
    ),
    (
      "a name that could lead to another file",
      { draft in
        let names =
          draft.nodes.map(\.name) + draft.captures + [draft.plan, draft.site]
          + draft.nodes.flatMap(\.services)
        return names.contains { Words.badNames.contains($0) }
      }
    ),
    (
      "a unit that is a pattern or an option",
      { draft in
        draft.nodes.contains { Words.badUnits.contains($0.unit) && !$0.services.isEmpty }
      }
    ),
    ("a time that has no end", { Words.badTimes.contains($0.hold) }),
    ("a flood of questions", { $0.probing == "1us" }),
    (
      "a text that ends before it ends",
      { draft in draft.nodes.contains { $0.user.contains("\0") } }
    ),
  ]

  @Test func `what must be refused always is, and nothing else`() {
    var random = SplitMix(state: 7)
    var broken: [String: Int] = [:]
    var accepted = 0
    for number in 0..<1_000 {
      let draft = Draft(&random)
      let reasons = Self.rules.filter { $0.isBroken(draft) }.map(\.name)
      for reason in reasons { broken[reason, default: 0] += 1 }
      let complaints = Self.complaints(about: draft)
      if complaints.isEmpty { accepted += 1 }
      #expect(
        complaints.isEmpty == reasons.isEmpty,
        "\(number): \(reasons) \(complaints)\n\(draft.siteText)\(draft.planText)")
    }
    #expect(accepted > 150)
    for rule in Self.rules { #expect(broken[rule.name, default: 0] >= 2, "\(rule.name)") }
  }

  /// What the readers, and the plan's fit on the site, say against it.
  private static func complaints(about draft: Draft) -> [String] {
    let (site, ofSite) = SiteReader().read(text: draft.siteText, path: "site.yaml")
    let (plan, ofPlan) = Sample.planReader.read(text: draft.planText, path: "plan.yaml")
    let misfits = plan.flatMap { plan in site.map { PlanFit.misfits(of: plan, on: $0) } } ?? []
    return (ofSite + ofPlan).filter { $0.severity == .error }.map(\.message)
      + misfits.map(\.problem)
  }
}

/// The words that drafts are made of.
enum Words {
  static let badNames = [
    "../../etc/cron.d/x", "..", ".", "", "a/b", "-rf", "a b", "A", "é", "x\ny", "a\0",
    "abcdefghijklmnopqrstuvwxy", "$(id)",
  ]
  static let badInterfaces = [
    "", ".", "..", "-x", "eth 0", "eth/0", "abcdefghijklmnop", "eth*", "a\"b", "e\n", "é0", "a:1",
    "../lo", "a\\b",
  ]
  static let badUnits = ["*", "keep*", "--force", "a b", "[a-z]", "", "x;y", "a/b"]
  static let badTimes = ["9000h", "999999999h", "5", "-1s", "1e9s", "inf"]
}

/// A plan of one trial and a site, as their authors wrote them.
struct Draft {
  struct Node {
    var name: String
    var isInBand: Bool
    var port: Int
    var user: String
    var interface: String
    var address: String
    var unit: String
    var services: [String]
  }

  var site: String
  var plan: String
  var nodes: [Node]
  var captures: [String]
  var probing: String
  var target: String
  var fault: String
  var service: String
  var traffic: String
  var port: Int?
  var peer: String
  var interface: String?
  var hold: String
  var allowsOutage: Bool

  func hits(_ faults: Set<String>) -> Bool { faults.contains(fault) }

  /// A role may be any node's.
  var targets: [Node] {
    ["holder", "standby", "both"].contains(target) ? nodes : nodes.filter { $0.name == target }
  }

  init(_ random: inout SplitMix) {
    func one<Word>(_ good: [Word], _ bad: [Word] = [], every odds: Int = 40) -> Word {
      let bad = bad.isEmpty || Int.random(in: 0..<odds, using: &random) > 0 ? nil : bad
      return (bad ?? good)[Int.random(in: 0..<(bad ?? good).count, using: &random)]
    }
    let count = one([2, 2, 2, 2, 2, 3], [0, 1], every: 20)
    nodes = (0..<count).map { index in
      Node(
        name: one(
          ["a", "b", "c"].shifted(by: index), Words.badNames + ["a", "b"], every: 40),
        isInBand: one([true, false, false]), port: one([22, 22, 2222]),
        user: one(["root", "admin"], ["root\0"], every: 80),
        interface: one(["eth0", "bond0.12", "br-lan"], Words.badInterfaces, every: 60),
        address: one(["10.0.0.\(index + 1)"], ["10.0.0.1"]),
        unit: one(["keepalived", "haproxy@1.service"], Words.badUnits, every: 60),
        services: one([["keepalived"], ["keepalived", "proxy"]], [["x", ""], []], every: 60))
    }
    site = one(["pair", "site-2"], Words.badNames, every: 80)
    plan = one(["plan", "p1"], Words.badNames, every: 80)
    captures = [one(["lan", "port-a"], Words.badNames, every: 80)]
    probing = one(["20ms", "1s", "never"], ["1us"], every: 80)
    target = one(["holder", "standby", "both", "a", "b"], ["d", "c", "e"], every: 20)
    fault = one([
      "stop-service", "kill-process", "freeze-process", "link-down", "drop-traffic", "drop-traffic",
    ])
    service = one(["keepalived", "keepalived", "proxy"], ["sshd"], every: 20)
    traffic = one(["vrrp", "arp", "icmp", "tcp", "tcp", "udp", "all"])
    port = one([nil, 22, 80, 2222])
    peer = one(["peer", "any", "fd00::20", "192.0.2.7"], ["nobody", "10.0.0.0/8", ""])
    interface = one([nil, nil, "eth0", "eth7"], Words.badInterfaces.map { Optional($0) })
    hold = one(["5s", "250ms", "2m"], Words.badTimes)
    allowsOutage = one([true, true, false])
  }

  private static func quoted(_ text: String) -> String {
    let inside = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\n": "\\n"
      case "\0": "\\0"
      default: String(scalar)
      }
    }
    return "\"\(inside.joined())\""
  }

  var siteText: String {
    let q = Self.quoted
    let nodes = nodes.map { node in
      let services = node.services.map { "\(q($0)): {unit: \(q(node.unit))}" }
      return """
        \(q(node.name)): {host: \(node.isInBand ? node.address : "h.example"), port: \(node.port), \
        user: \(q(node.user)), interface: \(q(node.interface)), address: \(node.address), \
        services: {\(services.joined(separator: ", "))}}
        """
    }
    return """
      version: 1
      site: \(q(site))
      environment: test
      nodes: {\(nodes.joined(separator: ", "))}
      addresses: [10.0.0.100/24]
      capture: [\(captures.map { "{name: \(q($0)), interface: eth0}" }.joined(separator: ", "))]
      probes: {from: {name: here, interface: eth0}, arp: \(probing)}

      """
  }

  var planText: String {
    var words: [String] = []
    if hits(["stop-service", "kill-process", "freeze-process"]) {
      words.append("service: \(Self.quoted(service))")
    }
    if hits(["drop-traffic"]) {
      words += ["protocol: \(traffic)", "peer: \(Self.quoted(peer))"]
      if let port { words.append("port: \(port)") }
    }
    if hits(["drop-traffic", "link-down"]), let interface {
      words.append("interface: \(Self.quoted(interface))")
    }
    return """
      version: 1
      name: \(Self.quoted(plan))
      trials:
        - name: one
          fault: \(fault)
      \(words.map { "    \($0)\n" }.joined())    target: \(target)
          hold: \(hold)
          allow-outage: \(allowsOutage)
          expect: {takeover-within: 200ms}

      """
  }
}

extension Array {
  fileprivate func shifted(by count: Int) -> [Element] { [self[count % self.count]] }
}
