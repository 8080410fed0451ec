// Ctrl-C takes away what was made: the measurement is cancelled, and its scopes close.

internal import ArgumentParser
internal import Foundation
internal import Synchronization

enum Interrupted {
  /// Runs `body` in a task of its own, because a signal arrives on no task at all; SIGINT, SIGTERM
  /// and SIGHUP cancel it, and the program ends as a shell expects.
  static func cancelling<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let seen = Seen()
    let task = Task { try await body() }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        seen.note(number)
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    do {
      return try await task.value
    } catch {
      if let number = seen.number { throw ExitCode(128 + number) }
      throw error
    }
  }

  private final class Seen: Sendable {
    private let state = Mutex<Int32?>(nil)
    var number: Int32? { state.withLock { $0 } }
    func note(_ number: Int32) { state.withLock { $0 = $0 ?? number } }
  }
}
