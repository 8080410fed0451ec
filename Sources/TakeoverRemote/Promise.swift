// A value that the loop's thread will learn later, and one task that waits for it until a deadline.

internal import TakeoverModel

/// Lives on its loop's thread. The first to settle it wins; later ones change nothing.
final class Promise<Value: Sendable> {
  typealias Answer = Result<Value, TransportError>

  private let loop: PollLoop
  private var answer: Answer?
  private var waiting: CheckedContinuation<Answer?, Never>?
  private var timer: Int?

  init(on loop: PollLoop) { self.loop = loop }

  var isSettled: Bool { answer != nil }

  func settle(_ answer: Answer) {
    guard self.answer == nil else { return }
    self.answer = answer
    wake(with: answer)
  }

  /// The value, or nil when it did not come before the deadline.
  nonisolated(nonsending)
    func value(by deadline: Instant) async throws(TransportError) -> Value?
  {
    if answer == nil {
      _ = await withCheckedContinuation { (waiting: CheckedContinuation<Answer?, Never>) in
        self.waiting = waiting
        timer = loop.timer(at: deadline) { [self] in
          timer = nil
          wake(with: nil)
        }
      }
    }
    return try answer?.get()
  }

  private func wake(with answer: Answer?) {
    if let timer { loop.cancelTimer(timer) }
    timer = nil
    let waiting = self.waiting
    self.waiting = nil
    waiting?.resume(returning: answer)
  }
}
