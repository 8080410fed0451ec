// With how little Takeover gets along, and what it says where even that is missing: on the machine it
// runs on, and on the nodes. Nothing secret is left in what it writes.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Privileges and secrets` {
  /// Inside the fabric, as nobody, with these capabilities and no way to more.
  private static func unprivileged(_ place: Workplace, _ capabilities: String) -> [String] {
    let sets = ["--bounding-set", "--inh-caps", "--ambient-caps"]
    return ["--net=/run/takeover/labs/\(place.lab)/fabric", "setpriv"]
      + ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs"]
      + sets.map { "\($0)=-all\(capabilities)" }
  }

  /// A copy of the lab's site as somebody would have it who stands on its segment: no namespaces.
  private static func standOn(_ place: Workplace, user: String = "root") throws -> String {
    let lab = "/run/takeover/labs/\(place.lab)"
    let folder = place.folder + "/own"
    let files = FileManager.default
    try files.copyItem(atPath: lab + "/keys", toPath: folder)
    var lines = try String(contentsOfFile: lab + "/site.yaml", encoding: .utf8)
      .replacing("\(lab)/keys/", with: "\(folder)/")
      .replacing("user: \"root\"", with: "user: \"\(user)\"")
      .replacing("environment: lab", with: "environment: test")
      .replacing(", namespace: \"\(lab)/fabric\"", with: "")
      .replacing("echo: 10ms", with: "echo: never").replacing(
        "connect: 10ms", with: "connect: never"
      )
      .split(separator: "\n").filter { !$0.hasSuffix("namespace: \"\(lab)/fabric\"") }.map(
        String.init)
    if let from = lines.firstIndex(where: { $0.contains("/machines/client/net") }) {
      lines[from] = "    - {name: \"here\", interface: \"lan\"}"
    }
    try lines.joined(separator: "\n").write(
      toFile: folder + "/site.yaml", atomically: true, encoding: .utf8)
    return folder + "/site.yaml"
  }

  private func run(_ words: [String], in folder: String) async throws -> Workplace.Ended {
    try await Running("nsenter", words, in: folder, environment: ["HOME": folder]).wait()
  }

  @Test func `a run from the pair's own segment needs CAP_NET_RAW, and nothing else`() async throws
  {
    try await Workplace.with { place in
      try #require(try await place.run("lab", "up", "keepalived-pair").status == 0)
      let site = try Self.standOn(place)
      // Where the tests were built nobody else may go.
      let program = place.folder + "/own/takeover"
      try FileManager.default.copyItem(atPath: Workplace.binary, toPath: program)
      let chown = try ChildProgram.run("/usr/bin/env", ["chown", "-R", "nobody", place.folder])
      try #require(chown.status == 0)
      let words = [
        program, "run", "Plans/keepalived/graceful-stop.yaml", "--site", site, "--yes",
      ]
      let without = try await run(Self.unprivileged(place, "") + words, in: place.folder)
      #expect(without.status == 77, "\(without.messages)")
      #expect(without.messages.contains("needs CAP_NET_RAW"), "\(without.messages)")
      #expect(!without.messages.contains("connecting to"), "nothing was touched")

      let with = try await run(Self.unprivileged(place, ",+net_raw") + words, in: place.folder)
      #expect([0, 2].contains(with.status), "\(with.messages)")
      let trial = try #require(try place.trials().first)
      let findings = try #require(trial["findings"] as? [[String: Any]])
      let takeover = findings.first { $0["check"] as? String == "takeover-within" }
      #expect(takeover?["outcome"] as? String == "pass", "\(with.output)")
      try Self.isSecret(
        try String(contentsOfFile: "\(place.folder)/own/user", encoding: .utf8), place)
    }
  }

  /// No line of the key's body, and nothing of the environment, is in any file of the run.
  private static func isSecret(_ key: String, _ place: Workplace) throws {
    let body = key.split(separator: "\n").filter { !$0.hasPrefix("-----") }
    try #require(body.count >= 3)
    let runs = place.folder + "/Reports"
    let paths = FileManager.default.enumerator(atPath: runs)?.compactMap { $0 as? String } ?? []
    #expect(paths.contains { $0.hasSuffix("journal.jsonl") })
    for path in paths {
      guard let bytes = FileManager.default.contents(atPath: "\(runs)/\(path)") else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      for line in body { #expect(!text.contains(line), "\(path)") }
      #expect(!text.contains("PRIVATE KEY") && !text.contains("SSH_AUTH_SOCK"), "\(path)")
    }
  }

  @Test func `doctor prints the line that a node's sudoers lacks, and says who is not root`()
    async throws
  {
    try await Workplace.with { place in
      try #require(try await place.run("lab", "up", "keepalived-pair").status == 0)
      let site = Fabric(lab: place.lab).site
      func onA(_ script: String) async throws {
        let done = try await place.run(
          "lab", "exec", "keepalived-pair", "a", "--", "sh", "-c", script)
        try #require(done.status == 0, "\(done.messages)")
      }
      try await onA(
        "useradd -m -p '*' -s /bin/sh admin && mkdir -p ~admin/.ssh && "
          + "cp /root/.ssh/authorized_keys ~admin/.ssh/ && chown -R admin ~admin/.ssh && "
          + "sed -i '/^AuthorizedKeysFile/s,$, .ssh/authorized_keys,' /etc/ssh/sshd_config && "
          + "systemctl reload ssh")
      let own = place.folder + "/admin.yaml"
      let text = try String(contentsOfFile: site, encoding: .utf8)
      let head = try #require(text.range(of: "user: \"root\"\n    sudo: false"))
      try text.replacingCharacters(in: head, with: "user: \"admin\"\n    sudo: true")
        .write(toFile: own, atomically: true, encoding: .utf8)

      let none = try await place.run("doctor", "--site", own)
      #expect(none.status == 77)
      #expect(none.output.contains("there is no sudo on a"), "\(none.output)")

      let fake = "> /usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo"
      try await onA("printf '#!/bin/sh\\necho sudo: a password is required >&2; exit 1\\n' \(fake)")
      let asked = try await place.run("doctor", "--site", own)
      #expect(asked.status == 77)
      #expect(
        asked.output.contains("with the line: admin ALL=(root) NOPASSWD: /usr/bin/sh \"\"\n"),
        "\(asked.output)")

      // Let in, but not as root.
      try await onA("printf '#!/bin/sh\\n[ \"$*\" = \"-n sh\" ] && exec sh\\n' \(fake)")
      let mere = try await place.run("doctor", "--site", own)
      #expect(mere.status == 77)
      #expect(mere.output.contains(/root  +- +MISSING +ok/), "\(mere.output)")
      #expect(mere.output.contains("a: admin is not root"), "\(mere.output)")
    }
  }
}
