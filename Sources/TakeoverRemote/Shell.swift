// One long-lived `sh` at the end of a line: it is asked one thing at a time and answers with markers.

internal import TakeoverModel

/// Lives on its loop's thread.
final class Shell: Listener {
  struct Answer: Sendable {
    var result: CommandResult
    /// CLOCK_REALTIME when the first of the two markers was read.
    var heard: Int64
  }

  /// Kept of each output of a command; the rest is read and dropped.
  static let cap = 4 << 20

  let framing = Framing()
  private let loop: PollLoop
  private var line: (any Line)?
  /// Why it can no longer be asked.
  private(set) var lost: TransportError?
  private var lastNumber = 0
  private var output = MarkedStream(marker: [], cap: 0)
  private var errorOutput = MarkedStream(marker: [], cap: 0)
  private var pending: Promise<Answer>?
  /// When the first marker of the pending answer was read.
  private(set) var firstMarker: Int64?
  /// Called with standard output as it comes, instead of keeping it.
  var passOn: (([UInt8]) -> Void)?

  init(on loop: PollLoop) { self.loop = loop }

  /// True while it can be asked.
  var isUp: Bool { line != nil && lost == nil }

  /// Starts it and waits for its first words; what a login script printed before them is dropped.
  nonisolated(nonsending)
    func start(on road: any Road, by deadline: Instant) async throws(TransportError)
  {
    let number = nextNumber()
    let greeted = expect(number)
    line = try await road.startShell(for: self, by: deadline)
    if let lost { throw lost }
    line?.send(Array(framing.greeting(number).utf8))
    do throws(TransportError) {
      guard try await greeted.value(by: deadline) != nil else { throw ShellError.silent() }
    } catch {
      let said = String(decoding: (errorOutput.kept + output.kept).suffix(500), as: UTF8.self)
      hangUp(forcibly: true)
      throw ShellError.notStarted(error, said: said)
    }
  }

  func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// From now on, what is heard belongs to answer `number`.
  func expect(_ number: Int) -> Promise<Answer> {
    let marker = framing.marker(number)
    output = MarkedStream(marker: marker, cap: Self.cap)
    errorOutput = MarkedStream(marker: marker, cap: Self.cap)
    firstMarker = nil
    let promise = Promise<Answer>(on: loop)
    pending = promise
    if let lost { promise.settle(.failure(lost)) }
    return promise
  }

  func say(_ words: String) { line?.send(Array(words.utf8)) }

  func sayNow(_ bytes: [UInt8]) -> Int64? { line?.sendNow(bytes) }

  func hangUp(forcibly: Bool) {
    line?.hangUp(forcibly: forcibly)
    line = nil
    pending?.settle(.failure(ShellError.hungUp()))
  }

  func heard(_ bytes: [UInt8], on stream: OutputStream, at time: Int64) {
    switch stream {
    case .output: output.feed(bytes)
    case .errorOutput: errorOutput.feed(bytes)
    }
    if let passOn {
      let passed = output.take()
      if !passed.isEmpty { passOn(passed) }
    }
    if firstMarker == nil, output.status != nil || errorOutput.status != nil { firstMarker = time }
    guard let status = output.status, errorOutput.status != nil, let firstMarker else { return }
    let result = CommandResult(
      status: status, output: output.kept, errorOutput: errorOutput.kept,
      truncated: output.truncated || errorOutput.truncated)
    pending?.settle(.success(Answer(result: result, heard: firstMarker)))
  }

  func ended(_ reason: TransportError) {
    lost = reason
    line = nil
    pending?.settle(.failure(reason))
  }
}
