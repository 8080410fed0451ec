// Observers around a body: they see before it starts and are ended when it ends, however it ends.

internal import Synchronization
package import TakeoverModel

/// Runs `body` while all observers watch. An observer that dies says so in the journal, and the
/// others go on: what it would have seen is then doubtful, not lost.
package func withObservers<Value: Sendable>(
  _ observers: [any Observer], of site: Site, into journal: any Journal, clock: any RunClock,
  readyWithin limit: Duration, _ body: @escaping @Sendable () async -> Value
) async -> Value {
  let roll = RollCall(observers.map(\.name))
  return await withTaskGroup(of: Value?.self) { group in
    for observer in observers {
      group.addTask {
        var death = "it ended by itself"
        do {
          try await observer.observe(site, into: journal, clock: clock) {
            roll.answer(observer.name)
          }
        } catch {
          death = "\(error)"
        }
        if !Task.isCancelled {
          let event = Event.observerDied(Note("\(observer.name): \(death)"))
          journal.record(
            Observation(when: Interval(at: clock.now()), source: observer.name, event: event))
        }
        roll.answer(observer.name)
        return nil
      }
    }
    group.addTask {
      let deadline = clock.now() + limit
      while !roll.isComplete, clock.now() < deadline, !Task.isCancelled {
        try? await clock.wait(until: clock.now() + .milliseconds(5))
      }
      return await body()
    }
    var value: Value?
    while value == nil, let ended = await group.next() { value = ended }
    group.cancelAll()
    await group.waitForAll()
    guard let value else { preconditionFailure("the body always ends with a value") }
    return value
  }
}

/// Which observers have not yet said that they see.
private final class RollCall: Sendable {
  private let missing: Mutex<Set<String>>

  init(_ names: [String]) { missing = Mutex(Set(names)) }

  func answer(_ name: String) { missing.withLock { _ = $0.remove(name) } }
  var isComplete: Bool { missing.withLock { $0.isEmpty } }
}
