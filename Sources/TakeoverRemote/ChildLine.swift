// A program of this machine as a line: a socket for its input and one for each output.

internal import Glibc
internal import TakeoverModel

/// One child process, in a process group of its own.
final class ChildLine: Line {
  private let loop: PollLoop
  private weak var listener: (any Listener)?
  private let process: pid_t
  private var input: CInt
  private var outputs: [CInt]
  private var outgoing: [UInt8] = []
  private let reaping: Promise<CInt>
  private var isReaping = false

  /// - Parameter words: the program's arguments, from its name on.
  init(
    _ path: String, _ words: [String], on loop: PollLoop, listener: any Listener
  ) throws(TransportError) {
    let spawned = try SpawnedProgram(path, words)
    self.loop = loop
    self.listener = listener
    process = spawned.process
    input = spawned.input
    outputs = [spawned.output, spawned.errorOutput]
    reaping = Promise(on: loop)
    loop.watch(input, for: 0) { [self] in flush() }
    loop.watch(outputs[0], for: POLLIN) { [self] in read(.output, from: spawned.output) }
    loop.watch(outputs[1], for: POLLIN) { [self] in read(.errorOutput, from: spawned.errorOutput) }
  }

  /// For a transport that nobody closed.
  deinit {
    for descriptor in outputs + [input] where descriptor >= 0 { close(descriptor) }
  }

  var isReaped: Bool { reaping.isSettled }

  func send(_ bytes: [UInt8]) {
    outgoing += bytes
    flush()
  }

  func sendNow(_ bytes: [UInt8]) -> Int64? {
    guard outgoing.isEmpty, input >= 0 else { return nil }
    let now = wallClock()
    let written = unsafe Glibc.send(input, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    return written == bytes.count ? now : nil
  }

  func hangUp(forcibly: Bool) {
    if forcibly, !isReaped { kill(-process, SIGKILL) }
    letGo()
  }

  /// Waits for the end of a child that was hung up on; kills its group when that takes long.
  /// - Returns: its exit status; nil: a signal ended it.
  @discardableResult
  nonisolated(nonsending) func reaped() async -> Int? {
    if let status = try? await reaping.value(by: .after(.seconds(1))) { return Self.exit(status) }
    kill(-process, SIGKILL)
    return (try? await reaping.value(by: .after(.seconds(1)))).flatMap(Self.exit)
  }

  /// WIFEXITED and WEXITSTATUS (wait(2)), which Swift cannot see.
  private static func exit(_ status: CInt) -> Int? {
    status & 0x7f == 0 ? Int(status >> 8 & 0xff) : nil
  }

  /// The program has let go of its output; what it said last may still be unread.
  var isGone: Bool { outputs.isEmpty || Self.isHungUp(outputs[0]) }

  private func flush() {
    while input >= 0, !outgoing.isEmpty {
      let written = unsafe Glibc.send(
        input, outgoing, outgoing.count, CInt(MSG_NOSIGNAL | MSG_DONTWAIT))
      if written < 0 {
        if errno == EINTR { continue }
        // A reader that is gone is noticed at the outputs.
        if errno != EAGAIN { outgoing = [] }
        break
      }
      outgoing.removeFirst(written)
    }
    if input >= 0 { loop.change(input, to: outgoing.isEmpty ? 0 : POLLOUT) }
    // poll(2) reports a hangup even when it was not asked for.
    if input >= 0, outgoing.isEmpty, Self.isHungUp(input) { loop.unwatch(input) }
  }

  private static func isHungUp(_ descriptor: CInt) -> Bool {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  private func read(_ stream: OutputStream, from descriptor: CInt) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
    let time = wallClock()
    if count > 0 {
      listener?.heard(Array(buffer[..<count]), on: stream, at: time)
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      loop.unwatch(descriptor)
      close(descriptor)
      outputs.removeAll { $0 == descriptor }
      if outputs.isEmpty {
        let listener = self.listener
        letGo()
        listener?.ended(ShellError.shellEnded())
      }
    }
  }

  private func letGo() {
    listener = nil
    for descriptor in outputs + [input] where descriptor >= 0 {
      loop.unwatch(descriptor)
      close(descriptor)
    }
    outputs = []
    input = -1
    if !isReaping {
      isReaping = true
      reap(after: 1)
    }
  }

  /// Asks at growing intervals, at most every 250 ms: nobody waits for the answer but `reaped`.
  private func reap(after milliseconds: Int64) {
    var status: CInt = 0
    guard unsafe waitpid(process, &status, WNOHANG) == 0 else {
      return reaping.settle(.success(status))
    }
    loop.timer(at: .after(.milliseconds(milliseconds))) { [self] in
      reap(after: min(250, milliseconds * 2))
    }
  }
}
