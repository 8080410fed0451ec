// The way to a node over SSH, by libssh2: connect, look who answers, show a key, start shells.

internal import CLibSSH2
internal import TakeoverModel

final class SSHRoad: Road {
  let description: String
  private let reach: Reach
  private let loop: PollLoop
  private var session: SSHSession?

  private var errors: SSHError { SSHError(reach: reach) }

  init(to reach: Reach, on loop: PollLoop) {
    self.reach = reach
    self.loop = loop
    let version = unsafe libssh2_version(0).map { unsafe String(cString: $0) } ?? "?"
    description = "ssh (libssh2 \(version)) \(reach.user)@\(reach.host):\(reach.port)"
  }

  var isUp: Bool { session?.isUp ?? false }

  nonisolated(nonsending) func connect(by deadline: Instant) async throws(TransportError) {
    // What is wrong here is said before anybody is called.
    if let path = reach.identity { _ = try IdentityFile(path, errors: errors).usable(errors) }
    let socket = try await SSHSocket(reach: reach, loop: loop).connected(by: deadline)
    let session = try SSHSession(on: loop, socket: socket)
    do throws(TransportError) {
      try await handshake(session, socket, by: deadline)
      try await SSHAuthentication(reach: reach, session: session).carryOut(by: deadline)
    } catch {
      session.end(error)
      throw error
    }
    self.session = session
  }

  nonisolated(nonsending)
    private func handshake(
      _ session: SSHSession, _ socket: CInt, by deadline: Instant
    ) async throws(TransportError)
  {
    let hosts = KnownHosts(reach: reach)
    try session.look { handle in hosts.prefer(hosts.types(handle), in: handle) }
    let late = errors.timedOut("agreeing on keys")
    let answer = try await session.finish(by: deadline, late: late) { handle in
      unsafe libssh2_session_handshake(handle.pointer, socket)
    }
    guard answer == 0 else { throw errors.handshake(answer, session.lastError) }
    try session.look { handle throws(TransportError) in try hosts.check(handle) }
  }

  nonisolated(nonsending)
    func startShell(for listener: any Listener, by deadline: Instant)
    async throws(TransportError) -> any Line
  {
    guard let session, session.isUp else { throw ShellError.hungUp() }
    let late = errors.timedOut("starting a shell")
    let opened = Opened()
    let answer = try await session.finish(by: deadline, late: late) { handle in opened.step(handle)
    }
    guard answer == 0, let channel = opened.channel else {
      throw errors.noChannel(session.lastError)
    }
    let line = SSHLine(channel, of: session, listener: listener)
    let program = reach.sudo ? "exec \(SudoRight.command)" : "exec sh"
    let started = try await session.finish(by: deadline, late: late) { _ in line.start(program) }
    session.add(line)
    guard started == 0 else {
      line.hangUp(forcibly: true)
      throw errors.noChannel(session.lastError)
    }
    return line
  }

  nonisolated(nonsending) func disconnect() async {
    session?.end(ShellError.hungUp())
    session = nil
  }

  /// Where the channel that is being opened will be.
  private final class Opened {
    var channel: SSHChannelHandle?

    /// The window (2 MiB) and packet size (32 KiB) are libssh2's defaults, which Swift cannot see.
    func step(_ session: SSHSessionHandle) -> CInt {
      let found = unsafe libssh2_channel_open_ex(
        session.pointer, "session", 7, 2 << 20,
        32 << 10, nil, 0)
      guard let found = unsafe found else {
        return unsafe libssh2_session_last_errno(session.pointer)
      }
      channel = unsafe SSHChannelHandle(found, of: session)
      return 0
    }
  }
}
