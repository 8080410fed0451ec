// The course of a run on scripted nodes: what is done, in which order, whatever happens.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `The run` {
  /// A run in which the pair looks as `sights` says at each turn of the clock.
  private final class Stage {
    let runner: Runner
    let journal: MemoryJournal
    let undoPath: String

    init(
      nodes: [String: ScriptedTransport], trial: Trial = World.trial(),
      site: Site = World.site, observers: [any Observer] = [],
      daemons: (any DaemonReader)? = nil,
      sights: @escaping @Sendable (Moment) -> [Observation] = { World.sight("a", at: $0) }
    ) throws {
      let pair = LivePair(site: site)
      for observation in World.descriptions { pair.take(observation) }
      let clock = HandClock { moment in
        for observation in sights(moment) { pair.take(observation) }
      }
      journal = MemoryJournal()
      undoPath = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"
      var setting = RunSetting(
        name: "test", version: "0", plans: [Plan(name: "plan", trials: [trial])],
        site: site, faults: Catalog([WordFault.self]), transports: nodes,
        observers: observers, clock: clock)
      setting.renews = false
      setting.daemons = daemons
      runner = Runner(setting, journal: journal, undo: try UndoLog(path: undoPath), pair: pair)
    }

    deinit { try? FileManager.default.removeItem(atPath: undoPath) }

    func undone() throws -> String {
      return try String(contentsOfFile: undoPath, encoding: .utf8)
    }
  }

  @Test func `a trial goes gate, prepare, blow, confirm, heal, redundancy`() async throws {
    let a = ScriptedTransport()
    let b = ScriptedTransport()
    let stage = try Stage(nodes: ["a": a, "b": b])
    #expect(await stage.runner.run() == RunEnd(reason: .completed))
    #expect(
      stage.journal.names.filter { $0 != "note" && $0 != "node-described" } == [
        "run-began", "trial-began", "gate-passed", "prepared", "blow", "confirmed", "healing",
        "healed", "restored", "trial-ended", "run-ended",
      ])
    #expect(
      a.commands == [
        "prepare", "first", "fire:strike", "confirm", "heal", "is-healed",
      ])
    #expect(b.commands.isEmpty, "the standby was only looked at")
    #expect(try stage.undone().contains("is-healed"))
  }

  @Test func `how long daemons waited is asked before the blow and after the hold, not between`()
    async throws
  {
    let nodes = ["a": ScriptedTransport(), "b": ScriptedTransport()]
    let own = ServiceCommands(
      start: Command("start"), stop: Command("stop"), isActive: Command("is-active"),
      mainProcess: Command("main"))
    let site = World.site(services: ["keepalived": .commands(own)])
    let stage = try Stage(nodes: nodes, site: site)
    #expect(await stage.runner.run() == RunEnd(reason: .completed))
    let course = ["prepared", "processor-waits", "blow", "confirmed", "healing"]
    #expect(
      stage.journal.names.filter(course.contains) == [
        "prepared", "processor-waits", "processor-waits", "blow", "confirmed", "processor-waits",
        "processor-waits", "healing",
      ])
    let said = stage.journal.events.compactMap { event in
      if case .processorWaits(let waits) = event { waits } else { nil }
    }
    #expect(Set(said.map(\.node)) == ["a", "b"])
    #expect(said.allSatisfy { $0.trouble == "\($0.node) says nothing of it" }, "\(said)")
  }

  /// Tells nothing of b.
  private struct WordReader: DaemonReader {
    func view(
      of node: Node, in trial: Trial, over transport: any Transport
    ) async -> DaemonView? { node.name == "a" ? DaemonView(node: "a", daemon: "word") : nil }
  }

  @Test func `daemons say how they see themselves after the gate and at the end, and not between`()
    async throws
  {
    let nodes = ["a": ScriptedTransport(), "b": ScriptedTransport()]
    let stage = try Stage(nodes: nodes, daemons: WordReader())
    #expect(await stage.runner.run() == RunEnd(reason: .completed))
    #expect(
      stage.journal.names.filter { $0 != "note" && $0 != "node-described" } == [
        "run-began", "trial-began", "gate-passed", "daemon-view", "prepared", "blow", "confirmed",
        "healing", "healed", "restored", "daemon-view", "trial-ended", "run-ended",
      ])
    // The wire is watched on for a while, to stand on both sides of what was said last.
    let last = try #require(stage.journal.places.last { $0.event.name == "daemon-view" })
    let end = try #require(stage.journal.places.last { $0.event.name == "trial-ended" })
    #expect(end.when.earliest.since(last.when.latest) >= .seconds(1))
  }

  @Test func `a node that does not tell what it is is not struck: no healing could be proven`()
    async throws
  {
    let a = ScriptedTransport(isDumb: true)
    let stage = try Stage(nodes: ["a": a, "b": ScriptedTransport()])
    #expect(await stage.runner.run().healed)
    #expect(a.commands.isEmpty)
    #expect(try stage.undone().isEmpty)
    let refusals = stage.journal.events.compactMap { event -> String? in
      if case .gateRefused(let note) = event { note.text } else { nil }
    }
    #expect(refusals.first?.contains("no healing of a could be proven") == true, "\(refusals)")
  }

  @Test func `nothing is struck when nobody would be left`() async throws {
    let a = ScriptedTransport()
    let stage = try Stage(nodes: ["a": a, "b": ScriptedTransport(statuses: ["ip": 1])])
    _ = await stage.runner.run()
    #expect(a.commands.isEmpty)
    let refusals = stage.journal.events.compactMap { event -> String? in
      if case .gateRefused(let note) = event { note.text } else { nil }
    }
    #expect(refusals.first?.contains("nobody would be left") == true, "\(refusals)")
  }

  @Test func `the blow lies between sending and acknowledgement, on the run's axis`() async throws {
    let stage = try Stage(nodes: ["a": ScriptedTransport(), "b": ScriptedTransport()])
    _ = await stage.runner.run()
    _ = try stage.undone()
    let blow = try #require(
      stage.journal.events.compactMap { if case .blow(let blow) = $0 { blow } else { nil } }.first)
    #expect(blow.node == "a")
    #expect(blow.status == 0)
  }

  @Test func `nothing is touched when two nodes hold the address`() async throws {
    let a = ScriptedTransport()
    let stage = try Stage(nodes: ["a": a, "b": ScriptedTransport()]) {
      World.sight("a", also: "b", at: $0)
    }
    #expect(await stage.runner.run().reason == .completed)
    #expect(stage.journal.names.contains("gate-refused"))
    #expect(a.commands.isEmpty, "only looked at")
    #expect(try stage.undone().isEmpty)
  }

  @Test func `a trial that hits nobody is refused, not held`() async throws {
    var trial = World.trial()
    trial.target = .standby
    var site = World.site
    site.nodes.removeLast()
    site.captures.removeLast()
    let a = ScriptedTransport()
    let stage = try Stage(nodes: ["a": a], trial: trial, site: site)
    #expect(await stage.runner.run().reason == .completed)
    let refusals = stage.journal.events.compactMap {
      if case .gateRefused(let note) = $0 { note.text } else { nil }
    }
    #expect(refusals.count == 1)
    #expect(refusals.first?.contains("the target standby is nobody") == true)
    #expect(!stage.journal.names.contains("healing"))
    #expect(a.commands.isEmpty, "only looked at")
    #expect(try stage.undone().isEmpty)
  }

  @Test func `nothing is touched when the standby's keepalived does not run`() async throws {
    let a = ScriptedTransport()
    let own = ServiceCommands(
      start: Command("start"), stop: Command("stop"), isActive: Command("is-active"),
      mainProcess: Command("main"))
    let stage = try Stage(
      nodes: ["a": a, "b": ScriptedTransport(statuses: ["is-active": 3])],
      site: World.site(services: ["keepalived": .commands(own), "other": .commands(own)]))
    #expect(await stage.runner.run().reason == .completed)
    #expect(
      stage.journal.events.contains(.gateRefused(Note("keepalived is not active on b"))))
    #expect(!a.commands.contains("prepare"))
    #expect(try stage.undone().isEmpty)
  }

  @Test func `a node without its interface, or that prints rubbish, ends the run at once`()
    async throws
  {
    for (link, words) in [
      ("2: ens3: <UP> mtu 1500", "b has no interface eth0, only ens3"),
      ("\u{1B}[31mgarbage\u{0}", "b: `ip -o link show` names no interface"),
    ] {
      let stage = try Stage(nodes: ["a": ScriptedTransport(), "b": ScriptedTransport(link: link)])
      let end = await stage.runner.run()
      #expect(end.reason == .stopped)
      #expect(end.detail.contains(words))
      #expect(try stage.undone().isEmpty)
    }
  }

  @Test func `a preparation that fails strikes nothing and heals all the same`() async throws {
    let a = ScriptedTransport(statuses: ["prepare": 1])
    let stage = try Stage(nodes: ["a": a, "b": ScriptedTransport()])
    #expect(await stage.runner.run().healed)
    #expect(!a.commands.contains("fire:strike"))
    #expect(a.commands.contains("heal"))
    _ = try stage.undone()
  }

  @Test func `a blow that cannot be proven is unknown, and healed`() async throws {
    let a = ScriptedTransport(statuses: ["confirm": 1])
    let stage = try Stage(nodes: ["a": a, "b": ScriptedTransport()])
    _ = await stage.runner.run()
    _ = try stage.undone()
    let confirmed = stage.journal.events.compactMap {
      if case .confirmed(let step) = $0 { step } else { nil }
    }
    #expect(confirmed.map(\.outcome) == [.fail])
    #expect(a.commands.contains("is-healed"))
  }

  @Test func `a node that stays broken ends the run at once and says so`() async throws {
    let a = ScriptedTransport(statuses: ["is-healed": 1])
    let stage = try Stage(
      nodes: ["a": a, "b": ScriptedTransport()], trial: World.trial(repetitions: 3))
    let end = await stage.runner.run()
    _ = try stage.undone()
    #expect(end.reason == .stopped)
    #expect(!end.healed)
    #expect(stage.journal.names.filter { $0 == "trial-began" }.count == 1)
  }

  @Test func `a pair that changes while the blow is prepared is not struck`() async throws {
    // From the last preparation on, b answers too.
    let other = Mutex<String?>(nil)
    let pair = LivePair(site: World.site)
    for observation in World.descriptions { pair.take(observation) }
    let clock = HandClock { moment in
      let other = other.withLock { $0 }
      for observation in World.sight("a", also: other, at: moment) { pair.take(observation) }
    }
    let journal = MemoryJournal()
    let striking = ScriptedTransport(onRun: { word in
      if word == "first" { other.withLock { $0 = "b" } }
    })
    let path = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let setting = RunSetting(
      name: "test", version: "0", plans: [Plan(name: "plan", trials: [World.trial()])],
      site: World.site, faults: Catalog([WordFault.self]),
      transports: ["a": striking, "b": ScriptedTransport()], observers: [], clock: clock)
    let runner = Runner(setting, journal: journal, undo: try UndoLog(path: path), pair: pair)
    _ = await runner.run()
    #expect(striking.commands.contains("disarm:strike"))
    #expect(!striking.commands.contains("fire:strike"))
    #expect(journal.names.contains("gate-refused"))
  }

  @Test func `cancelled in the middle of the hold, it heals before it returns`() async throws {
    let cancel = Mutex<(@Sendable () -> Void)?>(nil)
    let a = ScriptedTransport(onRun: { word in
      if word == "confirm" { cancel.withLock { $0?() } }
    })
    let stage = try Stage(nodes: ["a": a, "b": ScriptedTransport()])
    let runner = stage.runner
    let (start, starter) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      for await _ in start { break }
      return await runner.run()
    }
    cancel.withLock { $0 = { task.cancel() } }
    starter.yield()
    let end = await task.value
    _ = try stage.undone()
    #expect(end.reason == .interrupted)
    #expect(a.commands.suffix(2) == ["heal", "is-healed"])
    #expect(end.healed)
  }

  @Test func `an observer that dies says so, and the run goes on`() async throws {
    struct Mortal: Observer {
      let name = "mortal"
      func observe(
        _ site: Site, into journal: any Journal, clock: any RunClock,
        ready: @escaping @Sendable () -> Void
      ) async throws { throw Complaint("it is dark", remedy: "") }
    }
    let stage = try Stage(
      nodes: ["a": ScriptedTransport(), "b": ScriptedTransport()], observers: [Mortal()])
    #expect(await stage.runner.run().reason == .completed)
    #expect(stage.journal.events.contains(.observerDied(Note("mortal: it is dark"))))
    _ = try stage.undone()
  }
}
