// The coordinator dies without a word, at any instant: the nodes heal themselves.

import Foundation
import TakeoverCommand
import TakeoverLab
import TakeoverModel
import TakeoverPlan
import TakeoverRun
import Testing

/// `TAKEOVER_KILLS=20` kills that often for each kind of fault and each way to the nodes (some 12 s a
/// kill); without it, once each. The instants are random; `TAKEOVER_KILLS_SEED` repeats them.
@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `The death of the coordinator` {
  static let lease = Duration.seconds(5)

  struct Blow: CustomTestStringConvertible, Sendable {
    var name: String
    var words: String
    var inBand = false
    /// Without systemd the watcher is a process of its own session.
    var plain = false
    /// The node is started anew.
    var restarts = false
    /// VRRPv2, which has passwords.
    var isOld = false
    var testDescription: String { name }
  }

  /// Every other one of a sample; with `TAKEOVER_KILLS` all of it, and every example of every kind,
  /// too. `TAKEOVER_KILLS_OF` keeps those whose names contain one of its words; `=word` is a whole name.
  static let blows = (setting("TAKEOVER_KILLS") == nil ? few : sample + examples).filter { blow in
    guard let words = ProcessInfo.processInfo.environment["TAKEOVER_KILLS_OF"] else { return true }
    return words.split(separator: ",").contains { word in
      word.hasPrefix("=") ? blow.name == word.dropFirst() : blow.name.contains(word)
    }
  }

  /// What this laboratory lacks is not done there.
  private static let examples = `The contract of every fault`.all.filter { one in
    !`The contract of every fault`.lacking.contains { one.name.hasPrefix($0.name) }
  }.map { one in
    Blow(
      name: "example " + one.name, words: ContractLab.words(one),
      restarts: one.kind == "power-off", isOld: one.kind == "wrong-password")
  }

  private static let few = stride(from: 0, to: sample.count, by: 2).map { sample[$0] }

  private static let sample = [
    Blow(name: "stop-service", words: "fault: stop-service"),
    Blow(name: "kill-process", words: "fault: kill-process"),
    Blow(name: "kill-process of the child", words: "fault: kill-process\n    scope: child"),
    Blow(name: "freeze-process", words: "fault: freeze-process"),
    Blow(name: "link-down", words: "fault: link-down"),
    Blow(name: "drop-traffic", words: "fault: drop-traffic\n    protocol: vrrp"),
    Blow(name: "kill-process without systemd", words: "fault: kill-process", plain: true),
    Blow(name: "link-down without systemd", words: "fault: link-down", plain: true),
    Blow(name: "link-down in-band", words: "fault: link-down", inBand: true),
    Blow(
      name: "drop-traffic in-band", words: "fault: drop-traffic\n    protocol: all", inBand: true),
  ]

  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  private static let times = setting("TAKEOVER_KILLS") ?? 1
  private static let seed = setting("TAKEOVER_KILLS_SEED") ?? .random(in: .min ... .max)

  /// Labs of five kills each: a test case may take five minutes.
  private static let labs = Int((times + 4) / 5)

  @Test(arguments: blows, 0..<labs)
  func `after the lease every node is what it was`(_ blow: Blow, lab: Int) async throws {
    try await Workplace.with(lab: { text in
      var lab = ContractLab.text(text, isOld: blow.isOld)
      if blow.inBand { lab = lab.replacing("management: separate", with: "management: in-band") }
      if blow.plain { lab = lab.replacing("init: systemd", with: "init: plain") }
      return lab
    }) { place in
      let up = try await place.run("lab", "up", "keepalived-pair")
      try #require(up.status == 0, "\(up.messages)")
      try plan(blow).write(
        toFile: place.folder + "/killed.yaml", atomically: true, encoding: .utf8)
      // A blow that cuts the way has a lease of its own: the hold and three seconds.
      let cutsRoad = blow.inBand && blow.words.contains("link-down")
      let limit = (cutsRoad ? .seconds(6) : Self.lease) + .seconds(5)
      var random = Seeded(state: Self.seed &+ UInt64(lab))
      var healedAfter: [Double] = []
      for turn in 0..<min(5, Int(Self.times) - 5 * lab) {
        // The blow falls some 2 s after the start, and is held for 3 s; the first turn's kill falls
        // in the hold for certain.
        let after: Int64? = lab == 0 && turn == 0 ? nil : .random(in: 50...6_500, using: &random)
        healedAfter.append(try await kill(blow, after: after, in: place, within: limit))
      }
      let worst = healedAfter.max() ?? 0
      print(
        "\(blow.name): \(healedAfter.count) kills, whole again \(worst.formatted()) s after the "
          + "kill at the latest (seed \(Self.seed))")
    }
  }

  /// Kills a run `after` milliseconds, or once it has struck; returns how long the nodes took to be
  /// what they were, in seconds.
  private func kill(
    _ blow: Blow, after: Int64?, in place: Workplace, within limit: Duration
  ) async throws -> Double {
    let clock = ContinuousClock()
    let nodes = try NodesOfLab(place)
    let before = try await nodes.states()
    let run = try place.start(["run", "killed.yaml"])
    if let after {
      try await Task.sleep(for: .milliseconds(after))
    } else {
      let sign = blow.inBand ? "t2" : "in force on"
      #expect(try await run.says(sign), "\(run.messages)")
    }
    run.signal(SIGKILL)
    let killed = clock.now
    _ = try await run.wait()
    let when = after.map { "killed at \($0) ms" } ?? "killed in the hold"
    var healed: Duration?
    var left = ""
    // The node looks twice, a second apart, before it puts its tools away.
    while killed.duration(to: clock.now) < limit + .seconds(10) {
      let differences = zip(try await nodes.states(), before).flatMap { $0.differences(from: $1) }
        .filter { !(blow.restarts && [.boot, .clock].contains($0.section)) }
      let spent = killed.duration(to: clock.now)
      if differences.isEmpty { healed = healed ?? spent } else { healed = nil }
      if healed == nil, spent >= limit {
        Issue.record("\(when), after \(spent): \(differences)")
        _ = try await place.run("heal", "--site", "Plans/labs/keepalived-pair.yaml", "--force")
        return spent / .seconds(1)
      }
      if let healed {
        left = try await nodes.leftOfLeases()
        if left.isEmpty { return healed / .seconds(1) }
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    Issue.record("\(when): this is still there: \(left)")
    return limit / .seconds(1)
  }

  private func plan(_ blow: Blow) -> String {
    """
    version: 1
    name: killed
    site: Plans/labs/keepalived-pair.yaml
    lease: 5s
    trials:
      - name: one
        \(blow.words)
        hold: 3s
        settle: 100ms
        allow-outage: true
        expect: {failback: allowed}

    """
  }
}

/// The nodes of a workplace's lab, looked at without the program under test.
struct NodesOfLab {
  let place: Workplace
  let site: Site

  init(_ place: Workplace) throws {
    self.place = place
    let (description, found) = LabReader().read(text: place.labText, path: "lab.yaml")
    site = try LabLayout(
      try #require(description, "\(found)"), in: LabSamples.folders
    ).site
  }

  func states() async throws -> [NodeState] {
    var states: [NodeState] = []
    for node in site.nodes + site.others {
      let output = try await run(NodeDigest.command(for: node, in: site), on: node.name)
      states.append(NodeDigest.state(output, of: node, in: site))
    }
    return states
  }

  /// What is left of a lease, in words; nothing, but for what a node that was cut off keeps a minute for its
  /// coordinator: how it went. A dead run's lock is taken away, so that the next one may begin.
  func leftOfLeases() async throws -> String {
    for node in site.nodes + site.others {
      let left = try await run(
        .script(
          """
          ls /run/takeover/state 2>/dev/null
          for lease in /run/takeover/leases/*; do
            [ ! -e "$lease" ] || [ -e "$lease/outcome" ] ||
              echo "$lease: $(echo $(ls "$lease")): $(tail -n 3 "$lease/said" 2>/dev/null)"
            [ ! -e "$lease/outcome" ] || exit 0
          done
          systemctl list-units 'takeover-lease*' --no-legend
          """), on: node.name)
      guard left.isEmpty else { return "\(node.name): \(left)" }
    }
    let here = try LeasesHere(speakingOf: place.lab).folders
    guard here.isEmpty else { return "here: \(here)" }
    for node in site.nodes + site.others {
      _ = try await run(Command("rm", "-f", "/run/takeover/lock"), on: node.name)
    }
    return ""
  }

  func run(_ command: TakeoverModel.Command, on node: String) async throws -> String {
    let ended = try await place.start(
      ["lab", "exec", "keepalived-pair", node, "--"] + command.arguments, environment: [:]
    ).wait()
    return ended.output
  }
}

/// splitmix64 (Steele, Lea and Flood 2014): the same numbers for the same seed.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
