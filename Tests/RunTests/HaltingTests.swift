// Runs that are halted: from outside, by the pair itself, by the hour. What was broken is healed.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

/// Turned by hand, but whoever waits for longer than an hour waits until he is cancelled.
private struct PatientClock: RunClock {
  let hand: HandClock
  var origin: Int64 { hand.origin }
  func now() -> Moment { hand.now() }

  func wait(until moment: Moment) async throws {
    if moment.since(now()) > .seconds(3_600) {
      await cancellation()
    }
    try await hand.wait(until: moment)
  }
}

/// Returns when the task is cancelled.
private func cancellation() async {
  let (stream, source) = AsyncStream.makeStream(of: Never.self)
  for await _ in stream {}
  source.finish()
}

@Suite struct `A run that is halted` {
  /// A run on scripted nodes; `sights` says how the pair looks once `spoils` has happened or not.
  private final class Stage: Sendable {
    let nodes: [String: ScriptedTransport]
    let journal: MemoryJournal
    let setting: RunSetting
    let runner: Runner
    let undoPath = NSTemporaryDirectory() + "takeover-undo-\(UUID().uuidString).jsonl"

    /// `at`: the command at which the halt is asked for, with these words.
    init(
      trial: Trial, statuses: [String: Int] = [:], stopIf: StopLimits = StopLimits(),
      halt words: String? = nil, at word: String = "",
      refusal: @escaping @Sendable (Trial) -> String? = { _ in nil },
      sights: @escaping @Sendable (_ isStruck: Bool, Moment) -> [Observation] = {
        World.sight("a", at: $1)
      }
    ) throws {
      let pair = LivePair(site: World.site)
      for observation in World.descriptions { pair.take(observation) }
      let isStruck = Mutex(false)
      let (asked, ask) = AsyncStream.makeStream(of: Void.self)
      let a = ScriptedTransport(
        statuses: statuses,
        onRun: { ran in
          if ran == "fire:strike" { isStruck.withLock { $0 = true } }
          if ran == word { ask.yield() }
        })
      let clock = HandClock { moment in
        for observation in sights(isStruck.withLock { $0 }, moment) { pair.take(observation) }
      }
      nodes = ["a": a, "b": ScriptedTransport()]
      journal = MemoryJournal(feeding: pair)
      var setting = RunSetting(
        name: "test", version: "0", plans: [Plan(name: "plan", trials: [trial], stopIf: stopIf)],
        site: World.site, faults: Catalog([WordFault.self]), transports: nodes, observers: [],
        clock: PatientClock(hand: clock))
      setting.renews = false
      setting.refusal = refusal
      if let words {
        setting.halt = {
          for await _ in asked { return words }
          return nil
        }
      }
      self.setting = setting
      runner = Runner(setting, journal: journal, undo: try UndoLog(path: undoPath), pair: pair)
    }

    deinit { try? FileManager.default.removeItem(atPath: undoPath) }

    var commands: [String] { nodes["a"]?.commands ?? [] }
    var trialsBegun: Int { journal.names.count { $0 == "trial-began" } }
  }

  /// Without a halt it would be held until the test is over.
  private static func trial(repetitions: Int = 3) -> Trial {
    var trial = World.trial(hold: .seconds(7_200), repetitions: repetitions)
    trial.recover = .seconds(3_600)
    return trial
  }

  @Test func `from outside in the hold, it heals, begins nothing more and says why`() async throws {
    let stage = try Stage(trial: Self.trial(), halt: "stopped by alice", at: "confirm")
    #expect(await stage.runner.run() == RunEnd(reason: .stopped, detail: "stopped by alice"))
    #expect(stage.commands.suffix(2) == ["heal", "is-healed"])
    #expect(stage.trialsBegun == 1)
    #expect(stage.journal.events.contains(.note(Note("halting: stopped by alice"))))
  }

