// A lab that was built for a run goes with it, however the run ends; the lab of `lab up` stays.

import Foundation
import TakeoverModel
import TakeoverRun
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A lab that a run has built` {
  struct End: CustomTestStringConvertible, Sendable {
    var name: String
    /// What the run says before it is hit.
    var after: String
    var statuses: [Int32]
    var hit: @Sendable (Running) -> Void
    var testDescription: String { name }
  }

  static let ends = [
    End(name: "killed while it builds", after: "building lab", statuses: [137]) { run in
      run.signal(SIGKILL)
    },
    // Two signals that wait come in any order.
    End(name: "interrupted twice", after: "in force", statuses: [130, 143]) { run in
      run.signal(SIGSTOP)
      run.signal(SIGINT)
      run.signal(SIGTERM)
      run.signal(SIGCONT)
    },
  ]

  /// The power's lease is kept by this machine: it must not start a node of a lab that is gone.
  @Test(arguments: ends)
  func `is gone with it, and the next run builds its own`(_ end: End) async throws {
    try await Workplace.with { place in
      try write("fault: power-off", hold: "1h", to: place)
      let run = try place.start(["run", "owned.yaml"])
      #expect(try await run.says(end.after), "\(run.messages)")
      end.hit(run)
      let ended = try await run.wait()
      #expect(end.statuses.contains(ended.status), "\(ended.messages)")
      if end.statuses.contains(130) {
        #expect(ended.messages.contains("the lab \(place.lab) goes with this run"))
      }
      // At once: before, while or after the lab of the dead is taken away.
      try write("fault: stop-service", hold: "2s", to: place)
      let next = try await place.run("run", "owned.yaml")
      #expect(next.status == 0, "\(next.output)\(next.messages)")
      #expect(next.messages.contains("building lab"), "\(next.messages)")
      try await expectNothing(of: place)
    }
  }

  @Test func `is gone without a next run`() async throws {
    try await Workplace.with { place in
      try write("fault: power-off", hold: "1h", to: place)
      let run = try place.start(["run", "owned.yaml"])
      #expect(try await run.says("in force"), "\(run.messages)")
      run.signal(SIGKILL)
      _ = try await run.wait()
      try await expectNothing(of: place)
      let healed = try await place.run("heal")
      #expect(healed.output.contains("nothing is left to heal"), "\(healed.output)")
    }
  }

  @Test func `is not the one that stood before`() async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try write("fault: stop-service", hold: "1h", to: place)
      let run = try place.start(["run", "owned.yaml"])
      #expect(try await run.says("in force"), "\(run.messages)")
      run.signal(SIGKILL)
      _ = try await run.wait()
      let status = try await place.run("lab", "status", "keepalived-pair")
      #expect(status.status == 0, "\(status.output)\(status.messages)")
      #expect(try await place.run("heal").status == 0)
    }
  }

  private func write(_ fault: String, hold: String, to place: Workplace) throws {
    try """
    version: 1
    name: owned
    site: Plans/labs/keepalived-pair.yaml
    trials:
      - name: one
        \(fault)
        target: holder
        hold: \(hold)
        expect: {takeover-within: 10s}

    """.write(toFile: place.folder + "/owned.yaml", atomically: true, encoding: .utf8)
  }

  /// No folder, no group of processes, no promise of this machine, no keeper; at the latest after
  /// some seconds, for the kernel buries two machines meanwhile.
  private func expectNothing(of place: Workplace) async throws {
    var left = ""
    for _ in 0..<100 {
      let seen = try ChildProgram.run(
        "/bin/sh",
        [
          "-c",
          """
          ls -d /run/takeover/labs/$1 2>/dev/null
          find /sys/fs/cgroup -name "takeover-$1" 2>/dev/null
          pgrep -f -- "/labs/$1/owner"
          :
          """, "sh", place.lab,
        ]
      ).output
      left = String(decoding: seen, as: UTF8.self)
      left += try LeasesHere(speakingOf: place.lab).folders.joined(separator: "\n")
      if left.isEmpty { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("still there: \(left)")
  }
}
