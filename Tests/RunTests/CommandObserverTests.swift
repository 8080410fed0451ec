// A plan's own command, run again and again over a way that may fail.

internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct CommandObserverTests {
  /// Answers in turn; what is nil is a way that is cut. The last answer is given for ever.
  private final class TurnTransport: Transport {
    let description = "scripted"
    private let answers: [CommandResult?]
    private let turn = Mutex(0)

    init(_ answers: [CommandResult?]) { self.answers = answers }

    func open(within limit: Duration) async throws(TransportError) {}
    func close() async {}

    func run(_ command: Command, within limit: Duration) async throws(TransportError)
      -> CommandResult
    {
      let index = turn.withLock { turn in
        turn += 1
        return min(turn, answers.count) - 1
      }
      guard let answer = answers[index] else {
        throw TransportError(.closed, "the connection is closed", remedy: "")
      }
      return answer
    }

    func arm(_ command: Command, within limit: Duration) async throws(TransportError)
      -> any ArmedBlow
    { throw TransportError(.broken, "no blow", remedy: "") }

    func stream(
      _ command: Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(TransportError) -> Int { 0 }
  }

  /// What is written down of these answers.
  private func seen(_ answers: [CommandResult?]) async -> [CommandSeen] {
    let journal = MemoryJournal()
    let observer = CommandObserver(
      CommandWatch(name: "primary", command: Command("pg_isready")), in: "nightly",
      over: TurnTransport(answers))
    let clock = HandClock()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        try? await observer.observe(FaultlessSite.site, into: journal, clock: clock) {}
      }
      while journal.events.count < answers.count { await Task.yield() }
      group.cancelAll()
    }
    return journal.events.prefix(answers.count).compactMap { event in
      if case .command(let seen) = event { seen } else { nil }
    }
  }

  private enum FaultlessSite {
    static let site = Site(name: "pair", environment: .lab, nodes: [], addresses: [])
  }

  @Test func `the status and the output are written down, and a way that is cut`() async {
    let found = await seen([
      CommandResult(status: 0, output: Array("1\r\n\n".utf8)), nil,
      CommandResult(status: 7, output: Array("no\nrole".utf8)),
    ])
    #expect(
      found == [
        CommandSeen(plan: "nightly", watch: "primary", status: 0, output: "1"),
        CommandSeen(
          plan: "nightly", watch: "primary", status: nil, trouble: "the connection is closed"),
        CommandSeen(plan: "nightly", watch: "primary", status: 7, output: "no\nrole"),
      ])
  }

  @Test func `of a long output the beginning is kept, and that it was longer`() async {
    let long = Array(repeating: UInt8(ascii: "x"), count: CommandWatch.mostOutput)
    let found = await seen([
      CommandResult(status: 0, output: long + [UInt8(ascii: "\n")]),
      CommandResult(status: 0, output: long + long),
    ])
    #expect(found.map(\.output.utf8.count) == [CommandWatch.mostOutput, CommandWatch.mostOutput])
    #expect(found.map(\.isCut) == [false, true])
  }
}