  @Test func `from outside while it heals, the healing goes on to its end`() async throws {
    var trial = Self.trial()
    trial.hold = .seconds(1)
    trial.settle = .seconds(7_200)
    let stage = try Stage(trial: trial, halt: "enough", at: "heal")
    #expect(await stage.runner.run() == RunEnd(reason: .stopped, detail: "enough"))
    #expect(stage.commands.suffix(2) == ["heal", "is-healed"])
    #expect(stage.trialsBegun == 1)
  }

  @Test func `from outside at the gate, nothing was touched`() async throws {
    // Nobody holds the address, for an hour; the first question to a node asks for the halt.
    let stage = try Stage(
      trial: Self.trial(), halt: "not now", at: NodeInspection.command.arguments[0],
      sights: { _, _ in [] })
    #expect(await stage.runner.run() == RunEnd(reason: .stopped, detail: "not now"))
    #expect(!stage.commands.contains("prepare"))
    #expect(!stage.commands.contains("heal"))
  }

  @Test func `a node that stays broken is told beside the reason`() async throws {
    let stage = try Stage(
      trial: Self.trial(), statuses: ["is-healed": 1], halt: "enough", at: "confirm")
    let end = await stage.runner.run()
    #expect(end.reason == .stopped)
    #expect(!end.healed)
    #expect(end.detail == "enough; a node could not be healed after \"a blow\"")
  }

  @Test func `a run that comes to its end ends its watches, and is completed`() async throws {
    var trial = World.trial()
    trial.hold = .seconds(1)
    let stage = try Stage(trial: trial, halt: "never asked for", at: "no such command")
    #expect(await stage.runner.run() == RunEnd(reason: .completed))
  }

  @Test func `nobody holds the address in the blow's own hold: it heals at once`() async throws {
    let stage = try Stage(
      trial: Self.trial(), stopIf: StopLimits(nobodyHolds: .seconds(30)),
      sights: { isStruck, moment in isStruck ? [] : World.sight("a", at: moment) })
    let end = await stage.runner.run()
    #expect(
      end == RunEnd(reason: .stopped, detail: "nobody was seen to hold 10.0.0.3 for 30s"))
    #expect(stage.commands.suffix(2) == ["heal", "is-healed"])
    #expect(stage.trialsBegun == 1)
  }

  @Test func `trials that cannot be struck end it after so many`() async throws {
    var trial = World.trial(repetitions: 9)
    trial.recover = .seconds(1)
    let stage = try Stage(
      trial: trial, stopIf: StopLimits(noVerdict: 2),
      sights: { World.sight("a", also: "b", at: $1) })
    let end = await stage.runner.run()
    #expect(
      end == RunEnd(reason: .stopped, detail: "2 trials in a row could not be struck"))
    #expect(stage.trialsBegun == 2)
    #expect(!stage.commands.contains("prepare"))
  }

  @Test func `a trial that must not begin any more does not, and the run says why`() async throws {
    var trial = World.trial(repetitions: 3)
    trial.hold = .seconds(1)
    let begun = Mutex(0)
    let stage = try Stage(
      trial: trial,
      refusal: { trial in
        begun.withLock { count in
          count += 1
          return count
        } > 1 ? "\(trial.name) would end too late" : nil
      })
    let end = await stage.runner.run()
    #expect(end == RunEnd(reason: .stopped, detail: "a blow would end too late"))
    #expect(stage.trialsBegun == 1)
    #expect(stage.commands.suffix(2) == ["heal", "is-healed"])
  }

  @Test func `who is cancelled from outside was interrupted, whatever a watch says then`()
    async throws
  {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let hasSpoken = Atomic(false)
    let task = Task {
      await halting(on: [
        {
          await cancellation()
          hasSpoken.store(true, ordering: .relaxed)
          return "too late"
        }
      ]) {
        begin.yield()
        await cancellation()
        // Longer than the watch, as a healing is.
        while !hasSpoken.load(ordering: .relaxed) { await Task.yield() }
        for _ in 0..<1_000 { await Task.yield() }
        return Task.isCancelled
      }
    }
    for await _ in begun { break }
    task.cancel()
    let (wasCancelled, reason) = await task.value
    #expect(wasCancelled)
    #expect(reason == nil)
  }
}
