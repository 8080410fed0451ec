// However a run ends, its pair is whole afterwards: a row for each end, printed as a table.

import Foundation
import Glibc
import TakeoverModel
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `However a run ends` {
  struct End: Sendable, CustomTestStringConvertible {
    var name: String
    var status: Int32
    var healer = "coordinator"
    var hold = "3s"
    var expect = "{takeover-within: 2s}"
    var fault = ["fault: stop-service"]
    /// Before the run, on every node.
    var before = ""
    /// While the blow is in force.
    var hit: @Sendable (HitPair, Running, _ holder: String) async throws -> Void = { _, _, _ in }
    var after = ""
    /// Where it is run everywhere.
    var isSample = false
    var testDescription: String { name }
  }

  private static let cut =
    "nft add table inet cut && nft 'add chain inet cut in { type filter hook input priority 0; }'"
    + " && nft add rule inet cut in tcp dport 22 drop"

  static let ends = [
    End(name: "passes", status: 0),
    End(name: "fails an expectation", status: 1, expect: "{takeover-within: 1ms}"),
    End(
      name: "the fault throws", status: 2,
      fault: ["fault: drop-traffic", "protocol: vrrp"],
      before: "mv /usr/sbin/nft /usr/sbin/nft.real && printf '%s\\n' '#!/bin/sh'"
        + " '[ \"$1\" != -f ] || exit 1; exec nft.real \"$@\"' >/usr/sbin/nft"
        + " && chmod 755 /usr/sbin/nft",
      after: "mv /usr/sbin/nft.real /usr/sbin/nft"),
    End(
      name: "interrupted once", status: 130, hold: "1h",
      hit: { _, run, _ in run.signal(SIGINT) }),
    End(
      name: "interrupted twice", status: 3, healer: "node", hold: "1h",
      hit: { _, run, _ in
        run.signal(SIGSTOP)
        run.signal(SIGINT)
        run.signal(SIGTERM)
        run.signal(SIGCONT)
      }, isSample: true),
    End(
      name: "SSH cut for good", status: 3, healer: "node", hold: "3s",
      hit: { pair, _, holder in try await pair.script(cut, on: holder) },
      after: "nft delete table inet cut 2>/dev/null || :"),
    End(
      name: "coordinator killed", status: 137, healer: "node", hold: "1h",
      hit: { _, run, _ in run.signal(SIGKILL) }, isSample: true),
  ]

  @Test func `its pair is what it was`() async throws {
    try await HitPair.standing { pair in
      var table = [
        "end | exit | healed by | whole after | JUnit | left on the nodes | took"
      ]
      for end in Self.ends where end.isSample || hitsAreWhole {
        table.append(try await row(end, on: pair))
      }
      print(table.joined(separator: "\n"))
    }
  }

  private func row(_ end: End, on pair: HitPair) async throws -> String {
    let began = ContinuousClock.now
    for node in ["a", "b"] where !end.before.isEmpty { try await pair.script(end.before, on: node) }
    let before = try await pair.states()
    let holder = try await pair.holder()
    let plan = try pair.plan(hold: end.hold, expect: end.expect, fault: end.fault)
    let run = try pair.place.start(["run", plan])
    if end.status != 2 { #expect(try await run.says("in force on"), "\(run.messages)") }
    try await end.hit(pair, run, holder)
    let ended = try await run.wait()
    #expect(ended.status == end.status, "\(end.name): \(ended.messages)")
    for node in ["a", "b"] where !end.after.isEmpty { try await pair.script(end.after, on: node) }
    let whole = try await pair.whole(as: before)
    let lasting = whole.map { TimeText.value($0, knownTo: .milliseconds(100)) }
    let healer = try healer(pair)
    #expect(healer == end.healer, "\(end.name)")
    if end.status == 137 || pair.junit.isEmpty {
      _ = try await pair.place.run("judge", "Reports/latest")
    }
    let isXML = try pair.junitIsXML()
    #expect(isXML, "\(end.name)")
    // A dead run's lock is there until it runs out, or somebody heals.
    if end.healer == "node" {
      let healed = try await pair.place.run("heal")
      #expect(healed.status == 0, "\(end.name): \(healed.output)\(healed.messages)")
    }
    let left = try await pair.left()
    #expect(left == "", "\(end.name)")
    #expect(try await pair.differences(from: before).isEmpty, "\(end.name)")
    return "\(end.name) | \(ended.status) | \(healer) | \(lasting ?? "NEVER") | "
      + "\(isXML ? "valid" : "INVALID") | \(left.isEmpty ? "nothing" : left) | "
      + "\(ContinuousClock.now - began)"
  }

  /// The node, where the journal has no healing of the coordinator's that went well.
  private func healer(_ pair: HitPair) throws -> String {
    let journal = pair.journal
    let healed = journal.split(separator: "\n").last { $0.contains("\"event\":\"healed\"") }
    guard let healed, healed.contains("\"pass\""), !journal.contains("healed itself") else {
      return "node"
    }
    return "coordinator"
  }
}
