// Configurations that somebody has garbled: the linter says what it can, and keeps what it must.

import TakeoverKeepalived
import TakeoverModel
import TestSupport
import Testing

@Suite struct `The linter on garbled pairs` {
  private static let pieces = [
    "state MASTER\n", "nopreempt\n", "priority 255\n", "use_vmac\n", "vrrp_strict\n",
    "weight -254\n",
    "advert_int 0.01\n", "advert_int 99999999999\n", "priority -1\n", "virtual_router_id 0\n",
    "}\n", "{\n",
    "unicast_peer {\n}\n", "fd00::1/64\n", "track_script {\nservice weight 253 reverse\n}\n",
    "vrrp_instance VI_1 {\n", "vrrp_sync_group G {\ngroup {\nVI_1\n}\n}\n",
    "down_timer_adverts 100\n",
    "garp_master_refresh 2147483647\n", "interval 99999999\n", "fall 2147483647\n", "\"", "\\", "#",
  ]

  private func garbled(_ text: String, _ generator: inout SplitMix) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let at = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        bytes.insert(
          contentsOf: Self.pieces.randomElement(using: &generator)?.utf8 ?? "".utf8, at: at)
      case 1 where at < bytes.count: bytes[at] = UInt8.random(in: .min ... .max, using: &generator)
      case 2 where at < bytes.count: bytes.removeSubrange(at..<min(at + 20, bytes.count))
      default:
        let copied = Array(bytes[at..<min(at + 60, bytes.count)])
        bytes.insert(contentsOf: copied, at: Int.random(in: 0...bytes.count, using: &generator))
      }
    }
    return bytes
  }

  @Test func `five hundred garbled pairs are told without a trap or a control character`() {
    var generator = SplitMix(state: 2026)
    for round in 0..<500 {
      var sources = LintSources()
      let members = ["a", "b"].map { name in
        let bytes = garbled(HealthyPair.text(of: name), &generator)
        let configuration = ConfigurationReader().read(bytes, at: "\(name).conf")
        sources.add(bytes, of: name, at: "\(name).conf")
        sources.hide(passwordsOf: configuration)
        return Member(
          name, configuration, facts: round % 2 == 0 ? HealthyPair.facts(of: name) : nil)
      }
      let profile = LintProfile(isHAVIP: round % 3 == 0)
      let findings = Linter.findings(of: members, profile: profile)
      let text = LintText(findings, of: members, sources: sources).rendered
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
      #expect(findings.allSatisfy { !$0.remedy.isEmpty && !$0.sentence.isEmpty })
      _ = SARIFLog(findings, of: members, sources: sources, tool: "1")
      _ = LintDocument(findings, of: members, profile: profile, sources: sources)
    }
  }

  @Test(arguments: [
    "auth_pas s3same", "auth_password \"s3same\"", "AUTH_PASS s3same", "auth_key s3same",
    "$SECRET=s3same", "$vrrp_pass=s3same", "auth_pass 's3same'", "auth_pass s3sa\\\n  me",
  ])
  func `a misspelt password is not shown either`(line: String) {
    let text = HealthyPair.text(of: "a").replacing("auth_pass k7Qw2xZp", with: line)
    var sources = LintSources()
    let member = HealthyPair.member("a", text: text)
    sources.add(Array(text.utf8), of: "a", at: "a.conf")
    sources.hide(passwordsOf: member.configuration)
    let findings = Linter.findings(of: [member])
    let shown = LintText(findings, of: [member], sources: sources).rendered
    #expect(!shown.contains("s3same"), "\(shown)")
  }
}
