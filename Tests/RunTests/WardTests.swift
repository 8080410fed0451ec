// Several blows in one trial, blows from outside, and nodes that are started anew, on scripted nodes.

internal import Foundation
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

/// Like WordFault, with words of its own, and done where its argument says.
private struct NamedFault: Fault {
  static let declaration = FaultDeclaration(kind: "named", summary: "a test", effect: "none")
  let name: String
  let place: Procedure.Place
  let restarts: Bool

  init(_ arguments: Arguments) {
    name = arguments.text("name") ?? ""
    place = arguments.flag("outside") == true ? .outside : .node
    restarts = arguments.flag("restarts") ?? false
  }

  func procedure(on node: Node, in site: Site) -> Procedure {
    Procedure(
      prepare: [Command("prepare-\(name)")], inject: [Command("strike-\(name)")],
      confirm: [Command("confirm-\(name)")], heal: [Command("heal-\(name)")],
      confirmHealed: [Command("healed-\(name)")], place: place, restarts: restarts)
  }

  static func use(_ name: String, outside: Bool = false, restarts: Bool = false) -> FaultUse {
    FaultUse(
      kind: "named",
      arguments: Arguments([
        "name": .text(name), "outside": .flag(outside), "restarts": .flag(restarts),
      ]))
  }
}

@Suite struct `Several blows in one trial` {
  private func run(
    _ trial: Trial, nodes: [String: ScriptedTransport], outside: ScriptedTransport? = nil
  ) async throws -> (end: RunEnd, journal: MemoryJournal, undo: String) {
    let pair = LivePair(site: World.site)
    for observation in World.descriptions { pair.take(observation) }
    let clock = HandClock { moment in
      for observation in World.sight("a", at: moment) { pair.take(observation) }
    }
    let journal = MemoryJournal()
    var setting = RunSetting(
      name: "test", version: "0", plans: [Plan(name: "plan", trials: [trial])], site: World.site,
      faults: Catalog([NamedFault.self]), transports: nodes, observers: [], clock: clock)
    setting.renews = false
    if let outside { setting.outsides = ["a": outside] }
    let path = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let runner = Runner(setting, journal: journal, undo: try UndoLog(path: path), pair: pair)
    let end = await runner.run()
    return (end, journal, try String(contentsOfFile: path, encoding: .utf8))
  }

  private func trial(_ first: FaultUse, also: [FurtherBlow] = []) -> Trial {
    Trial(
      name: "blows", fault: first, target: .holder, hold: .seconds(5), settle: .seconds(1),
      recover: .seconds(10), expectations: [], allowsOutage: true, also: also)
  }

  @Test func `fall in order, each at its time, and are healed in the other order`() async throws {
    let a = ScriptedTransport()
    let (end, journal, undo) = try await run(
      trial(
        NamedFault.use("one"),
        also: [
          FurtherBlow(fault: NamedFault.use("three"), target: .holder, after: .seconds(3)),
          FurtherBlow(fault: NamedFault.use("two"), target: .holder, after: .seconds(1)),
        ]),
      nodes: ["a": a, "b": ScriptedTransport()])
    #expect(end == RunEnd(reason: .completed))
    #expect(
      a.commands.filter { $0.hasPrefix("prepare") }
        == ["prepare-one", "prepare-two", "prepare-three"])
    #expect(
      a.commands.filter { $0.hasPrefix("fire") }
        == ["fire:strike-one", "fire:strike-two", "fire:strike-three"])
    #expect(
      a.commands.filter { $0.hasPrefix("heal") }
        == [
          "heal-three", "heal-two", "heal-one", "healed-three", "healed-two", "healed-one",
        ])
    #expect(journal.names.count { $0 == "blow" } == 3)
    #expect(journal.names.count { $0 == "confirmed" } == 3)
    #expect(journal.names.count { $0 == "healed" } == 1, "one ward, one healing")
    #expect(undo.split(separator: "\n").count { $0.contains("heal-") } == 3)
  }

  @Test func `one that is over before the others is mended then, and again at the end`()
    async throws
  {
    let a = ScriptedTransport()
    let b = ScriptedTransport()
    let (_, journal, _) = try await run(
      trial(
        NamedFault.use("one"),
        also: [
          FurtherBlow(
            fault: NamedFault.use("brief"), target: .standby, after: .seconds(1), hold: .seconds(2))
        ]),
      nodes: ["a": a, "b": b])
    #expect(
      b.commands == [
        "prepare-brief", "fire:strike-brief", "confirm-brief", "heal-brief", "healed-brief",
        "heal-brief", "healed-brief",
      ])
    #expect(journal.events.contains(.mended(Step(node: "b", outcome: .pass))))
  }

  @Test func `what is done from outside is done there, and the node is looked at itself`()
    async throws
  {
    let a = ScriptedTransport()
    let outside = ScriptedTransport()
    let (end, journal, undo) = try await run(
      trial(NamedFault.use("power", outside: true, restarts: true)),
      nodes: ["a": a, "b": ScriptedTransport()], outside: outside)
    #expect(end == RunEnd(reason: .completed))
    #expect(a.commands.isEmpty, "only looked at")
    #expect(
      outside.commands == [
        "prepare-power", "fire:strike-power", "confirm-power", "heal-power", "healed-power",
      ])
    #expect(journal.events.contains(.healed(Step(node: "a", outcome: .pass))))
    #expect(undo.contains("\"place\":\"outside\""))
  }

  @Test func `a site that does not say how has no blow from outside`() async throws {
    let (_, journal, _) = try await run(
      trial(NamedFault.use("power", outside: true)),
      nodes: ["a": ScriptedTransport(), "b": ScriptedTransport()])
    let refusals = journal.events.compactMap { event -> String? in
      if case .gateRefused(let note) = event { note.text } else { nil }
    }
    #expect(refusals.first?.contains("nothing can be done to a from outside") == true)
  }

  @Test func `a node that starts itself anew must prove it by another start`() async throws {
    let (end, journal, _) = try await run(
      trial(NamedFault.use("reboot", restarts: true)),
      nodes: ["a": ScriptedTransport(), "b": ScriptedTransport()])
    #expect(end.reason == .completed)
    let confirmed = journal.events.compactMap { event -> Step? in
      if case .confirmed(let step) = event { step } else { nil }
    }
    #expect(confirmed == [Step(node: "a", outcome: .fail, detail: "a was not started anew")])
  }

  @Test func `nobody is left when all are struck without the plan's leave`() async throws {
    var both = trial(
      NamedFault.use("one"),
      also: [FurtherBlow(fault: NamedFault.use("two"), target: .standby, after: .zero)])
    both.allowsOutage = false
    let a = ScriptedTransport()
    let (_, journal, _) = try await run(both, nodes: ["a": a, "b": ScriptedTransport()])
    #expect(a.commands.isEmpty)
    #expect(journal.names.contains("gate-refused"))
  }
}
