// A body that can be told to halt: by a person from another terminal, or by the pair itself.

/// Waits until something says why a run must halt; returns nil when it is cancelled before.
package typealias HaltWatch = @Sendable () async -> String?

/// Runs `body`; the first watch that returns a reason cancels it, as a signal would, and the body
/// still comes to its end: what it broke it heals. The watches end with the body.
package func halting<Value: Sendable>(
  on watches: [HaltWatch], _ body: @escaping @Sendable () async -> Value
) async -> (value: Value, reason: String?) {
  await withTaskGroup(of: HaltEnd<Value>.self) { group in
    group.addTask { .body(await body()) }
    for watch in watches { group.addTask { .watch(await watch()) } }
    var value: Value?
    var reason: String?
    while let ended = await group.next() {
      switch ended {
      case .body(let final): value = final
      // Whoever cancels the run from outside has come first, and says why himself.
      case .watch(let words?) where value == nil && !Task.isCancelled: reason = reason ?? words
      case .watch: continue
      }
      group.cancelAll()
    }
    guard let value else { preconditionFailure("the body always ends with a value") }
    return (value, reason)
  }
}

private enum HaltEnd<Value: Sendable>: Sendable {
  case body(Value)
  case watch(String?)
}
