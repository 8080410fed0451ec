// One at a time, in the order of asking.

/// Lives on its loop's thread.
final class Turn {
  private let loop: PollLoop
  private var isTaken = false
  private var waiting: [Promise<Void>] = []

  init(on loop: PollLoop) { self.loop = loop }

  /// False when the turn did not come before the deadline.
  nonisolated(nonsending) func take(by deadline: Instant) async -> Bool {
    guard isTaken else {
      isTaken = true
      return true
    }
    let promise = Promise<Void>(on: loop)
    waiting.append(promise)
    if (try? await promise.value(by: deadline)) != nil { return true }
    waiting.removeAll { $0 === promise }
    // Between the deadline and this line the turn may have been handed over.
    if promise.isSettled { pass() }
    return false
  }

  func pass() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().settle(.success(())) }
  }
}
