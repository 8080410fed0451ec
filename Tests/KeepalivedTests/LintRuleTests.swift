// Every rule speaks when something is wrong, and is silent when nothing is.

import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `The rules of the linter` {
  @Test(arguments: LintCase.all) func `what is made wrong is found, with its numbers and a way out`(
    wrong: LintCase
  ) throws {
    let findings = wrong.findings()
    let found = findings.filter { $0.code == wrong.code }
    #expect(!found.isEmpty, "found: \(findings.map { "\($0.code) \($0.sentence)" })")
    #expect(
      found.contains { $0.sentence.contains(wrong.says) }, "said: \(found.map(\.sentence))")
    if let severity = wrong.severity {
      #expect(found.contains { $0.severity == severity && $0.sentence.contains(wrong.says) })
    }
    for finding in found {
      #expect(!finding.remedy.isEmpty)
      #expect(finding.place.line >= 1 && finding.place.column >= 1)
      #expect(!finding.sentence.contains("k7Qw2xZ"), "a password is told: \(finding.sentence)")
    }
  }

  @Test func `every rule of the catalog is made to speak`() {
    let tried = Set(LintCase.all.map(\.code))
    let known = Set(LintCatalog.declarations.map(\.code))
    #expect(known.subtracting(tried).subtracting(["KA005"]) == [])
    #expect(tried.subtracting(known) == [])
  }

  @Test(arguments: [false, true]) func `a healthy pair has nothing above a note`(havip: Bool) {
    let files = [HealthyPair.member("a"), HealthyPair.member("b")]
    let profile = LintProfile(isHAVIP: havip)
    let found = Linter.findings(of: files, profile: profile)
    #expect(Set(found.map(\.code)) == ["KA004", "KA054"], "\(found.map(\.sentence))")
    var looked = files
    for index in looked.indices { looked[index].facts = HealthyPair.facts(of: looked[index].name) }
    let seen = Linter.findings(of: looked, profile: profile)
    #expect(Set(seen.map(\.code)) == ["KA054"], "\(seen.map(\.sentence))")
  }

  @Test func `one file alone is looked at, and it says that the other is missing`() {
    let found = Linter.findings(of: [HealthyPair.member("a")])
    #expect(found.contains { $0.code == "KA005" })
    #expect(!found.contains { $0.severity > .note })
  }

  @Test func `no members are no findings`() {
    #expect(Linter.findings(of: []).isEmpty)
  }

  @Test func `the order of addresses, of instances and of nodes does not matter`() {
    let swapped: [Change] = [.swap("172.17.16.3/24", "172.17.16.3/24\n        172.17.16.4/24")]
    let other: [Change] = [.swap("172.17.16.3/24", "172.17.16.4/24\n        172.17.16.3/24")]
    let found = Linter.findings(of: [
      HealthyPair.member("a", swapped), HealthyPair.member("b", other),
    ])
    #expect(!found.contains { $0.severity > .note }, "\(found.map(\.sentence))")
    let turned = Linter.findings(of: [HealthyPair.member("b"), HealthyPair.member("a")])
    #expect(!turned.contains { $0.severity > .note }, "\(turned.map(\.sentence))")
  }

  @Test func `three nodes are compared with one another`() {
    let third = HealthyPair.text(of: "b").replacing("priority 80", with: "priority 60")
      .replacing("172.17.16.13", with: "172.17.16.14").replacing("router_id b", with: "router_id c")
    let peers = { (own: String) in
      Change.swap(own, own + "        172.17.16.14\n")
    }
    let found = Linter.findings(of: [
      HealthyPair.member("a", [peers("        172.17.16.13\n")]), HealthyPair.member("b"),
      HealthyPair.member("c", text: third),
    ])
    let missing = found.filter { $0.code == "KA030" }
    #expect(Set(missing.map(\.member)) == ["b", "c"], "\(missing.map(\.sentence))")
  }
}
