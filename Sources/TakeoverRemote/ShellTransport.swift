// The transport that every road shares: one long-lived shell for `run`, a second one for the armed
// blow, and a fresh one for each stream.

internal import Synchronization
internal import TakeoverModel

package actor ShellTransport {
  /// The road may learn only on the way what it is.
  nonisolated private let words: Mutex<String>
  nonisolated private let loop: PollLoop
  private let road: any Road
  private var shell: Shell?
  private var armory: Shell?
  private var armed: Armed?
  private var isArming = false
  private var lastBlow = 0
  private var streams: [Int: Shell] = [:]
  private var lastStream = 0
  private var isOpen = false
  /// After a missed deadline the connection itself is in doubt.
  private var isDoubtful = false
  private var runTurn: Turn
  private var roadTurn: Turn

  init(loop: PollLoop, road: sending any Road) {
    self.loop = loop
    words = Mutex(road.description)
    self.road = road
    runTurn = Turn(on: loop)
    roadTurn = Turn(on: loop)
  }

  deinit { loop.stop() }

  nonisolated var description: String { words.withLock { $0 } }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe loop.asUnownedSerialExecutor()
  }

  func open(within limit: Duration) async throws(TransportError) {
    let deadline = Instant.after(limit)
    isOpen = true
    do {
      try await readyRoad(by: deadline)
      shell = try await newShell(by: deadline)
    } catch {
      await close()
      throw error
    }
  }

  func run(_ command: Command, within limit: Duration) async throws(TransportError) -> CommandResult
  {
    try Self.check(command)
    let deadline = Instant.after(limit)
    guard await runTurn.take(by: deadline) else { throw ShellError.late(command, sent: false) }
    defer { runTurn.pass() }
    let shell = try await readyShell(by: deadline)
    let number = shell.nextNumber()
    let promise = shell.expect(number)
    shell.say(shell.framing.run(command, number))
    guard let answer = try await promise.value(by: deadline) else {
      shell.hangUp(forcibly: true)
      isDoubtful = true
      throw ShellError.late(command, sent: true)
    }
    return answer.result
  }

  func close() async {
    isOpen = false
    for shell in [shell, armory] + Array(streams.values) { shell?.hangUp(forcibly: false) }
    shell = nil
    armory = nil
    armed = nil
    streams = [:]
    await road.disconnect()
  }

  // MARK: The blow

  /// A command that is staged.
  private struct Armed {
    /// Which blow: an older one must not fire it.
    let id: Int
    let shell: Shell
    /// The answer that it will give.
    let number: Int
  }

  func arm(_ command: Command, within limit: Duration) async throws(TransportError) -> ShellBlow {
    try Self.check(command)
    guard armed == nil, !isArming else { throw ShellError.armedAlready() }
    isArming = true
    defer { isArming = false }
    let deadline = Instant.after(limit)
    let shell = if let armory, armory.isUp { armory } else { try await newShell(by: deadline) }
    armory = shell
    let (staged, fired) = (shell.nextNumber(), shell.nextNumber())
    let promise = shell.expect(staged)
    shell.say(shell.framing.stage(command, armed: staged, fired: fired))
    guard try await promise.value(by: deadline) != nil else {
      shell.hangUp(forcibly: true)
      isDoubtful = true
      throw ShellError.late(command, sent: false)
    }
    lastBlow += 1
    armed = Armed(id: lastBlow, shell: shell, number: fired)
    return ShellBlow(id: lastBlow, transport: self)
  }

  /// A blow that takes longer is none whose answer is a matter of microseconds.
  private static let prompt = Duration.milliseconds(20)

  func fire(_ id: Int, within limit: Duration) async throws(TransportError) -> Blow {
    guard let armed, armed.id == id else { throw ShellError.spent() }
    self.armed = nil
    let promise = armed.shell.expect(armed.number)
    guard let sent = armed.shell.sayNow([UInt8(ascii: "\n")]) else {
      throw armed.shell.lost ?? ShellError.shellEnded()
    }
    let deadline = Instant.after(limit)
    var answer = try? await promise.value(by: min(deadline, .after(Self.prompt)))
    // Also without an answer: a script that has bent its outputs waits, and told nobody.
    armed.shell.say(Framing.release)
    if answer == nil { answer = try? await promise.value(by: deadline) }
    if answer == nil { armed.shell.hangUp(forcibly: false) }
    return Blow(
      sent: sent, acknowledged: answer?.heard ?? armed.shell.firstMarker, result: answer?.result)
  }

  func disarm(_ id: Int) {
    guard let armed, armed.id == id else { return }
    self.armed = nil
    armed.shell.hangUp(forcibly: false)
  }

  // MARK: Streams

  func stream(
    _ command: Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(TransportError) -> Int {
    try Self.check(command)
    // A stream has no deadline of its own; its start has.
    let deadline = Instant.after(.seconds(30))
    guard isOpen else { throw ShellError.notOpen() }
    let shell = try await newShell(by: deadline)
    lastStream += 1
    let id = lastStream
    streams[id] = shell
    defer { streams[id] = nil }
    let number = shell.nextNumber()
    let promise = shell.expect(number)
    shell.passOn = onOutput
    shell.say(shell.framing.stream(command, number))
    // By `self`: a closure that does not name the actor would leave its thread, where promises live.
    let answer = await withTaskCancellationHandler {
      await self.outcome(of: promise)
    } onCancel: {
      loop.perform { [weak self] in self?.assumeIsolated { $0.streams[id]?.hangUp(forcibly: false) }
      }
    }
    shell.hangUp(forcibly: false)
    if Task.isCancelled { return Self.endedByUs }
    return try answer.get()
  }

  /// 128 + SIGTERM: what a stream returns whose task was cancelled.
  private static let endedByUs = 143

  private func outcome(of promise: Promise<Shell.Answer>) async -> Result<Int, TransportError> {
    do throws(TransportError) {
      let answer = try await promise.value(by: Instant(nanoseconds: .max))
      return .success(answer?.result.status ?? Self.endedByUs)
    } catch {
      return .failure(error)
    }
  }

  // MARK: The road and its shells

  /// The shell for `run`; started anew when it, or the connection, was lost. Nothing of the
  /// command has been sent yet, so that this is no second try of it.
  private func readyShell(by deadline: Instant) async throws(TransportError) -> Shell {
    guard isOpen else { throw ShellError.notOpen() }
    if let shell, shell.isUp { return shell }
    let started = try await newShell(by: deadline)
    shell = started
    return started
  }

  private func newShell(by deadline: Instant) async throws(TransportError) -> Shell {
    if isDoubtful, road.isUp {
      isDoubtful = false
      // A connection that only slept may still serve; half of the time is left for a new one.
      let half = Instant.after(deadline.remaining / 2)
      if let started = try? await startedShell(by: half) { return started }
      await road.disconnect()
    }
    try await readyRoad(by: deadline)
    return try await startedShell(by: deadline)
  }

  private func readyRoad(by deadline: Instant) async throws(TransportError) {
    guard isOpen else { throw ShellError.notOpen() }
    guard await roadTurn.take(by: deadline) else { throw ShellError.silent() }
    defer { roadTurn.pass() }
    if road.isUp { return }
    try await road.connect(by: deadline)
    let description = road.description
    words.withLock { $0 = description }
    guard isOpen else {
      await road.disconnect()
      throw ShellError.hungUp()
    }
  }

  private func startedShell(by deadline: Instant) async throws(TransportError) -> Shell {
    let shell = Shell(on: loop)
    try await shell.start(on: road, by: deadline)
    guard isOpen else {
      shell.hangUp(forcibly: true)
      throw ShellError.hungUp()
    }
    return shell
  }

  private static func check(_ command: Command) throws(TransportError) {
    guard command.arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
      throw ShellError.nul(command)
    }
  }
}

/// The second half of an armed command.
struct ShellBlow: ArmedBlow {
  let id: Int
  let transport: ShellTransport

  func fire(within limit: Duration) async throws(TransportError) -> Blow {
    try await transport.fire(id, within: limit)
  }

  func disarm() async { await transport.disarm(id) }
}
