// One channel of a session: a shell's input going out, its two outputs coming in.

internal import CLibSSH2
internal import TakeoverModel

/// Lives on its loop's thread.
final class SSHLine: Line {
  enum Going {
    case going
    /// Freed; nothing is left to move.
    case over
    case sessionLost
  }

  private weak var session: SSHSession?
  private weak var listener: (any Listener)?
  private var channel: SSHChannelHandle?
  private var outgoing: [UInt8] = []
  private var isLeaving = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 15)

  init(_ channel: SSHChannelHandle, of session: SSHSession, listener: any Listener) {
    self.channel = channel
    self.session = session
    self.listener = listener
  }

  /// One step of running the program; repeated until it does not answer EAGAIN.
  func start(_ program: String) -> CInt {
    guard let pointer = unsafe channel?.pointer else { return LIBSSH2_ERROR_CHANNEL_CLOSED }
    return unsafe libssh2_channel_process_startup(
      pointer, "exec", 4, program, CUnsignedInt(program.utf8.count))
  }

  func send(_ bytes: [UInt8]) {
    queue(bytes)
    session?.pump()
  }

  func sendNow(_ bytes: [UInt8]) -> Int64? {
    guard !isLeaving, channel != nil else { return nil }
    return session?.writeNow(bytes, to: self)
  }

  /// The far end reads the end of its input; what it runs there cannot be reached from here.
  func hangUp(forcibly: Bool) {
    isLeaving = true
    listener = nil
    outgoing = []
    session?.pump()
  }

  func queue(_ bytes: [UInt8]) { outgoing += bytes }

  /// Frees the channel; its session is about to end.
  func release() { channel = nil }

  func tell(_ reason: TransportError) {
    let listener = self.listener
    self.listener = nil
    listener?.ended(reason)
  }

  func move(_ traffic: SSHTraffic) -> Going {
    guard channel != nil else { return .over }
    if isLeaving { return leave() }
    flush()
    guard channel != nil, !traffic.isChoked else { return .going }
    for stream in [OutputStream.output, .errorOutput] {
      let answer = read(stream, traffic)
      if traffic.isChoked { return .going }
      if answer < 0, answer != LIBSSH2_ERROR_EAGAIN {
        guard answer == LIBSSH2_ERROR_CHANNEL_CLOSED else { return .sessionLost }
      }
    }
    guard let pointer = unsafe channel?.pointer, unsafe libssh2_channel_eof(pointer) != 0 else {
      return .going
    }
    isLeaving = true
    tell(ShellError.shellEnded())
    return leave()
  }

  func flush() {
    while !outgoing.isEmpty, let pointer = unsafe channel?.pointer {
      let written = unsafe outgoing.withUnsafeBytes { bytes in
        unsafe libssh2_channel_write_ex(
          pointer, 0, bytes.assumingMemoryBound(to: CChar.self).baseAddress,
          min(bytes.count, 1 << 15))
      }
      // A closed channel is noticed when reading.
      guard written > 0 else { return }
      outgoing.removeFirst(written)
    }
  }

  /// Reads until there is no more; returns libssh2's last answer.
  private func read(_ stream: OutputStream, _ traffic: SSHTraffic) -> CInt {
    while let pointer = unsafe channel?.pointer {
      let id = stream == .output ? 0 : SSH_EXTENDED_DATA_STDERR
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe libssh2_channel_read_ex(
          pointer, id, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
      }
      guard count > 0 else { return CInt(count) }
      listener?.heard(Array(buffer[..<count]), on: stream, at: traffic.lastRead)
    }
    return 0
  }

  private func leave() -> Going {
    guard channel?.free() ?? true else { return .going }
    channel = nil
    return .over
  }
}
