// The one place with a task of its own: what must be finished although the run is cancelled.

/// Runs `body` to its end even when the caller's task has been cancelled. Swift has no cancellation
/// shield: an unstructured task does not inherit cancellation, and waiting for its value here keeps
/// it inside the caller's scope. Healing runs in it, and nothing else.
func shielded<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
  await Task { await body() }.value
}
