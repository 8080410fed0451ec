// The node is hit beside the fault: started anew, without sshd, without room, without programs or
// rights. A run either does not begin to break it, or says the truth about it.

import Foundation
import Glibc
import TakeoverLab
import TakeoverModel
import TakeoverPlan
import TakeoverRemote
import Testing

@testable import TakeoverCommand

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `A node that is hit` {
  struct Lack: Sendable, CustomTestStringConvertible {
    var name: String
    var make: String
    var words: [String]
    var unmake: String
    var fault = ["fault: stop-service"]
    var testDescription: String { name }
  }

  static let lacks = [
    Lack(
      name: "/run is read-only",
      make: "mkdir -p /run/takeover && mount -t tmpfs -o ro none /run/takeover",
      words: ["cannot be locked", "/run/takeover must be writable there"],
      unmake: "umount /run/takeover && rmdir /run/takeover"),
    Lack(
      name: "/run is full",
      make: "mkdir -p /run/takeover && mount -t tmpfs -o size=4k none /run/takeover"
        + " && { dd if=/dev/zero of=/run/takeover/fill bs=1k 2>/dev/null || :; }",
      words: ["no lease on HOLDER: /run/takeover/leases/", "is there room in /run?"],
      unmake: "umount /run/takeover && rmdir /run/takeover"),
    Lack(
      name: "there is no nft", make: "mv /usr/sbin/nft /root/nft", words: ["HOLDER has no nft"],
      unmake: "mv /root/nft /usr/sbin/nft", fault: ["fault: drop-traffic", "protocol: vrrp"]),
  ]

  @Test func `what it lacks is said in a sentence, and nothing is touched`() async throws {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      let holder = try await pair.holder()
      for lack in Self.lacks {
        for node in ["a", "b"] { try await pair.script(lack.make, on: node) }
        let ended = try await pair.place.run("run", try pair.plan(fault: lack.fault))
        for node in ["a", "b"] { try await pair.script(lack.unmake, on: node) }
        #expect(ended.status == 2, "\(lack.name): \(ended.output)\(ended.messages)")
        let told = ended.messages + ended.output + pair.junit
        // Which of them became master first is chance.
        for words in lack.words.map({ $0.replacing("HOLDER", with: holder) }) {
          #expect(told.contains(words), "\(lack.name): \(told)")
        }
        print("\(lack.name): \(ended.messages.split(separator: "\n").last ?? "")")
        #expect(!pair.journal.contains("\"event\":\"blow\""), "\(lack.name)")
        #expect(!pair.journal.contains("\"event\":\"prepared\""), "\(lack.name)")
        #expect(pair.junit.contains("<error "), "\(lack.name)")
        #expect(try await pair.differences(from: before).isEmpty, "\(lack.name)")
        #expect(try await pair.left() == "", "\(lack.name)")
      }
    }
  }

  @Test(.enabled(if: hitsAreWhole)) func `without the right of sudo nothing is touched`()
    async throws
  {
    try await HitPair.standing { pair in
      let path = pair.place.folder + "/sudo.yaml"
      let text = try String(contentsOfFile: Fabric(lab: pair.place.lab).site, encoding: .utf8)
      try text.replacing("sudo: false", with: "sudo: true").write(
        toFile: path, atomically: true, encoding: .utf8)
      for node in ["a", "b"] {
        try await pair.script(
          "printf '#!/bin/sh\\necho sudo: a password is required >&2; exit 1\\n'"
            + " >/usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo", on: node)
      }
      let ended = try await pair.place.run("run", try pair.plan(), "--site", path, "--yes")
      #expect(ended.status == 2, "\(ended.messages)")
      #expect(ended.messages.contains("sudo refused"), "\(ended.messages)")
      #expect(ended.messages.contains("a password is required"), "\(ended.messages)")
      #expect(!pair.journal.contains("\"event\":\"blow\""))
      #expect(try await pair.left() == "")
    }
  }

  @Test(
    .enabled(if: hitsAreWhole),
    arguments: [
      "mount -t tmpfs -o ro none /tmp",
      "mount -t tmpfs -o size=4k none /tmp; dd if=/dev/zero of=/tmp/x 2>/dev/null || :",
    ])
  func `without room in tmp it does not matter`(make: String) async throws {
    try await HitPair.standing { pair in
      for node in ["a", "b"] { try await pair.script(make, on: node) }
      let before = try await pair.states()
      let ended = try await pair.place.run("run", try pair.plan())
      #expect(ended.status == 0, "\(ended.output)\(ended.messages)")
      #expect(try await pair.differences(from: before).isEmpty)
      #expect(try await pair.left() == "")
    }
  }

  @Test(.enabled(if: hitsAreWhole))
  func `without its sshd the run ends with the truth, and the node heals itself`() async throws {
    try await HitPair.standing { pair in
      let before = try await pair.states()
      let holder = try await pair.holder()
      let run = try pair.place.start(["run", try pair.plan()])
      #expect(try await run.says("in force on"), "\(run.messages)")
      try await pair.script(
        "sessions=$(pgrep -P $(systemctl show -P MainPID ssh)); systemctl stop ssh ssh.socket;"
          + " kill -KILL $sessions 2>/dev/null; :", on: holder)
      let ended = try await run.wait()
      let active = try await pair.script("systemctl is-active keepalived", on: holder)
      #expect(active == "active\n", "it healed itself")
      try await pair.script("systemctl start ssh", on: holder)
      print("no sshd: exit \(ended.status)\n\(ended.messages)")
      #expect(ended.status == 3, "\(ended.output)\(ended.messages)")
      #expect(try pair.junitIsXML() && pair.junit.contains("takeover.heal"), "\(pair.junit)")
      let healed = try await pair.place.run("heal")
      #expect(healed.status == 0, "\(healed.output)\(healed.messages)")
      _ = try await pair.whole(as: before)
      #expect(try await pair.left() == "")
    }
  }

  @Test(.enabled(if: hitsAreWhole))
  func `started anew in the middle of its trial, it is no pass, and that is said`() async throws {
    try await HitPair.standing { pair in
      let (description, _) = LabReader().read(text: pair.place.labText, path: "lab.yaml")
      let local = LabLocalShell()
      let lab = try Laboratory(
        try #require(description), folders: Wiring.labFolders, local: local)
      let holder = try await pair.holder()
      let run = try pair.place.start(["run", try pair.plan(hold: "6s")])
      #expect(try await run.says("in force on"), "\(run.messages)")
      for command in [lab.powerOff(holder), lab.powerOn(holder)] {
        let result = try await local.run(try #require(command))
        #expect(result.succeeded, "\(result.errorText)")
      }
      let ended = try await run.wait()
      print("started anew: exit \(ended.status)\n\(ended.output)\(ended.messages)")
      #expect([2, 3].contains(ended.status), "\(ended.output)\(ended.messages)")
      #expect(pair.junit.contains("started anew"), "\(pair.junit)")
      #expect(try pair.junitIsXML())
      if ended.status == 3 {
        let healed = try await pair.place.run("heal")
        #expect(healed.status == 0, "\(healed.output)")
      }
      let active = try await pair.script("systemctl is-active keepalived", on: holder)
      #expect(active == "active\n")
    }
  }
}
