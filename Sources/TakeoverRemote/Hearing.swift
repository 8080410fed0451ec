// Listens to a program that is no shell: until it has said a word, or until it has ended.

internal import TakeoverModel

/// Lives on its loop's thread.
final class Hearing: Listener {
  /// Settled at the awaited word; failed at the end when it was not said; without one, at the end.
  let heard: Promise<Void>
  private(set) var output: [UInt8] = []
  private(set) var errorOutput: [UInt8] = []
  private(set) var isOver = false
  /// Called at the end.
  var whenOver: (() -> Void)?
  private let word: [UInt8]?
  /// Kept of each output: `ssh -G` says 5 KB.
  private static let cap = 1 << 18

  init(until word: String? = nil, on loop: PollLoop) {
    self.word = word.map { Array($0.utf8) }
    heard = Promise(on: loop)
  }

  var errorText: String { String(decoding: errorOutput, as: UTF8.self) }

  func heard(_ bytes: [UInt8], on stream: OutputStream, at time: Int64) {
    switch stream {
    case .output: output += bytes.prefix(Self.cap - output.count)
    case .errorOutput: errorOutput += bytes.prefix(Self.cap - errorOutput.count)
    }
    if let word, !heard.isSettled, output.contains(word) { heard.settle(.success(())) }
  }

  func ended(_ reason: TransportError) {
    isOver = true
    heard.settle(word == nil ? .success(()) : .failure(reason))
    whenOver?()
    whenOver = nil
  }
}
