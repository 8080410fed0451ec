// What keeps a run from beginning, as a user meets it: no root, no network, only files.

import Foundation
import Testing

@Suite struct `Guards on the command line` {
  private static let site = "Plans/sites/two-machines.yaml"
  private static let run = ["run", "Plans/keepalived/crash.yaml", "--site", site]

  /// Nothing here may ever connect: whatever is not refused before is refused by the stop file, and
  /// the machines have addresses of this one.
  private func inStoppedPlace(_ body: (Workplace) async throws -> Void) async throws {
    try await Workplace.with { place in
      try FileManager.default.createDirectory(
        atPath: place.folder + "/Reports", withIntermediateDirectories: true)
      try edit(place, "host: 10.0.0.", "host: 127.0.0.")
      try "until the tests are over".write(
        toFile: place.folder + "/Reports/STOP", atomically: true, encoding: .utf8)
      try await body(place)
    }
  }

  private func edit(_ place: Workplace, _ right: String, _ wrong: String) throws {
    let path = "\(place.folder)/\(Self.site)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(right))
    try text.replacing(right, with: wrong).write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test func `a production site is broken only when it is named`() async throws {
    try await inStoppedPlace { place in
      try edit(place, "environment: test", "environment: production")
      for words in [[], ["--yes"], ["--no-input"], ["--confirm=two-machine"]] {
        let ended = try await place.start(Self.run + words).wait()
        #expect(ended.status == 64, "\(words): \(ended.messages)")
        #expect(!ended.messages.contains("no run begins"), "\(words): \(ended.messages)")
      }
      let refused = try await place.start(Self.run + ["--yes"]).wait()
      #expect(refused.messages.contains("two-machines is a production site: a (127.0.0.1) and b"))
      #expect(
        refused.messages.contains("say --confirm=two-machines if that is meant; --yes is not"))
      let named = try await place.start(Self.run + ["--confirm=two-machines"]).wait()
      #expect(named.status == 2)
      #expect(named.messages.contains("no run begins: stopped by Reports/STOP: until the tests"))
    }
  }

  @Test func `whoever confirms another place is told which it would be`() async throws {
    try await inStoppedPlace { place in
      let lab = try await place.run("run", "Plans/keepalived/crash.yaml", "--confirm=shop")
      #expect(lab.status == 64)
      #expect(lab.messages.contains("--confirm=shop names no site of this run"))
      #expect(lab.messages.contains("it runs at \(place.lab)"))
      let right = try await place.run(
        "run", "Plans/keepalived/crash.yaml", "--confirm=\(place.lab)")
      #expect(right.status == 2, "harmless: \(right.messages)")
    }
  }

  @Test func `while runs are stopped none begins, and the CI sees why`() async throws {
    try await inStoppedPlace { place in
      let said = try await place.run("stop", "--because", "b is \u{1B}[31mreplaced")
      #expect(said.status == 0)
      #expect(said.output.contains("no run goes on in Reports\n"))
      #expect(said.output.hasSuffix("none begins there until: takeover stop --clear\n"))
      let refused = try await place.start(Self.run + ["--yes", "--junit", "out.xml"]).wait()
      #expect(refused.status == 2)
      #expect(refused.messages.contains(": b is replaced"), "\(refused.messages)")
      #expect(refused.messages.contains("takeover stop --clear"))
      #expect(!refused.messages.contains("connecting"))
      let junit = String(decoding: try place.bytes("out.xml"), as: UTF8.self)
      #expect(junit.contains("<error ") && junit.contains("b is replaced"))
      #expect(try place.bytes("Reports/latest/TEST-takeover.xml") == Data(junit.utf8))

      #expect(try await place.run("stop", "--clear").status == 0)
      #expect(!FileManager.default.fileExists(atPath: place.folder + "/Reports/STOP"))
      let again = try await place.run("stop", "--clear")
      #expect(again.status == 0)
      #expect(again.output == "there is no Reports/STOP: nothing is stopped in Reports\n")
    }
  }

  @Test func `nothing can be stopped where there is nothing, and nonsense is exit 64`()
    async throws
  {
    try await Workplace.with { place in
      let none = try await place.run("stop")
      #expect(none.status == 66)
      #expect(none.messages.contains("there is no folder Reports"))
      #expect(try await place.run("stop", "Plans").status == 66)
      #expect(try await place.run("stop", "--clear", "--because", "x").status == 64)
      #expect(try await place.run("stop", "x", "--output", "y").status == 64)
    }
  }

