// What the nodes' own configuration promises, read from them and judged on the wire; and the plan that
// is written from it.

import Foundation
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A pair as configured` {
  /// One trial of each meaning of a blow; with `TAKEOVER_KINDS` all of the plan.
  private static let selection =
    ProcessInfo.processInfo.environment["TAKEOVER_KINDS"] == nil
    ? ["--only", "orderly", "--only", "cut off", "--only", "reload", "--only", "fails"] : []

  @Test func `the plan that init writes is valid, runs and passes as it stands`() async throws {
    try await Workplace.with(lab: { ContractLab.text($0) }) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let lab = "Plans/labs/keepalived-pair.yaml"
      let written = try await place.run("init", "--site", lab, "--output", "drafted")
      #expect(written.status == 0, "\(written.messages)")
      let again = try await place.run("init", "--site", lab, "--output", "drafted")
      #expect(again.status == 64)
      #expect(again.messages.contains("is there already"))
      let valid = try await place.run("validate", "drafted/plan.yaml")
      #expect(valid.status == 0, "\(valid.messages)")
      var report = ""
      // Where this machine kept a daemon waiting, which is seen, a trial has no verdict: other tests
      // build and end labs meanwhile.
      for _ in 1...3 {
        let run = try await place.start(["run", "drafted/plan.yaml"] + Self.selection).wait()
        report = String(decoding: try place.bytes("Reports/latest/report.md"), as: UTF8.self)
        if run.status == 0 { break }
        let excuses = report.ranges(of: "may be the want of a processor").count
        #expect(run.status == 2 && excuses == report.ranges(of: "**UNKNOWN**").count, "\(report)")
      }
      #expect(report.hasPrefix("# PASS"), "\(report)")
      for words in [
        "keepalived's configuration promises", "By keepalived's configuration it keeps",
      ] {
        #expect(report.contains(words))
      }
    }
  }

  /// VRRPv2: a point of priority is 3.9 ms. Where a daemon may have waited for a processor for as long,
  /// nothing is said of a trial, and it is done again: never does one pass.
  @Test func `a priority that is one point off what its file says is told from the wire`()
    async throws
  {
    try await Workplace.with(lab: Self.first) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let plan = """
        version: 1
        name: silent
        site: Plans/labs/keepalived-pair.yaml
        trials:
          - {name: stop, fault: stop-service, target: holder, hold: 1s}

        """
      try plan.write(toFile: place.folder + "/silent.yaml", atomically: true, encoding: .utf8)
      var report = ""
      for turn in 1...8 {
        // Only the files: a daemon goes on with what it read, and the one that is started anew after a
        // trial is not the next one's taker.
        for (node, priority) in [("a", 100), ("b", 80)] {
          let edited = try await place.run(
            "lab", "exec", "keepalived-pair", node, "--", "sed", "-i",
            "s/priority \(priority + turn - 1)$/priority \(priority + turn)/",
            "/etc/keepalived/keepalived.conf")
          #expect(edited.status == 0, "\(edited.messages)")
        }
        let run = try await place.run("run", "silent.yaml")
        report = String(decoding: try place.bytes("Reports/latest/report.md"), as: UTF8.self)
        #expect(run.status != 0, "\(report)")
        if run.status == 1 { break }
        #expect(report.contains("it may be the want of a processor"), "\(report)")
      }
      let words =
        /too slow, as for (?:priority|a priority of) (\d+)(?: to (\d+))?: (\d+) was expected/
      let match = try #require(report.firstMatch(of: words), "\(report)")
      let (lowest, expected) = (Int(match.1) ?? 0, Int(match.3) ?? 0)
      let highest = match.2.flatMap { Int($0) } ?? lowest
      // A daemon is as old as its last start, one trial or two ago.
      #expect((lowest...highest).overlaps(expected - 2...expected - 1), "\(report)")
    }
  }

  /// Daemons that go first: the other tests' work does not keep them. Not where one is reloaded: beside
  /// other tests one was killed in a reload, with the daemon's own limit of 10 ms at a stretch.
  private static func first(_ lab: String) -> String {
    lab.replacing("keepalived:\n", with: "keepalived:\n  real-time-priority: 50\n")
  }
}
