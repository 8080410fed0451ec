// One libssh2 session and the pump that moves everything in it: non-blocking, on its loop's thread.

internal import CLibSSH2
internal import Glibc
internal import TakeoverModel

/// Lives on its loop's thread. Every call into libssh2 may read packets that belong to somebody
/// else, so that after each the whole session is looked through (`pump`).
final class SSHSession {
  /// Something that libssh2 does in several calls, one at a time.
  private final class Operation {
    let step: (SSHSessionHandle) -> CInt
    let done: Promise<CInt>

    init(step: @escaping (SSHSessionHandle) -> CInt, done: Promise<CInt>) {
      self.step = step
      self.done = done
    }
  }

  /// What stopped in the middle of sending and must be continued before anything else is sent.
  private enum Stuck {
    case operation
    case line(SSHLine)
  }

  private let loop: PollLoop
  private let socket: CInt
  private let traffic: SSHTraffic
  private var handle: SSHSessionHandle?
  private var operations: [Operation] = []
  private var lines: [SSHLine] = []
  private var stuck: Stuck?
  private var isPumping = false

  /// Takes over a connected, non-blocking socket.
  init(on loop: PollLoop, socket: CInt) throws(TransportError) {
    guard let handle = SSHSessionHandle(on: socket) else {
      close(socket)
      throw TransportError(
        .broken, "libssh2 could not be initialised", remedy: "look at this machine's memory")
    }
    self.loop = loop
    self.socket = socket
    traffic = handle.traffic
    self.handle = handle
    loop.watch(socket, for: POLLIN) { [self] in pump() }
  }

  /// For a transport that nobody closed.
  deinit { end(ShellError.hungUp()) }

  var isUp: Bool { handle != nil }

  /// CLOCK_REALTIME when bytes last came.
  var lastRead: Int64 { traffic.lastRead }

  var lastError: String { handle?.lastError ?? "the session has ended" }

  /// Looks at the session without sending anything.
  func look<Seen>(_ body: (SSHSessionHandle) throws(TransportError) -> Seen)
    throws(TransportError) -> Seen
  {
    guard let handle else { throw ShellError.hungUp() }
    return try body(handle)
  }

  /// The agent's keys, to be shown in this session; nil when there is no agent.
  func agent() throws(TransportError) -> SSHAgentHandle? {
    guard let handle else { throw ShellError.hungUp() }
    return SSHAgentHandle.connected(for: handle)
  }

  /// Repeats a call until it no longer answers EAGAIN, and returns what it answered.
  nonisolated(nonsending)
    func finish(
      by deadline: Instant, late: TransportError,
      _ step: @escaping (SSHSessionHandle) -> CInt
    ) async throws(TransportError) -> CInt
  {
    guard isUp else { throw ShellError.hungUp() }
    let operation = Operation(step: step, done: Promise(on: loop))
    operations.append(operation)
    pump()
    if let answer = try await operation.done.value(by: deadline) { return answer }
    // Half done, it would leave the session in a state that nobody knows.
    if operations.first === operation { end(late) }
    operations.removeAll { $0 === operation }
    throw late
  }

  func add(_ line: SSHLine) { lines.append(line) }

  /// Ends everything: with an error for whoever waits.
  func end(_ reason: TransportError) {
    guard handle != nil else { return }
    if stuck == nil, !traffic.isChoked {
      handle?.sayGoodbye()
    }
    loop.unwatch(socket)
    shutdown(socket, CInt(SHUT_RDWR))
    let (ending, waiting) = (lines, operations)
    (lines, operations, stuck) = ([], [], nil)
    for line in ending { line.release() }
    // A channel that is being opened may keep it for a moment more.
    handle = nil
    for line in ending { line.tell(reason) }
    for operation in waiting { operation.done.settle(.failure(reason)) }
  }

  /// Moves everything that can be moved.
  func pump() {
    guard !isPumping else { return }
    isPumping = true
    defer { isPumping = false }
    var before: Int
    repeat {
      before = traffic.received
      guard pass() else { break }
    } while isUp && traffic.received != before
    if isUp { loop.change(socket, to: stuck == nil ? POLLIN : POLLIN | POLLOUT) }
  }

  /// Writes a few bytes ahead of everything else, when nothing is stuck.
  func writeNow(_ bytes: [UInt8], to line: SSHLine) -> Int64? {
    guard isUp else { return nil }
    let now = wallClock()
    line.queue(bytes)
    if stuck == nil {
      line.flush()
      if traffic.isChoked { stuck = .line(line) }
    }
    pump()
    return now
  }

  // MARK: One pass

  /// False when it cannot go on now.
  private func pass() -> Bool {
    switch stuck {
    case nil: break
    case .operation:
      stuck = nil
      guard stepOperations() else { return false }
    case .line(let line):
      stuck = nil
      guard move(line) else { return false }
    }
    guard stepOperations() else { return false }
    for line in lines {
      guard move(line) else { return false }
    }
    return true
  }

  private func stepOperations() -> Bool {
    while let operation = operations.first, isUp {
      guard let answer = try? look(operation.step) else { return false }
      if answer == LIBSSH2_ERROR_EAGAIN {
        if traffic.isChoked { stuck = .operation }
        return stuck == nil
      }
      operations.removeFirst()
      operation.done.settle(.success(answer))
    }
    return isUp
  }

  private func move(_ line: SSHLine) -> Bool {
    switch line.move(traffic) {
    case .going: break
    case .over: lines.removeAll { $0 === line }
    case .sessionLost: end(SSHError.connectionLost(lastError))
    }
    if isUp, traffic.isChoked { stuck = .line(line) }
    return isUp && stuck == nil
  }
}
