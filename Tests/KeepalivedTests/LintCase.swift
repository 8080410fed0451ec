// A pair that is well, and changes that make one thing wrong with it.

import TakeoverKeepalived
import TakeoverModel
import Testing

/// A change of a text: one piece of it, a line in the instance, or lines at the end.
enum Change: Sendable {
  case swap(String, String)
  case add(String)
  case end(String)

  func apply(to text: String) -> String {
    switch self {
    case .swap(let old, let new):
      #expect(text.contains(old), "the healthy pair has no `\(old)`")
      return text.replacing(old, with: new)
    case .add(let line):
      return text.replacing("    track_script {", with: "    \(line)\n    track_script {")
    case .end(let lines): return text + lines + "\n"
    }
  }
}

/// What makes one rule speak, and a piece of what it must say.
struct LintCase: Sendable, CustomTestStringConvertible {
  var code: String
  var says: String
  var a: [Change] = []
  var b: [Change] = []
  var profile = LintProfile()
  /// Changes of what is known of the nodes; nil: only files are given.
  var facts: (@Sendable (inout NodeFacts, inout NodeFacts) -> Void)?
  var severity: LintSeverity?

  init(
    _ code: String, _ says: String, both: [Change] = [], a: [Change] = [], b: [Change] = [],
    havip: Bool = false, severity: LintSeverity? = nil,
    facts: (@Sendable (inout NodeFacts, inout NodeFacts) -> Void)? = nil
  ) {
    self.code = code
    self.says = says
    self.a = both + a
    self.b = both + b
    self.facts = facts
    self.severity = severity
    profile = LintProfile(isHAVIP: havip)
  }

  var testDescription: String { "\(code): \(says)" }

  func findings() -> [LintFinding] {
    var members = [
      HealthyPair.member("a", a), HealthyPair.member("b", b),
    ]
    if let facts {
      var one = HealthyPair.facts(of: "a")
      var other = HealthyPair.facts(of: "b")
      facts(&one, &other)
      members[0].facts = one
      members[1].facts = other
    }
    return Linter.findings(of: members, profile: profile)
  }
}

enum HealthyPair {
  static func text(of node: String) -> String {
    let (own, other, priority) =
      node == "a" ? ("172.17.16.7", "172.17.16.13", 100) : ("172.17.16.13", "172.17.16.7", 80)
    return """
      global_defs {
          router_id \(node)
          script_user root
          enable_script_security
      }
      vrrp_script service {
          script "/usr/bin/curl -fsS -m 1 http://127.0.0.1/"
          interval 2
          timeout 2
          fall 2
          rise 2
      }
      vrrp_instance VI_1 {
          state BACKUP
          interface eth0
          virtual_router_id 51
          nopreempt
          priority \(priority)
          advert_int 1
          authentication {
              auth_type PASS
              auth_pass k7Qw2xZp
          }
          unicast_src_ip \(own)
          unicast_peer {
              \(other)
          }
          virtual_ipaddress {
              172.17.16.3/24
          }
          garp_master_delay 1
          garp_master_refresh 5
          track_script {
              service
          }
      }

      """
  }

  static func member(_ name: String, _ changes: [Change] = []) -> Member {
    let text = changes.reduce(text(of: name)) { $1.apply(to: $0) }
    return member(name, text: text)
  }

  static func member(_ name: String, text: String) -> Member {
    Member(name, ConfigurationReader().read(Array(text.utf8), at: "\(name).conf"))
  }

  static func facts(of node: String) -> NodeFacts {
    var facts = NodeFacts()
    facts.version = "2.2.7"
    facts.isRunning = true
    facts.isRealTime = false
    facts.hasScriptUser = false
    facts.bindsNonlocal = (false, false)
    facts.firewall = Firewall(ruleset: "")
    facts.listeners = [NodeFacts.Listener(nil, port: 80, process: "haproxy")]
    facts.files = ["/usr/bin/curl": NodeFacts.File(mode: 0o755)]
    let address = IPAddress(node == "a" ? "172.17.16.7" : "172.17.16.13")
    facts.interfaces = [
      NodeFacts.Interface("lo", isUp: true),
      NodeFacts.Interface(
        "eth0", isUp: true, addresses: address.map { [NodeFacts.Address($0, prefix: 24)] } ?? []),
    ]
    return facts
  }
}
