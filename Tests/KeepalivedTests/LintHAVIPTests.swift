// The configuration that a user of a HAVIP starts from, copied to both nodes unchanged; and the pair
// that it should have been.

import TakeoverKeepalived
import TakeoverModel
import TestSupport
import Testing

@Suite struct `A HAVIP's pair` {
  private static func corrected(_ node: String) -> String {
    let head = """
      global_defs {
          router_id \(node)
          script_user root
          enable_script_security
      }
      vrrp_script checkhaproxy {
          script "/usr/bin/curl -fsS -m 1 -o /dev/null http://127.0.0.1/"
          interval 2
          timeout 2
          fall 2
          rise 2
      }

      """
    let copied = HAVIPText.untracked
    guard node == "b" else { return head + copied.replacing("priority 80", with: "priority 100") }
    return head
      + copied.replacing("172.17.16.7", with: "OTHER").replacing(
        "172.17.16.13", with: "172.17.16.7"
      )
      .replacing("OTHER", with: "172.17.16.13")
  }

  @Test func `one file on both nodes is named for what a user would trip over`() {
    let members = ["a", "b"].map { HealthyPair.member($0, text: HAVIPText.copied) }
    let found = Linter.findings(of: members, profile: LintProfile(isHAVIP: true))
    let codes = Set(found.map(\.code))
    // Equal priorities, one source address on two nodes, a check that is defined nowhere.
    #expect(codes.isSuperset(of: ["KA043", "KA033", "KA060"]), "\(found.map(\.sentence))")
    #expect(found.filter { $0.code == "KA060" }.map(\.member) == ["a", "b"])
    #expect(found.contains { $0.code == "KA033" && $0.severity == .error })
  }

  @Test func `one file on both nodes, looked at there, is told which node lacks the address`() {
    var members = ["a", "b"].map { HealthyPair.member($0, text: HAVIPText.copied) }
    for index in members.indices {
      members[index].facts = HealthyPair.facts(of: members[index].name)
    }
    let found = Linter.findings(of: members, profile: LintProfile(isHAVIP: true))
    let source = found.filter { $0.code == "KA033" }
    #expect(source.map(\.member) == ["b"])
    #expect(source.first?.remedy == "unicast_src_ip 172.17.16.13")
    let oneself = found.filter { $0.code == "KA031" }
    #expect(oneself.map(\.member) == ["b"], "\(found.map(\.sentence))")
    #expect(oneself.first?.sentence.contains("its advertisements reach nobody") ?? false)
  }

  @Test(arguments: [false, true]) func `the corrected pair has nothing above a note`(looked: Bool) {
    var members = ["a", "b"].map { HealthyPair.member($0, text: Self.corrected($0)) }
    if looked {
      for index in members.indices {
        members[index].facts = HealthyPair.facts(of: members[index].name)
      }
    }
    let found = Linter.findings(of: members, profile: LintProfile(isHAVIP: true))
    #expect(!found.contains { $0.severity > .note }, "\(found.map(\.sentence))")
    #expect(!Linter.isRefused(members))
  }

  @Test func `a check by killall is told to ask the service instead`() {
    let text = { (node: String) in
      Self.corrected(node).replacing(
        "/usr/bin/curl -fsS -m 1 -o /dev/null http://127.0.0.1/", with: "killall -0 haproxy")
    }
    let members = ["a", "b"].map { HealthyPair.member($0, text: text($0)) }
    let found = Linter.findings(of: members, profile: LintProfile(isHAVIP: true))
    #expect(found.filter { $0.code == "KA062" }.count == 2, "\(found.map(\.sentence))")
  }
}