  @Test func `outside the site's windows no run begins`() async throws {
    try await inStoppedPlace { place in
      try FileManager.default.removeItem(atPath: place.folder + "/Reports/STOP")
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let hour = calendar.component(.hour, from: Date())
      // Of an hour, six hours away.
      let hours = [6, 7].map { ($0 + hour) % 24 }.map { $0 < 10 ? "0\($0):00" : "\($0):00" }
      try edit(place, "vrid: 51", "vrid: 51\nwindows: [\(hours.joined(separator: "-"))]")
      let ended = try await place.start(Self.run + ["--yes"]).wait()
      #expect(ended.status == 2)
      #expect(ended.messages.contains("outside the windows of two-machines ("))
      #expect(ended.messages.contains(" UTC): the next opens in "), "\(ended.messages)")
      #expect(!ended.messages.contains("connecting"))
      let junit = String(
        decoding: try place.bytes("Reports/latest/TEST-takeover.xml"), as: UTF8.self)
      #expect(junit.contains("<error ") && junit.contains("outside the windows"))
    }
  }
}

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Guards of a run` {
  /// Every node answers that its keepalived runs, and the report is whole.
  private func expectHealed(_ place: Workplace, _ ended: Workplace.Ended) async throws {
    for node in ["a", "b"] {
      let active = try await place.run(
        "lab", "exec", "keepalived-pair", node, "--", "systemctl", "is-active", "keepalived")
      #expect(active.output == "active\n", "\(node): \(ended.messages)")
    }
    let junit = String(
      decoding: try place.bytes("Reports/latest/TEST-takeover.xml"), as: UTF8.self)
    #expect(junit.contains("</testsuites>"))
  }

  @Test(arguments: ["holds; standing by", "in force on"])
  func `stopped from another terminal it halts within a second, heals and says why`(
    moment: String
  ) async throws {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let plan = try String(
        contentsOfFile: place.folder + "/Plans/keepalived/graceful-stop.yaml", encoding: .utf8)
      try plan.replacing(#/hold: \w+/#, with: "hold: 1h").write(
        toFile: place.folder + "/Plans/keepalived/long.yaml", atomically: true, encoding: .utf8)
      let run = try place.start(["run", "Plans/keepalived/long.yaml", "--repeat", "3"])
      #expect(try await run.says(moment), "\(run.messages)")
      let asked = ContinuousClock().now
      let stopped = try await place.run("stop", "Reports/latest", "--because", "enough")
      #expect(stopped.output.contains("told to halt: "), "\(stopped.output)")
      #expect(try await run.says("halting: stopped by "), "\(run.messages)")
      let halted = ContinuousClock().now - asked
      #expect(halted < .seconds(1), "\(halted)")
      let ended = try await run.wait()
      #expect(ended.status == 2, "\(ended.messages)")
      #expect(ended.messages.contains(": enough"))
      try await expectHealed(place, ended)
      let states = try place.trials().map { $0["state"] as? String }
      #expect(states.dropFirst() == ["unreached", "unreached"], "\(states)")
      let refused = try await place.run("run", "Plans/keepalived/long.yaml")
      #expect(refused.status == 2)
      #expect(refused.messages.contains("no run begins: stopped by "))
    }
  }

  @Test func `when nobody holds the address for too long, it heals before the hold is over`()
    async throws
  {
    try await Workplace.with { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      let plan = """
        version: 1
        name: both
        site: labs/keepalived-pair.yaml
        stop-if: {nobody-holds: 3s}
        trials:
          - name: both are stopped
            fault: stop-service
            target: both
            allow-outage: true
            hold: 1h
            repeat: 2
            expect: {outage-within: 1s}
        """
      try plan.write(
        toFile: place.folder + "/Plans/both.yaml", atomically: true, encoding: .utf8)
      let ended = try await place.run("run", "Plans/both.yaml")
      #expect(ended.status == 2, "\(ended.messages)")
      #expect(
        ended.messages.contains("nobody was seen to hold 172.17.16.3 for 3s"), "\(ended.messages)")
      try await expectHealed(place, ended)
      let states = try place.trials().map { $0["state"] as? String }
      #expect(states == ["broken", "unreached"])
    }
  }
}
