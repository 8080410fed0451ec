// Signals. The first asks the run to stop, heal and report; the second stops at once.

internal import Dispatch
internal import Foundation
internal import Synchronization
internal import TakeoverModel

/// Watches SIGINT, SIGTERM and SIGHUP while `body` runs; SIGPIPE is ignored from then on.
final class Interruption: Sendable {
  /// What a second signal leaves behind.
  struct LastWords {
    var isBroken = false
    /// What it is, and how to mend it; empty when there is nothing to say.
    var text = ""
  }

  private struct State {
    var signal: Int32?
    var cancel: (@Sendable () -> Void)?
    var lastWords: @Sendable () -> LastWords = { LastWords() }
  }

  private let state = Mutex(State())
  /// What the first signal is answered with.
  private let words: String

  init(
    says words: String =
      "takeover: interrupted: healing, then writing the reports (again: stop at once)"
  ) {
    self.words = words
  }

  /// The first signal that came; nil while none has.
  var signal: Int32? { state.withLock { $0.signal } }

  var status: ExitStatus? {
    signal.map { $0 == SIGINT ? .interrupted : .terminated }
  }

  /// Lets the signals through that a careless parent has blocked: a program that cannot be
  /// interrupted cannot heal either. Before other threads exist, so that they inherit the mask.
  static func unblock() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in watched { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static let watched = [SIGINT, SIGTERM, SIGHUP]

  func onSecondSignal(say words: @escaping @Sendable () -> LastWords) {
    state.withLock { $0.lastWords = words }
  }

  /// Runs `body` in a task of its own, because only a task's own handle can cancel it from outside:
  /// a signal arrives on no task at all.
  func guarding<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws
    -> Value
  {
    Foundation.signal(SIGPIPE, SIG_IGN)
    let task = Task { try await body() }
    state.withLock { $0.cancel = { task.cancel() } }
    if signal != nil { task.cancel() }
    let sources = Self.watched.map { number in
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "takeover.signal.\(number)"))
      source.setEventHandler { self.received(number) }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
  }

  private func received(_ number: Int32) {
    let (isFirst, cancel, words) = state.withLock { state in
      let isFirst = state.signal == nil
      if isFirst { state.signal = number }
      return (isFirst, state.cancel, state.lastWords)
    }
    if isFirst {
      Terminal.note(self.words)
      cancel?()
    } else {
      let last = words()
      Terminal.note("takeover: stopped at once\(last.text.isEmpty ? "" : "\n\(last.text)")")
      (last.isBroken ? .notHealed : status ?? .interrupted).leave()
    }
  }
}
