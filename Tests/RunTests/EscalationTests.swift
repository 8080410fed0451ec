// What is tried with a node that does not heal, and in which order.

internal import Foundation
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `A node that does not heal` {
  /// A service whose commands are single words, on nodes that may have a reboot command.
  private static func site(reboot: TakeoverModel.Command?) -> Site {
    let control = ServiceControl.commands(
      ServiceCommands(
        start: Command("start"), stop: Command("stop"), isActive: Command("is-active"),
        mainProcess: Command("main")))
    var site = World.site(services: ["keepalived": control])
    for index in site.nodes.indices { site.nodes[index].reboot = reboot }
    return site
  }

  private func run(
    _ a: ScriptedTransport, other: ScriptedTransport?, reboot: TakeoverModel.Command?
  ) async throws -> (end: RunEnd, journal: MemoryJournal) {
    let pair = LivePair(site: World.site)
    for observation in World.descriptions { pair.take(observation) }
    let clock = HandClock { moment in
      for observation in World.sight("a", at: moment) { pair.take(observation) }
    }
    let journal = MemoryJournal()
    var setting = RunSetting(
      name: "test", version: "0", plans: [Plan(name: "plan", trials: [World.trial()])],
      site: Self.site(reboot: reboot), faults: Catalog([WordFault.self]),
      transports: ["a": a, "b": ScriptedTransport()], observers: [], clock: clock)
    setting.renews = false
    if let other { setting.otherWays = ["a": other] }
    let undo = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: undo) }
    let runner = Runner(setting, journal: journal, undo: try UndoLog(path: undo), pair: pair)
    return (await runner.run(), journal)
  }

  private func runs(_ words: [String], of commands: [String]) -> [String] {
    commands.reduce(into: []) { found, word in
      if words.contains(word), found.last != word { found.append(word) }
    }
  }

  @Test func `is healed again and again, by the other way, by a restart, by a start of the node`()
    async throws
  {
    let a = ScriptedTransport(statuses: ["heal": 1])
    let other = ScriptedTransport(statuses: ["heal": 1])
    let (end, journal) = try await run(a, other: other, reboot: Command("reboot"))
    #expect(!end.healed)
    #expect(runs(["heal", "stop", "reboot"], of: a.commands) == ["heal"])
    #expect(
      runs(["heal", "stop", "start", "reboot"], of: other.commands)
        == ["heal", "stop", "start", "heal", "reboot", "heal"])
    let told = journal.events.compactMap { event -> String? in
      if case .note(let note) = event, note.text.contains("does not heal") {
        note.text
      } else {
        nil
      }
    }
    #expect(told.count == 3)
  }

  @Test func `is not started anew where the site does not allow it`() async throws {
    let a = ScriptedTransport(statuses: ["heal": 1])
    let (end, _) = try await run(a, other: nil, reboot: nil)
    #expect(!end.healed)
    #expect(runs(["heal", "stop", "reboot"], of: a.commands) == ["heal", "stop", "heal"])
  }

  @Test func `is whole when the other way heals it; nothing worse is done, and it is told`()
    async throws
  {
    let a = ScriptedTransport(statuses: ["heal": 1])
    let other = ScriptedTransport()
    let (end, journal) = try await run(a, other: other, reboot: Command("reboot"))
    #expect(!end.healed && end.detail.contains("other means made the node whole"))
    let told = journal.events.contains { event in
      if case .healed(let step) = event { step.outcome == .fail } else { false }
    }
    #expect(told, "a healing that did not work is an error of its own")
    #expect(runs(["heal", "stop", "reboot"], of: other.commands) == ["heal"])
  }
}
