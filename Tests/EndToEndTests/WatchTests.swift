// takeover watch on a real pair: what it tells while it goes on, what it keeps, how it ends.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A pair that is watched` {
  private static func holder(in output: String) throws -> String {
    let line = try #require(output.split(separator: "\n").first { $0.contains(" holds, priority") })
    let words = line.split(separator: " ")
    return String(words[try #require(words.firstIndex(of: "holds,")) - 1])
  }

  /// What was told, without the summary at the end.
  private static func notices(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.first?.isNumber == true }
  }

  @Test func `is told from its site, and told again from what was kept`() async throws {
    try await Workplace.with { place in
      try #require(try await place.run("lab", "up", "keepalived-pair").status == 0)
      let site = Fabric(lab: place.lab).site
      let watch = try place.start(["watch", "--site", site, "--record", "kept", "--nodes", "--ask"])
      try #require(try await watch.tells(" holds, priority"), "\(watch.messages)")
      let holder = try Self.holder(in: watch.output)
      let stopped = try await place.run(
        "lab", "exec", "keepalived-pair", holder, "--", "systemctl", "stop", "keepalived")
      #expect(stopped.status == 0, "\(stopped.messages)")
      #expect(try await watch.tells("\(holder) gives up (priority 0)"))
      let other = holder == "a" ? "b" : "a"
      #expect(try await watch.tells("\(other) holds: "), "\(watch.output)")
      #expect(try await watch.tells("\(other) announces "), "\(watch.output)")
      watch.signal(SIGINT)
      let ended = try await watch.wait()
      #expect(ended.status == 0, "\(ended.output)\(ended.messages)")
      #expect(ended.messages.contains("stopping"))
      #expect(ended.output.contains("after \(holder) gave up"))
      #expect(ended.output.contains("PASS: well in "), "\(ended.output)")

      let again = try await place.run("watch", "--from", "kept")
      #expect(again.status == 0, "\(again.messages)")
      #expect(Self.notices(again.output) == Self.notices(ended.output))
      #expect(try place.bytes("kept/capture.pcapng").count > 1_000)
      let twice = try await place.run("watch", "--site", site, "--record", "kept", "--for", "1s")
      #expect(twice.status == 64, "nothing is overwritten")
    }
  }

  @Test func `is told from an interface, with what is wrong, and by the exit status`() async throws
  {
    try await Workplace.with(lab: { $0.replacing("mode: unicast", with: "mode: multicast") }) {
      place in
      try #require(try await place.run("lab", "up", "keepalived-pair").status == 0)
      let fabric = "/run/takeover/labs/\(place.lab)/fabric"
      func watching(_ words: String...) throws -> Running {
        try Running(
          "nsenter", ["--net=\(fabric)", Workplace.binary, "watch", "--interface", "lan"] + words,
          in: place.folder)
      }
      let well = try await watching("--for", "5s").wait()
      #expect(well.status == 0, "\(well.output)\(well.messages)")
      #expect(well.output.contains(/virtual router \d+: 172\.17\.16\.\d+ holds, priority/))
      #expect(well.output.contains("PASS: well in 5."), "\(well.output)")

      let watch = try watching("--for", "60s")
      try #require(try await watch.tells(" holds, priority"), "\(watch.messages)")
      // Both are deaf: each takes the other for dead.
      for node in ["a", "b"] {
        let deaf = try await place.run(
          "lab", "exec", "keepalived-pair", node, "--", "sh", "-c",
          "nft add table ip deaf && nft add chain ip deaf in '{ type filter hook input priority 0; }' "
            + "&& nft add rule ip deaf in ip protocol 112 drop")
        try #require(deaf.status == 0, "\(deaf.messages)")
      }
      #expect(try await watch.tells(" both advertise"), "\(watch.output)")
      watch.signal(SIGTERM)
      let ended = try await watch.wait()
      #expect(ended.status == 1, "\(ended.output)")
      #expect(ended.output.contains("two-claimants 1 ×"), "\(ended.output)")
    }
  }

  @Test func `needs one place, and says what is wrong with another`() async throws {
    try await Workplace.with { place in
      for words in [
        [], ["--interface", "lo", "--site", "x.yaml"], ["--interface", "lo", "--for", "7"],
        ["--from", "x", "--record", "y"], ["--interface", "lo", "--ask"], ["--vlan", "3"],
        ["--interface", "lo", "--vlan", "5000"],
      ] {
        let ended = try await place.start(["watch"] + words).wait()
        #expect(ended.status == 64, "\(words): \(ended.messages)")
      }
      #expect(try await place.run("watch", "--from", "none").status == 66)
      let none = try await place.run("watch", "--interface", "no-such-link", "--for", "1s")
      #expect(none.status == 2, "\(none.output)\(none.messages)")
      #expect(
        (none.output + none.messages).contains("no-such-link"), "\(none.output)\(none.messages)")
    }
  }
}
