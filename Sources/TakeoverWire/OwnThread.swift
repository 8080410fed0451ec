// A thread of one's own, for work that waits in the kernel and must wake on time: the concurrency
// pool has one thread per core and may be busy for milliseconds.

import CLinux
import Glibc

/// Tells a thread that waits in `poll` to end.
package final class StopSignal: Sendable {
  private let event: Descriptor

  package init() throws(SystemFailure) {
    event = Descriptor(try SystemFailure.check(clinux_event(), "cannot make an eventfd"))
  }

  /// Readable once it was raised, and from then on: nobody reads it.
  package var watched: Watched { Watched(event.number) }

  package func raise() { clinux_event_raise(event.number) }
}

package enum OwnThread {
  /// Runs `body` on a new thread and waits for its end. Cancelling the task raises the signal that
  /// `body` gets; `body` should watch it and then return.
  package static func run<Value: Sendable>(
    _ body: @escaping @Sendable (StopSignal) throws -> Value
  ) async throws -> Value {
    let stop = try StopSignal()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        start { continuation.resume(with: Result { try body(stop) }) }
      }
    } onCancel: {
      stop.raise()
    }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body))
    let status = unsafe pthread_create(
      &thread, nil,
      { work in
        guard let work = unsafe work else { return nil }
        clinux_sharpen_timers()
        unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    if status == 0 {
      pthread_detach(thread)
    } else {
      // No thread to be had: late is better than never.
      unsafe work.release()
      body()
    }
  }
}
