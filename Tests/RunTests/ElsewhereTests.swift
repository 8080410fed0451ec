// An observer on another machine whose way there is cut, without a machine.

import Synchronization
import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `An observer elsewhere` {
  private func observed(
    _ attempts: @escaping @Sendable (Int, () -> Void) throws -> Void
  ) async -> (deaths: Int, error: (any Error)?) {
    let journal = MemoryJournal()
    let elsewhere = Elsewhere(name: "far", transport: ScriptedTransport())
    let clock = HandClock()
    var failure: (any Error)?
    do {
      try await elsewhere.observe(into: journal, clock: clock, ready: {}) { attempt, ready in
        try attempts(attempt, ready)
      }
    } catch {
      failure = error
    }
    return (journal.names.count { $0 == "observer-died" }, failure)
  }

  private struct Cut: Error {}

  @Test func `what was never ready fails for good`() async {
    let tried = Mutex(0)
    let (deaths, error) = await observed { _, _ in
      tried.withLock { $0 += 1 }
      throw Cut()
    }
    #expect(tried.withLock { $0 } == 1)
    #expect(deaths == 0)
    #expect(error is Cut)
  }

  @Test func `what was cut off is begun anew, and said to have died once for each time`() async {
    let tried = Mutex(0)
    let journal = MemoryJournal()
    let elsewhere = Elsewhere(name: "far", transport: ScriptedTransport())
    let watching = Task {
      try await elsewhere.observe(into: journal, clock: HandClock(), ready: {}) { attempt, ready in
        tried.withLock { $0 = attempt }
        // Ready, cut, in vain twice, ready, cut, and then until the end.
        if [1, 4].contains(attempt) { ready() }
        if attempt < 5 { throw Cut() }
        ready()
        while !Task.isCancelled { await Task.yield() }
      }
    }
    while tried.withLock({ $0 }) < 5 { await Task.yield() }
    watching.cancel()
    #expect((try? await watching.value) != nil)
    #expect(journal.names.count { $0 == "observer-died" } == 2)
  }

  @Test func `a program that the machine lacks is named, with what needs it`() async {
    let lacking = Elsewhere(
      name: "remote/on-a", transport: ScriptedTransport(statuses: ["sh": 127]))
    let error = await #expect(throws: Complaint.self) {
      try await lacking.require(RemoteCapture.programs)
    }
    #expect(error?.problem == "scripted has no tcpdump, which remote/on-a needs there")
    let whole = Elsewhere(name: "far", transport: ScriptedTransport())
    await #expect(throws: Never.self) { try await whole.require(RemoteProbe.programs) }
  }

  @Test func `what is captured after a cut goes into a file of its own`() {
    #expect(RemoteCapture.path("/x.y/capture-on-a.pcapng", 1) == "/x.y/capture-on-a.pcapng")
    #expect(RemoteCapture.path("/x.y/capture-on-a.pcapng", 3) == "/x.y/capture-on-a.3.pcapng")
  }
}
