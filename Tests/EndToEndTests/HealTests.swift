// takeover heal: what a dead run left is mended by its undo log, or by looking at the nodes.

import Foundation
import TakeoverModel
import TakeoverRun
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `What a dead run left` {
  /// A lease that does not run out while the test goes on.
  private func plan(_ fault: String) -> String {
    """
    version: 1
    name: dead
    site: Plans/labs/keepalived-pair.yaml
    lease: 120s
    trials:
      - name: one
        \(fault)
        hold: 100s
        expect: {takeover-within: 10s}

    """
  }

  /// A run that is killed while its blow is in force; what the nodes were before.
  private func leave(_ fault: String, in place: Workplace, _ nodes: NodesOfLab) async throws
    -> [NodeState]
  {
    let before = try await nodes.states()
    try plan(fault).write(
      toFile: place.folder + "/dead.yaml", atomically: true, encoding: .utf8)
    let run = try place.start(["run", "dead.yaml"])
    #expect(try await run.says("in force"), "\(run.messages)")
    run.signal(SIGKILL)
    _ = try await run.wait()
    let broken = zip(try await nodes.states(), before).flatMap { $0.differences(from: $1) }
    #expect(!broken.isEmpty, "the blow is in force")
    return before
  }

  private func expectWhole(_ before: [NodeState], _ nodes: NodesOfLab) async throws {
    var differences: [Difference] = []
    for _ in 0..<20 {
      differences = zip(try await nodes.states(), before).flatMap { $0.differences(from: $1) }
      if differences.isEmpty { break }
      try await Task.sleep(for: .milliseconds(250))
    }
    #expect(differences.isEmpty, "\(differences)")
    for node in ["a", "b"] {
      let left = try await nodes.run(Command("ls", "-A", "/run/takeover"), on: node)
      #expect(left.isEmpty, "\(left)")
    }
  }

  @Test(arguments: ["fault: link-down", "fault: freeze-process", "fault: kill-process"])
  func `is named by the next start, and mended by its undo log`(_ fault: String) async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let nodes = try NodesOfLab(place)
      let before = try await leave(fault, in: place, nodes)
      let next = try await place.run("run", "dead.yaml", "--output", "Reports")
      #expect(next.messages.contains("was shown to be whole: takeover heal Reports/"))
      #expect(next.status == 2, "and the dead run's lock is respected")
      let healed = try await place.run("heal")
      #expect(healed.status == 0, "\(healed.output)\(healed.messages)")
      #expect(healed.output.contains(": healed"))
      try await expectWhole(before, nodes)
      #expect(try await place.run("heal").output.contains("nothing is left to heal"))
    }
  }

  @Test func `is found and mended by looking, where no log is left`() async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let nodes = try NodesOfLab(place)
      let lab = "Plans/labs/keepalived-pair.yaml"
      let before = try await leave("fault: drop-traffic\n    protocol: vrrp", in: place, nodes)
      try FileManager.default.removeItem(atPath: place.folder + "/Reports")
      let held = try await place.run("heal", "--site", lab)
      #expect(held.status == 3)
      #expect(held.output.contains("it is held by run"), "\(held.output)")
      let healed = try await place.run("heal", "--site", lab, "--force")
      #expect(healed.status == 0, "\(healed.output)\(healed.messages)")
      try await expectWhole(before, nodes)
      // What no lease speaks of: a table, a stopped daemon, a link.
      _ = try await nodes.run(
        .script(
          """
          nft add table inet takeover_left
          systemctl stop haproxy
          kill -s STOP $(systemctl show -p MainPID --value keepalived)
          """), on: "a")
      let swept = try await place.run("heal", "--site", lab)
      #expect(swept.status == 0, "\(swept.output)\(swept.messages)")
      try await expectWhole(before, nodes)
    }
  }

  /// The power's lease is kept by this machine, which would start the node again for ten minutes.
  @Test func `goes with the lab that it was to mend`() async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try plan("fault: power-off").write(
        toFile: place.folder + "/dead.yaml", atomically: true, encoding: .utf8)
      let run = try place.start(["run", "dead.yaml"])
      #expect(try await run.says("in force"), "\(run.messages)")
      run.signal(SIGKILL)
      _ = try await run.wait()
      let leases = try LeasesHere(speakingOf: place.lab)
      #expect(leases.folders.count == 1)
      let watcher = try #require(leases.watchers.first)
      #expect(kill(watcher, 0) == 0, "it waits")
      let down = try await place.run("lab", "down", "keepalived-pair")
      #expect(down.status == 0, "\(down.messages)")
      #expect(kill(watcher, 0) == -1 && errno == ESRCH)
      #expect(try LeasesHere(speakingOf: place.lab).folders.isEmpty)
    }
  }
}

/// The leases that this machine keeps for nodes of a lab.
struct LeasesHere {
  var folders: [String] = []
  var watchers: [pid_t] = []

  init(speakingOf lab: String) throws {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: Lease.root)) ?? [] {
      let folder = "\(Lease.root)/\(name)"
      let heal = try? String(contentsOfFile: folder + "/heal", encoding: .utf8)
      guard heal?.contains("/labs/\(lab)/") == true else { continue }
      folders.append(folder)
      let watching = try? String(contentsOfFile: folder + "/watching", encoding: .utf8)
      if let pid = watching?.split(separator: " ").first.flatMap({ pid_t($0) }) {
        watchers.append(pid)
      }
    }
  }
}
