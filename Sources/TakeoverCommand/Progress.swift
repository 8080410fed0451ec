// Lines of progress while a run goes on, made from what is being written into the journal.

internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverReport

/// Listens to a journal from any thread and prints what a person wants to see as it happens.
final class Progress: Sendable {
  private let marks = Mutex(MarkLine(colour: Terminal.colours(STDERR_FILENO)))

  func take(_ observation: Observation) {
    for line in marks.withLock({ $0.see(observation) }) { Terminal.note(line) }
  }
}
