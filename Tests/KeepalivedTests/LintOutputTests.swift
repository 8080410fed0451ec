// How findings are told: to a person, to programs, and never with a password or a terminal's escape.

import Foundation
import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `What the linter says` {
  private struct Told {
    var findings: [LintFinding]
    var members: [Member]
    var sources: LintSources

    var text: String { LintText(findings, of: members, sources: sources).rendered }

    func json(_ document: some Encodable) throws -> [String: Any] {
      let bytes = try JSONEncoder().encode(document)
      return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }
  }

  private func told(_ texts: [(name: String, file: String, text: String)]) -> Told {
    var sources = LintSources()
    let members = texts.map { name, file, text in
      let configuration = ConfigurationReader().read(Array(text.utf8), at: file)
      sources.add(Array(text.utf8), of: name, at: file)
      sources.hide(passwordsOf: configuration)
      return Member(name, configuration)
    }
    return Told(findings: Linter.findings(of: members), members: members, sources: sources)
  }

  private func pair(b change: (String) -> String, file: String? = nil) -> Told {
    told([
      ("a", file ?? "a.conf", HealthyPair.text(of: "a")),
      ("b", file ?? "b.conf", change(HealthyPair.text(of: "b"))),
    ])
  }

  @Test func `a finding has its place, its line, what to write and where else to look`() throws {
    let text = pair { $0.replacing("virtual_router_id 51", with: "virtual_router_id 52") }.text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let at = try #require(lines.firstIndex { $0.contains("error[KA011]") })
    #expect(lines[at].hasPrefix("b.conf:16:5: error[KA011]: VI_1: virtual_router_id is 52"))
    #expect(lines[at + 2] == "16 |     virtual_router_id 52")
    #expect(lines[at + 3] == "   |     ^~~~~~~~~~~~~~~~~")
    #expect(lines[at + 4].hasPrefix("   = write: virtual_router_id 51"))
    #expect(lines[at + 4].hasSuffix("takeover explain KA011"))
    #expect(lines[at + 5] == "   = see a.conf:16:5")
  }

  @Test func `files of one name on two nodes are told apart by the nodes' names`() {
    let text = pair(b: { $0.replacing("priority 80", with: "priority 100") }, file: "/etc/k.conf")
      .text
    #expect(text.contains("b:/etc/k.conf:18:5: warning[KA043]"), "\(text)")
  }

  @Test func `no password is ever shown`() throws {
    let secrets = ["hunter2hunter2", "pa ss$wo", "s3cr3t#x", "}brace", "Tr0ub4dor&3"]
    for secret in secrets {
      let told = told(
        ["a", "b"].map { node in
          let text = HealthyPair.text(of: node)
            .replacing(
              "auth_pass k7Qw2xZp", with: "auth_pass \"\(node == "a" ? secret : "other")\""
            )
            .replacing("auth_type PASS", with: "auth_type PASS # \(secret)")
          return (node, "\(node).conf", text)
        })
      let sarif = try JSONEncoder().encode(
        SARIFLog(told.findings, of: told.members, sources: told.sources, tool: "1"))
      let json = try JSONEncoder().encode(
        LintDocument(
          told.findings, of: told.members, profile: LintProfile(), sources: told.sources))
      for text in [
        told.text, String(decoding: sarif, as: UTF8.self), String(decoding: json, as: UTF8.self),
      ] {
        #expect(!text.contains(secret), "\(secret)")
      }
      #expect(told.text.contains("error[KA015]"))
    }
  }

  @Test func `what a file says cannot move the cursor or turn text round`() {
    let text = pair {
      $0.replacing("VI_1", with: "VI\u{1b}[31m\u{202e}_1").replacing(
        "priority 80", with: "priority 100"
      )
      .replacing("service", with: "ser\u{7}\u{9b}vice")
    }.text
    #expect(!text.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x202e })
    #expect(!text.unicodeScalars.contains { $0.value == 7 || $0.value == 0x9b })
    #expect(!text.isEmpty)
  }

  @Test func `the JSON document has its version, its nodes and every finding's place`() throws {
    let told = pair { $0.replacing("advert_int 1", with: "advert_int 2") }
    let document = try told.json(
      LintDocument(told.findings, of: told.members, profile: LintProfile(), sources: told.sources))
    #expect(document["version"] as? Int == 1)
    let nodes = try #require(document["nodes"] as? [[String: Any]])
    #expect(nodes.map { $0["name"] as? String } == ["a", "b"])
    #expect(nodes.allSatisfy { $0["refused"] as? Bool == false && $0["looked"] as? Bool == false })
    let findings = try #require(document["findings"] as? [[String: Any]])
    #expect(findings.count == told.findings.count)
    let interval = try #require(findings.first { $0["code"] as? String == "KA013" })
    let at = try #require(interval["at"] as? [String: Any])
    #expect(at["node"] as? String == "b" && at["line"] as? Int == 19 && at["column"] as? Int == 5)
  }

  /// SARIF 2.1.0 by its structure: what sections 3.13, 3.14, 3.27 and 3.49 require.
  @Test func `the SARIF log has the rules, and results that point into them`() throws {
    let told = pair(
      b: { $0.replacing("advert_int 1", with: "advert_int 2") }, file: "/etc/keep alived/k.conf")
    let log = try told.json(
      SARIFLog(told.findings, of: told.members, sources: told.sources, tool: "0.1.0"))
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.hasPrefix("https://") ?? false)
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let tool = try #require(run["tool"] as? [String: Any])
    let driver = try #require(tool["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(rules.count == LintCatalog.declarations.count)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == told.findings.count && !results.isEmpty)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect(["error", "warning", "note"].contains(result["level"] as? String))
      let location = try #require((result["locations"] as? [[String: Any]])?.first)
      let physical = try #require(location["physicalLocation"] as? [String: Any])
      let artifact = try #require(physical["artifactLocation"] as? [String: Any])
      let uri = try #require(artifact["uri"] as? String)
      #expect(
        uri == "ssh://a/etc/keep%20alived/k.conf" || uri == "ssh://b/etc/keep%20alived/k.conf")
      let region = try #require(physical["region"] as? [String: Any])
      #expect((region["startLine"] as? Int ?? 0) >= 1 && (region["startColumn"] as? Int ?? 0) >= 1)
    }
  }

  @Test func `what keepalived refuses is one finding, not two`() {
    let told = pair { $0.replacing("        service\n", with: "        nothing\n") }
    let undefined = told.findings.filter { $0.code == "KA060" }
    #expect(undefined.count == 1)
    let place = undefined.first?.place
    #expect(told.findings.filter { $0.place == place && $0.member == "b" }.count == 1)
    #expect(undefined.first?.isRefused == true)
    #expect(Linter.isRefused(told.members) && !Linter.isFatal(told.members))
  }
}
