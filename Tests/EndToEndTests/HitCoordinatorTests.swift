// The coordinator is hit: stopped, cut off, its disk filled. The pair is whole afterwards, and the
// report says what could not be seen.

import Foundation
import Glibc
import TakeoverLab
import TakeoverModel
import TakeoverRemote
import TakeoverRun
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A coordinator that is hit` {
  @Test func `stopped for longer than its lease, it finds the node healed and says so`()
    async throws
  {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      let run = try pair.place.start(["run", try pair.plan(hold: "2s")])
      #expect(try await run.says("in force on"), "\(run.messages)")
      run.signal(SIGSTOP)
      // Nobody but the node is there to do it.
      let whole = try await pair.whole(as: before)
      print("the node was whole \(whole.map { "\($0)" } ?? "never") after the coordinator stopped")
      run.signal(SIGCONT)
      let ended = try await run.wait()
      #expect(ended.status == 2, "\(ended.output)\(ended.messages)")
      #expect(pair.journal.contains("healed itself"))
      #expect(pair.junit.contains("the coordinator itself did not run for"), "\(pair.junit)")
      #expect(pair.junit.contains("healed itself"), "\(pair.junit)")
      #expect(try await pair.differences(from: before).isEmpty)
      #expect(try await pair.left() == "")
    }
  }

  @Test func `a blow whose lease ran out while it was armed does not fall`() async throws {
    try await RemoteGround.standing("e2e-harness-lease") { ground in
      try await ground.open { (node) async throws in
        let lease = Lease(id: "hit.1.1.1", length: .seconds(1))
        let procedure = Procedure(
          inject: [], confirm: [], heal: [Command("rm", "-f", "/tmp/struck")],
          confirmHealed: [.script("[ ! -e /tmp/struck ]")])
        let blow = lease.guarding(Command("touch", "/tmp/struck"))
        let limit = TransportContract.limit
        #expect(try await node.run(lease.grant([procedure]), within: limit).succeeded)
        var armed = try await node.arm(blow, within: limit)
        #expect(try await armed.fire(within: limit).result?.status == 0)
        #expect(try await node.script("[ -e /tmp/struck ]").succeeded, "with its lease it falls")
        armed = try await node.arm(blow, within: limit)
        let deadline = ContinuousClock.now + limit
        while try await node.script("[ -e /run/takeover/leases ]").succeeded {
          try #require(ContinuousClock.now < deadline, "the node does not heal itself")
          try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try await armed.fire(within: limit).result?.status == Lease.gone)
        #expect(try await node.script("[ ! -e /tmp/struck ]").succeeded, "it fell")
      }
    }
  }

  @Test(.enabled(if: hitsAreWhole))
  func `its connections reset, it comes back and heals`() async throws {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      let holder = try await pair.holder()
      let run = try pair.place.start(["run", try pair.plan()])
      #expect(try await run.says("in force on"), "\(run.messages)")
      // In the node's own process namespace: the lab's sshd has no other children.
      try await pair.script("pkill -KILL -P $(systemctl show -P MainPID ssh)", on: holder)
      let ended = try await run.wait()
      print("reset: exit \(ended.status)\n\(ended.output)")
      #expect([0, 2].contains(ended.status), "\(ended.output)\(ended.messages)")
      _ = try await pair.whole(as: before)
      #expect(try await pair.left() == "")
      #expect(try pair.junitIsXML())
    }
  }

  @Test(.enabled(if: hitsAreWhole))
  func `its disk full, it heals, says what is not written, and what is can be judged`()
    async throws
  {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      let binary = Workplace.binary
      let inside = """
        mkdir -p Reports kept && mount -t tmpfs -o size=400k none Reports || exit 99
        "$1" run "$2"
        status=$?
        rm -f Reports/fill
        cp -a Reports/. kept/
        exit $status
        """
      let run = try Running(
        "/usr/bin/unshare",
        ["--mount", "sh", "-c", inside, "sh", binary, try pair.plan(hold: "4s")],
        in: pair.place.folder)
      #expect(try await run.says("in force on"), "\(run.messages)")
      // Seen from outside, the folder is the one in the other mount namespace.
      _ = try ChildProgram.run(
        "/bin/dd", ["if=/dev/zero", "of=/proc/\(run.identifier)/cwd/Reports/fill", "bs=512"])
      let ended = try await run.wait()
      #expect(ended.status == 2, "\(ended.output)\(ended.messages)")
      #expect(ended.messages.contains("No space left on device"), "\(ended.messages)")
      _ = try await pair.whole(as: before)
      #expect(try await pair.left() == "")
      let judged = try await pair.place.run("judge", "kept/latest")
      print("disk full: exit \(ended.status)\n\(ended.messages)\njudged: exit \(judged.status)")
      #expect(judged.status == 2, "\(judged.output)\(judged.messages)")
    }
  }
}
