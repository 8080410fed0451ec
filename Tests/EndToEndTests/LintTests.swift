// takeover lint and takeover explain as a user runs them: on files without root, on a lab's pair with.

import Foundation
import TestSupport
import Testing

@Suite struct `The linter's command` {
  private func place(_ text: String, _ body: (Workplace) async throws -> Void) async throws {
    try await Workplace.with { place in
      for name in ["a", "b"] {
        try text.write(
          toFile: "\(place.folder)/\(name).conf", atomically: true, encoding: .utf8)
      }
      try await body(place)
    }
  }

  @Test func `one file on two nodes ends with 1 and says what to write`() async throws {
    try await place(HAVIPText.untracked) { place in
      let ended = try await place.run("lint", "a.conf", "b.conf", "--havip")
      #expect(ended.status == 1, "\(ended.output) \(ended.messages)")
      for code in ["warning[KA043]", "error[KA033]", "error[KA060]"] {
        #expect(ended.output.contains(code), "\(code) in \(ended.output)")
      }
      #expect(ended.output.contains("b.conf:6:5: warning[KA043]: VI_1: priority is 80 as on a"))
      #expect(ended.output.contains("= write: priority 60"))
      #expect(!ended.output.contains("1111"))
      let last = ended.output.split(separator: "\n").last
      #expect(last?.hasPrefix("a, b: 3 errors, 1 warning and ") ?? false, "\(last ?? "")")
    }
  }

  @Test func `the documents for programs are JSON, and nothing else is on stdout`() async throws {
    try await place(HAVIPText.untracked) { place in
      let json = try await place.run(
        "lint", "a.conf", "b.conf", "--json", "--name", "x", "--name", "y")
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(document["version"] as? Int == 1)
      #expect((document["nodes"] as? [[String: Any]])?.map { $0["name"] as? String } == ["x", "y"])
      let sarif = try await place.run("lint", "a.conf", "b.conf", "--sarif")
      let log = try #require(
        JSONSerialization.jsonObject(with: Data(sarif.output.utf8)) as? [String: Any])
      #expect(log["version"] as? String == "2.1.0")
      #expect(json.status == 1 && sarif.status == 1)
    }
  }

  @Test func `what fails is what was asked for`() async throws {
    try await place(HAVIPText.untracked.replacing("        checkhaproxy\n", with: "")) { place in
      func status(_ words: String...) async throws -> Int32 {
        try await place.start(["lint"] + words).wait().status
      }
      let alone = try await status("a.conf")
      let notes = try await status("a.conf", "--fail-on", "note")
      let errors = try await status("a.conf", "b.conf", "--fail-on", "error")
      let missing = try await status("a.conf", "none.conf")
      let nothing = try await status()
      let both = try await status("a.conf", "--json", "--sarif")
      #expect([alone, notes, errors, missing, nothing, both] == [0, 1, 1, 66, 64, 64])
    }
  }

  @Test func `a file with which no keepalived runs ends with 65`() async throws {
    try await place(HAVIPText.untracked.replacing("    virtual_router_id 51\n", with: "")) {
      place in
      let ended = try await place.run("lint", "a.conf", "b.conf")
      #expect(ended.status == 65, "\(ended.output)")
      #expect(ended.output.contains("error[KA114]"))
    }
  }

  @Test func `every code is explained, and one that is none has its neighbours named`() async throws
  {
    try await Workplace.with { place in
      let all = try await place.run("explain")
      let codes = all.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
      #expect(codes.count > 130 && codes.contains("TK012") && codes.contains("KA050"))
      let one = try await place.run("explain", "ka050")
      #expect(one.status == 0 && one.output.hasPrefix("KA050: a failing check does not hand over"))
      #expect(try await place.run("explain", "TK012").output.hasPrefix("TK012: "))
      let none = try await place.run("explain", "KA057")
      #expect(none.status == 64 && none.messages.contains("KA056"), "\(none.messages)")
      #expect(try await place.run("explain", "nonsense").status == 64)
    }
  }
}

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The linter on running nodes` {
  private func codes(_ ended: Workplace.Ended) throws -> [String: String] {
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    let findings = try #require(document["findings"] as? [[String: Any]])
    return Dictionary(
      findings.map { ($0["code"] as? String ?? "", $0["severity"] as? String ?? "") },
      uniquingKeysWith: { one, _ in one })
  }

  @Test(arguments: ["bullseye", "bookworm", "trixie"])
  func `a lab's pair has nothing above a note, and a firewall that eats advertisements is seen`(
    suite: String
  ) async throws {
    try await Workplace.with(lab: { $0.replacing("image: bookworm", with: "image: \(suite)") }) {
      place in
      let lab = "Plans/labs/keepalived-pair.yaml"
      let up = try await place.run("lab", "up", lab)
      #expect(up.status == 0, "\(up.messages)")
      try await place.exec("b", "until systemctl is-active keepalived; do sleep 0.1; done")
      let well = try await place.run("lint", "--site", lab, "--json")
      #expect(well.status == 0, "\(well.output) \(well.messages)")
      // No check of the service, the examples' password, and eth0 tracked twice: so it is written.
      #expect(try codes(well) == ["KA065": "note", "KA108": "note", "KA122": "note"])

      try await place.exec(
        "b",
        "nft add table inet t && "
          + "nft add chain inet t inbound '{ type filter hook input priority 0; policy drop; }' && "
          + "nft add rule inet t inbound iifname eth1 accept && "
          + "nft add rule inet t inbound ct state established accept")
      let deaf = try await place.run("lint", "--site", lab, "--json")
      #expect(deaf.status == 1)
      #expect(try codes(deaf)["KA140"] == "error", "\(deaf.output)")
    }
  }

  @Test func `includes, scripts and their owners are read on the node`() async throws {
    try await Workplace.with { place in
      let lab = "Plans/labs/keepalived-pair.yaml"
      #expect(try await place.run("lab", "up", lab).status == 0)
      try await place.exec(
        "a",
        """
        mkdir -p /etc/keepalived/more && mkdir -m 777 /opt/open &&
        printf '#!/bin/sh\\n' >/opt/open/check && chmod 755 /opt/open/check &&
        printf 'vrrp_script one {\\n script /opt/open/check\\n}\\ninclude deep.inc\\n' \
          >/etc/keepalived/more/one.conf &&
        printf 'vrrp_script two {\\n script /opt/none\\n}\\n' >/etc/keepalived/more/deep.inc &&
        sed -i 's/^vrrp_instance/include more\\/*.conf\\n&/
          s/    track_interface {/    track_script {\\n one\\n two\\n }\\n&/' \
          /etc/keepalived/keepalived.conf
        """)
      let ended = try await place.run("lint", "--site", lab, "--json")
      let found = try codes(ended)
      #expect(found["KA070"] == "error", "\(ended.output)")
      #expect(found["KA072"] == "warning" && found["KA023"] == "warning")
      #expect(ended.output.contains("/etc/keepalived/more/deep.inc"))
    }
  }
}

extension Workplace {
  /// Runs a line of shell on a node of the lab.
  fileprivate func exec(_ node: String, _ line: String) async throws {
    let ended = try await run(
      "lab", "exec", "Plans/labs/keepalived-pair.yaml", node, "--", "sh", "-c", line)
    #expect(ended.status == 0, "\(ended.output) \(ended.messages)")
  }
}
