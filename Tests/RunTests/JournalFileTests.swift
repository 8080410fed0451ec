// The journal on disk: what is written can be read, in order, line by line.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `The journal file` {
  private let path = NSTemporaryDirectory() + "takeover-journal-\(UUID().uuidString).jsonl"

  @Test func `each observation is one line that reads back equal`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let observations =
      World.sight("a", also: "b", at: Moment(nanoseconds: 12_345)) + World.descriptions
    let journal = try JournalFile(path: path)
    let heard = Mutex<[Observation]>([])
    journal.listen { observation in heard.withLock { $0.append(observation) } }
    for observation in observations { try journal.recordDurably(observation) }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let read = try lines.map {
      try JSONDecoder().decode(Observation.self, from: Data($0.utf8))
    }
    #expect(read == observations)
    #expect(heard.withLock { $0 } == observations)
  }

  @Test func `a full disk is remembered, not thrown at the observer`() throws {
    let journal = try JournalFile(path: "/dev/full")
    journal.record(World.descriptions[0])
    #expect(journal.failure?.problem.contains("No space left") == true)
    #expect(throws: Complaint.self) { try journal.recordDurably(World.descriptions[0]) }
  }

  @Test func `a folder that is not there is an error with a way out`() {
    #expect(throws: Complaint.self) { try JournalFile(path: "/nonexistent/journal.jsonl") }
  }
}
