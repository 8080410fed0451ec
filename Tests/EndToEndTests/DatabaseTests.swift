// The database pair on real machines: what the ledger says is lost beside a direct look at the tables, and
// a campaign of crashes in which nothing may be.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The database pair` {
  private static let psql = "/usr/lib/postgresql/15/bin/psql"

  /// The rows that were acknowledged at any time, as the journal has them.
  private func acknowledged(_ place: Workplace) throws -> Set<Int> {
    var rows: Set<Int> = []
    for line in try place.bytes("Reports/latest/journal.jsonl").split(separator: 10) {
      let entry = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      guard entry["event"] as? String == "ledger", entry["outcome"] as? String == "acknowledged"
      else { continue }
      for range in try #require(entry["rows"] as? [[Int]]) { rows.formUnion(range[0]...range[1]) }
    }
    return rows
  }

  private func ledger(_ trial: [String: Any]) throws -> [String: Any] {
    try #require(trial["ledger"] as? [String: Any], "\(trial["reason"] ?? "")")
  }

  private func rate(_ ledger: [String: Any]) throws -> Double {
    let before = try #require(ledger["before"] as? [String: Int])
    let rows = try #require(before["rows"])
    return try Double(rows) * 1e9 / Double(#require(before["length"]))
  }

  private func ask(
    _ node: String, _ question: String, in database: String, _ place: Workplace
  ) async throws -> Workplace.Ended {
    try await place.run(
      "lab", "exec", "postgresql-asynchronous", node, "--", Self.psql, "-U", "postgres", "-AtX",
      "-d", database, "-c", question)
  }

  /// Whether b follows a before the deadline.
  private func isReplicating(
    by deadline: ContinuousClock.Instant, _ place: Workplace
  ) async throws -> Bool {
    let question = "select state from pg_stat_replication where application_name = 'b'"
    while ContinuousClock.now < deadline {
      let asked = try await ask("a", question, in: "postgres", place)
      if asked.output == "streaming\n" { return ContinuousClock.now < deadline }
    }
    return false
  }

  /// What a node's own table has.
  private func table(of node: String, _ place: Workplace) async throws -> Set<Int> {
    let listed = try await ask(node, "select id from takeover_ledger", in: "takeover", place)
    #expect(listed.status == 0, "\(listed.messages)")
    return Set(listed.output.split(separator: "\n").compactMap { Int($0) })
  }

  /// The rows that results.json lists as lost, which must be as many as it says.
  private func told(_ audit: [String: Any]) throws -> Set<Int> {
    var told: Set<Int> = []
    for one in try #require(audit["lost"] as? [[String: Any]]) {
      let range = try #require(one["rows"] as? [Int])
      told.formUnion(range[0]...range[1])
    }
    #expect(audit["lostCount"] as? Int == told.count)
    return told
  }

  @Test func `what the ledger counts as lost is what the tables themselves lack`() async throws {
    var name = ""
    try await Workplace.with { place in
      try place.renameLabs()
      name = place.lab
      // The image is made on first use.
      _ = try await place.run("lab", "image", "postgresql-asynchronous")
      let start = ContinuousClock.now
      let up = try await place.run("lab", "up", "postgresql-asynchronous")
      try #require(up.status == 0, "\(up.messages)")
      #expect(try await isReplicating(by: start + .seconds(15), place))
      let ended = try await place.run("run", "Plans/museum/27-lost-writes.yaml")
      #expect(ended.status == 1, "\(ended.messages)\(ended.output)")
      let course = try ledger(try #require(try place.trials().first))
      let audit = try #require(course["audit"] as? [String: Any], "\(course)")
      #expect(try rate(course) >= 500)

      let node = try #require(audit["node"] as? String)
      let lost = try acknowledged(place).subtracting(try await table(of: node, place))
      #expect(lost.count > 100, "the standby heard nothing for a second")
      #expect(try told(audit) == lost)
    }
    #expect(!FileManager.default.fileExists(atPath: "/run/takeover/labs/\(name)"))
  }

  /// The old primary is neither fenced nor dead, so that its table is there to be compared.
  private static let stalled = """
    # yaml-language-server: $schema=.schema/plan.json
    version: 1
    name: stalled
    why: The standby has not heard of the last second, and the old primary keeps what it has.
    site: labs/postgresql-asynchronous.yaml
    trials:
      - name: replication stalls, and the address moves
        fault: drop-traffic
        protocol: tcp
        port: 5432
        target: standby
        hold: 6s
        recover: 2s
        allow-outage: true
        also:
          - {fault: stop-service, target: holder, after: 1s}
        expect:
          acknowledged-lost: none
    """

  @Test func `what one table has and the other lacks is lost, row by row`() async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let lab = place.folder + "/Plans/labs/postgresql-asynchronous.yaml"
      try String(contentsOfFile: lab, encoding: .utf8)
        .replacing("fencing: true", with: "fencing: false")
        .write(toFile: lab, atomically: true, encoding: .utf8)
      try Self.stalled.write(
        toFile: place.folder + "/Plans/stalled.yaml", atomically: true, encoding: .utf8)
      let up = try await place.run("lab", "up", "postgresql-asynchronous")
      try #require(up.status == 0, "\(up.messages)")
      let ended = try await place.run("run", "Plans/stalled.yaml")
      #expect(ended.status == 1, "\(ended.messages)\(ended.output)")
      let course = try ledger(try #require(try place.trials().first))
      let audit = try #require(course["audit"] as? [String: Any], "\(course)")
      #expect(audit["node"] as? String == "b")

      let (old, new) = (try await table(of: "a", place), try await table(of: "b", place))
      let lost = try told(audit)
      let acknowledged = try acknowledged(place)
      #expect(lost.count > 100, "the standby heard nothing for a second")
      #expect(old.subtracting(new).intersection(acknowledged) == lost)
      #expect(acknowledged.subtracting(new) == lost)
      #expect(audit["elsewhere"] as? [String: Int] == ["a": lost.count])
      print("lost: \(lost.count), in a and not in b: \(old.subtracting(new).count)")
    }
  }

  private static let crashes =
    ProcessInfo.processInfo.environment["TAKEOVER_CRASHES"].flatMap(Int.init) ?? 0
  /// So many in one lab.
  private static let series = 5

  @Test(
    .enabled(if: crashes > 0, "TAKEOVER_CRASHES says how many"),
    arguments: 0..<max(1, (crashes + series - 1) / series))
  func `no row that a synchronous pair acknowledged is lost in a crash`(number: Int) async throws {
    try await Workplace.with { place in
      try place.renameLabs()
      let count = min(Self.series, Self.crashes - number * Self.series)
      let ended = try await place.run(
        "run", "Plans/postgresql/crash.yaml", "--repeat", "\(count)")
      let trials = try place.trials()
      #expect(trials.count == count)
      for trial in trials {
        let findings = try #require(trial["findings"] as? [[String: Any]])
        let finding = try #require(findings.first { $0["check"] as? String == "acknowledged-lost" })
        #expect(finding["outcome"] as? String == "pass", "\(ended.output)")
        let course = try ledger(trial)
        #expect(try rate(course) >= 500)
        let sentences = findings.compactMap { $0["sentence"] as? String }.joined(separator: " ")
        print("crash \(number): \(sentences) \(try Int(rate(course))) rows/s before")
      }
    }
  }
}
