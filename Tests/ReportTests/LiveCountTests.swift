// How long the rest of a run will take: bounds by the plan, and by what was measured once there is something.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct `The estimate of a run` {
  private func heading(_ events: [(Double, Event)], at seconds: Double) -> String {
    var panel = LivePanel()
    let trial = Trial(
      name: "t", fault: FaultUse(kind: "word", arguments: Arguments()), target: .holder,
      hold: .seconds(4), settle: .seconds(2), recover: .seconds(30), repetitions: 2,
      expectations: [])
    let header = RunHeader(
      run: "r", version: "1", origin: 0,
      plans: [Plan(name: "p", trials: [trial, trial])], site: WatchWorld.site())
    let began = [(0.0, Event.runBegan(header))]
    for (seconds, event) in began + events {
      panel.see(Observation(when: WatchWorld.at(seconds), source: "run", event: event))
    }
    let lines = panel.lines(at: WatchWorld.at(seconds).latest, columns: 59, rows: 24)
    return lines.first { $0.hasPrefix("trials") } ?? ""
  }

  private let first = TrialHeader(plan: 0, trial: 0, repetition: 1)
  private let blow = Event.blow(
    BlowStruck(
      node: "a", fault: FaultUse(kind: "word", arguments: Arguments()), command: "", status: 0))

  @Test func `is by the plan until a trial was carried out`() {
    // Each holds for 4 s and settles for 2 s, and may wait twice for 30 s.
    #expect(heading([], at: 0) == "trials  0 done, 4 to go: 24 s to 4 min 24 s by the plan")
    #expect(
      heading([(1, .trialBegan(first))], at: 3)
        == "trials  0 done, 4 to go: 22 s to 4 min 22 s by the plan")
  }

  @Test func `is by what was measured, then`() {
    // 10 s in all: 4 s more than planned.
    let done: [(Double, Event)] = [
      (1, .trialBegan(first)), (2, blow), (11, .trialEnded(first)),
    ]
    #expect(heading(done, at: 11) == "trials  1 done, 3 to go: about 30 s")
    let second = TrialHeader(plan: 0, trial: 0, repetition: 2)
    let more: [(Double, Event)] =
      done + [(11, .trialBegan(second)), (12, blow), (25, .trialEnded(second))]
    #expect(heading(more, at: 25) == "trials  2 done, 2 to go: 20 s to 28 s")
  }

  @Test func `learns nothing from a trial that was skipped`() {
    let skipped: [(Double, Event)] = [
      (1, .trialBegan(first)), (1.1, .trialSkipped(Note("lacks it"))), (1.2, .trialEnded(first)),
    ]
    #expect(
      heading(skipped, at: 2) == "trials  1 done, 3 to go: 18 s to 3 min 18 s by the plan")
  }

  @Test func `never counts below nothing`() {
    #expect(
      heading([(1, .trialBegan(first))], at: 600)
        == "trials  0 done, 4 to go: 18 s to 3 min 18 s by the plan")
  }
}
