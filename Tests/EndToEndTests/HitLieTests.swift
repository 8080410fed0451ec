// Who lies to the harness is found out: a blow that did nothing is never a pass, a healing that did
// nothing is never a whole node.

import Foundation
import TakeoverModel
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A lie told to the harness` {
  @Test func `a planted blow that does nothing is unknown every time, and nothing is left`()
    async throws
  {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      for _ in 0..<(hitsAreWhole ? 5 : 1) {
        let planted = try await Planted.run("no-blow", at: pair.site)
        #expect(planted.end.healed && planted.end.reason == .completed, "\(planted.end)")
        #expect(planted.report.outcome == .unknown)
        #expect(planted.report.trials.map(\.outcome) == [.unknown])
        #expect(planted.junit.contains("<error "), "\(planted.junit)")
      }
      #expect(try await pair.differences(from: before).isEmpty)
      #expect(try await pair.left() == "")
    }
  }

  @Test(.enabled(if: hitsAreWhole), arguments: ["lying-healing", "no-healing"])
  func `a planted healing that does nothing leaves a node broken, and says how to mend it`(
    kind: String
  ) async throws {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      let holder = try await pair.holder()
      let planted = try await Planted.run(kind, at: pair.site)
      #expect(planted.end.healed == false, "\(planted.end)")
      #expect(planted.end.detail.contains("could not be healed"))
      let mend = "ip addr del 10.9.9.9/32 dev eth0"
      if kind == "lying-healing" {
        let words = "the address 10.9.9.9/32 of eth0 is too much (mend: \(mend))"
        #expect(planted.journal.contains(words), "\(planted.journal.suffix(2_000))")
        #expect(planted.junit.contains(words), "\(planted.junit)")
      }
      #expect(planted.junit.contains(#"name="one: heal""#), "\(planted.junit)")
      #expect(planted.junit.contains(#"type="takeover.heal""#), "\(planted.junit)")
      #expect(planted.report.outcome != .pass)
      // As the report says.
      try await pair.script(mend, on: holder)
      _ = try await pair.whole(as: before)
      let healed = try await pair.place.run(
        "heal", "--site", Fabric(lab: pair.place.lab).site, "--force")
      #expect(healed.status == 0, "\(healed.output)\(healed.messages)")
      #expect(try await pair.differences(from: before).isEmpty)
      #expect(try await pair.left() == "")
    }
  }

  private static let real = "mv /usr/sbin/nft.real /usr/sbin/nft"

  /// Puts another nft in its place, which does what it says for some words.
  private static func nft(_ cases: String) -> String {
    "mv /usr/sbin/nft /usr/sbin/nft.real"
      + " && printf '%s\\n' '#!/bin/sh' '\(cases)' 'exec nft.real \"$@\"' >/usr/sbin/nft"
      + " && chmod 755 /usr/sbin/nft"
  }

  @Test(.enabled(if: hitsAreWhole)) func `an nft that does nothing proves no blow`() async throws {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      for node in ["a", "b"] { try await pair.script(Self.nft("exit 0"), on: node) }
      let plan = try pair.plan(
        hold: "2s", expect: "{single-holder: 1s}",
        fault: ["fault: drop-traffic", "protocol: vrrp"])
      for _ in 0..<(hitsAreWhole ? 3 : 1) {
        let ended = try await pair.place.run("run", plan)
        #expect(ended.status == 2, "\(ended.output)\(ended.messages)")
        #expect(pair.junit.contains("<error "))
      }
      for node in ["a", "b"] { try await pair.script(Self.real, on: node) }
      #expect(try await pair.differences(from: before).isEmpty)
      #expect(try await pair.left() == "")
    }
  }

  /// One that deletes nothing, and one that hides it as well.
  @Test(
    .enabled(if: hitsAreWhole),
    arguments: [
      #"[ "$1" != delete ] || exit 0"#,
      #"case "$1 $2" in "delete table" | "list tables") exit 0 ;; esac"#,
    ])
  func `an nft that deletes nothing leaves a node broken, and exit 3 says what`(
    cases: String
  ) async throws {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      for node in ["a", "b"] { try await pair.script(Self.nft(cases), on: node) }
      let holder = try await pair.holder()
      let plan = try pair.plan(
        hold: "2s", fault: ["fault: drop-traffic", "protocol: vrrp"])
      let ended = try await pair.place.run("run", plan)
      #expect(ended.status == 3, "\(ended.output)\(ended.messages)")
      #expect(pair.junit.contains("takeover.heal"), "\(pair.junit)")
      if cases.contains("tables") {
        #expect(pair.junit.contains("nftables has a table more: inet takeover_"), "\(pair.junit)")
        #expect(pair.journal.contains("(mend: nft delete table inet takeover_"))
      }
      for node in ["a", "b"] { try await pair.script(Self.real, on: node) }
      let healed = try await pair.place.run("heal")
      #expect(healed.status == 0, "\(holder): \(healed.output)\(healed.messages)")
      _ = try await pair.whole(as: before)
      #expect(try await pair.left() == "")
    }
  }
}
