// A host that cannot be trusted, met before any of its words is in a journal: what it says on the way
// in reaches the terminal and JUnit as text. An `ssh` of our own says it; no root, no network.

import Foundation
import Testing

@Suite struct `A host that says hostile things` {
  private static let site = """
    version: 1
    site: strange
    environment: test
    nodes:
      a: {host: 127.0.0.1, port: 1, client: openssh, config: none, interface: eth0, address: 10.0.0.1}
      b: {host: 127.0.0.2, port: 1, client: openssh, config: none, interface: eth0, address: 10.0.0.2}
    addresses: [10.0.0.100/24]

    """

  /// Both lines of an error, and everything else that goes to the log.
  private static func isHarmless(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).allSatisfy { line in
      let words = line.drop { $0.isWhitespace }
      return !words.hasPrefix("::") && !line.contains("##[") && !line.contains("##vso[")
        && line.unicodeScalars.allSatisfy {
          ![.control, .format].contains($0.properties.generalCategory)
        }
    }
  }

  @Test(arguments: ["doctor", "run"]) func `its words are text`(command: String) async throws {
    try await Workplace.with { place in
      let bin = place.folder + "/bin"
      try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
      let said =
        #"needle \033[2J\033]0;t\007 ]]></error><testcase name=\"x\"/> ##[error]a ##vso[b]c\r"#
      try """
      #!/bin/sh
      [ "$1" = -V ] && { echo OpenSSH_9.2 >&2; exit; }
      printf '\(said)::error::d\\342\\200\\256e\\377\\n' >&2
      exit 255
      """.write(toFile: bin + "/ssh", atomically: true, encoding: .utf8)
      let made = try ChildProgram.run("/usr/bin/env", ["chmod", "755", bin + "/ssh"])
      try #require(made.status == 0)
      let site = place.folder + "/strange.yaml"
      try Self.site.write(toFile: site, atomically: true, encoding: .utf8)
      let words =
        command == "doctor"
        ? ["doctor", "--site", site]
        : ["run", "Plans/keepalived/graceful-stop.yaml", "--site", site, "--yes"]
      let ended = try await place.start(
        words, environment: ["PATH": "\(bin):/usr/bin:/bin"]
      ).wait()
      #expect(ended.status == (command == "doctor" ? 77 : 2), "\(ended.messages)")
      #expect((ended.output + ended.messages).contains("::error::d"), "\(ended.messages)")
      #expect(Self.isHarmless(ended.output), "\(ended.output.debugDescription)")
      #expect(Self.isHarmless(ended.messages), "\(ended.messages.debugDescription)")
      guard command == "run" else { return }
      let junit = String(
        decoding: try place.bytes("Reports/latest/TEST-takeover.xml"), as: UTF8.self)
      #expect(junit.components(separatedBy: "<testcase ").count > 1)
      #expect(!junit.contains("name=\"x\"") && Self.isHarmless(junit))
    }
  }
}
