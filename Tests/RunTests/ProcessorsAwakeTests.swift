// The request to keep the processors awake: what is written where, and what is told of it.

import Foundation
import Synchronization
import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `The processors` {
  private func notes(_ path: String) async -> [String] {
    let journal = MemoryJournal()
    let isReady = Mutex(false)
    await #expect(throws: CancellationError.self) {
      try await ProcessorsAwake(path: path).observe(World.site, into: journal, clock: Stopped()) {
        isReady.withLock { $0 = true }
      }
    }
    #expect(isReady.withLock { $0 })
    return journal.events.compactMap { if case .note(let note) = $0 { note.text } else { nil } }
  }

  @Test func `are asked for no latency at all, in four bytes`() async throws {
    let path = NSTemporaryDirectory() + UUID().uuidString
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(await notes(path) == ["this machine's processors are kept awake: \(path)"])
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(count: 4))
  }

  @Test func `may sleep where they cannot be asked, and that is told`() async {
    let notes = await notes("/nowhere/latency")
    #expect(notes.count == 1)
    #expect(notes.first?.contains("may sleep: No such file or directory") == true)
  }
}

/// A clock at which nobody waits: the observer has begun, and is cancelled.
private struct Stopped: RunClock {
  let origin: Int64 = 0
  func now() -> Moment { .began }
  func wait(until moment: Moment) async throws { throw CancellationError() }
}
