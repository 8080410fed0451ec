// Who may break a node, and that it is one at a time.

import Foundation
import TakeoverModel
import TakeoverRun
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A node is held by one run, and by leave` {
  private static let plan = """
    version: 1
    name: held
    site: Plans/labs/keepalived-pair.yaml
    lease: 5s
    trials:
      - name: one
        fault: drop-traffic
        protocol: udp
        hold: 6s
        settle: 100ms
        expect: {transitions: 0}

    """

  private func inLab(_ body: (Workplace, NodesOfLab) async throws -> Void) async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try Self.plan.write(toFile: place.folder + "/held.yaml", atomically: true, encoding: .utf8)
      try await body(place, try NodesOfLab(place))
    }
  }

  private func expectError(_ place: Workplace, _ words: String) throws {
    let xml = String(decoding: try place.bytes("Reports/latest/TEST-takeover.xml"), as: UTF8.self)
    #expect(xml.contains("errors=\"1\""), "a CI must see it: \(xml)")
    #expect(xml.contains(words), "\(xml)")
  }

  @Test func `a node that does not name the site is left alone, and the remedy is said`()
    async throws
  {
    try await inLab { place, nodes in
      _ = try await nodes.run(
        .script("echo another-site >/etc/takeover/allow"), on: "b")
      let before = try await nodes.states()
      let refused = try await place.run("run", "held.yaml")
      #expect(refused.status == 2)
      #expect(refused.messages.contains("echo '\(place.lab)' >>/etc/takeover/allow"))
      try expectError(place, "b is not to be broken")
      let after = try await nodes.states()
      let differences = zip(after, before).flatMap { $0.differences(from: $1) }
      #expect(differences.isEmpty, "\(differences)")
      let left = try await nodes.run(Command("ls", "-A", "/run/takeover"), on: "a")
      #expect(left.isEmpty, "\(left)")
    }
  }

  @Test func `a second run is refused while the first holds the pair, and the first goes on`()
    async throws
  {
    try await inLab { place, nodes in
      let first = try place.start(["run", "held.yaml", "--output", "First"])
      try #require(try await first.says("in force"), "\(first.messages)")
      let second = try await place.run("run", "held.yaml")
      #expect(second.status == 2)
      #expect(second.messages.contains("is being broken already: it is held by run"))
      try expectError(place, "a is being broken already")
      let ended = try await first.wait()
      #expect(ended.status == 0, "\(ended.messages)")
      let third = try await place.run("run", "held.yaml")
      #expect(third.status == 0, "let go: \(third.messages)")
    }
  }

  /// Two nodes' worth of what a dead run leaves: its locks, run out, and a lease that nobody watches.
  @Test func `a dead run's lock that has run out is taken over, and what it left is healed`()
    async throws
  {
    try await inLab { place, nodes in
      for node in ["a", "b"] {
        _ = try await nodes.run(
          .script(
            """
            mkdir -p /run/takeover/leases/dead.1.1.1
            ln -s 'dead 1 run dead on elsewhere' /run/takeover/lock
            echo 'nft delete table inet takeover_left 2>/dev/null; exit 0' \
              >/run/takeover/leases/dead.1.1.1/heal
            nft add table inet takeover_left
            """), on: node)
      }
      let run = try await place.run("run", "held.yaml")
      #expect(run.status == 0, "\(run.messages)\(run.output)")
      for node in ["a", "b"] {
        let tables = try await nodes.run(Command("nft", "list", "tables"), on: node)
        let left = try await nodes.run(Command("ls", "-A", "/run/takeover"), on: node)
        #expect(tables.isEmpty && left.isEmpty, "\(tables) \(left)")
      }
      let journal = String(decoding: try place.bytes("Reports/latest/journal.jsonl"), as: UTF8.self)
      #expect(journal.contains("still held by run dead on elsewhere"))
    }
  }
}
