// libssh2's handles, each freed by its owner's end. The others are made from a session and touch it when
// they are freed: each keeps it until then.

internal import CLibSSH2
internal import CLinux
internal import Glibc

/// What the socket callbacks of a session saw.
final class SSHTraffic {
  /// Bytes received since the beginning: unchanged means that a call has read nothing.
  var received = 0
  /// CLOCK_REALTIME at which the bytes came that were read last: when the kernel received them,
  /// because on a busy machine this thread may learn of them half a millisecond later.
  var lastRead: Int64 = 0
  /// A packet was handed to the kernel in part only. libssh2 demands that the same call is repeated
  /// before any other sends (LIBSSH2_ERROR_BAD_USE).
  var isChoked = false
}

/// Lives on its loop's thread, as all that is made from it.
@safe final class SSHSessionHandle {
  let pointer: OpaquePointer
  /// Open for as long as libssh2 may write to it: its number must not become another's before. nil: none.
  private let socket: CInt?
  /// Not owned by libssh2, which only carries the address to the callbacks.
  let traffic: SSHTraffic

  private static let library = libssh2_init(0)

  /// Takes over the socket where it succeeds.
  init?(on socket: CInt? = nil) {
    guard Self.library == 0 else { return nil }
    let traffic = SSHTraffic()
    let address = unsafe Unmanaged.passUnretained(traffic).toOpaque()
    guard let session = unsafe libssh2_session_init_ex(nil, nil, nil, address) else { return nil }
    self.socket = socket
    self.traffic = traffic
    unsafe pointer = session
    unsafe libssh2_session_set_blocking(pointer, 0)
    let receive = unsafe unsafeBitCast(receiveBytes, to: UnsafeMutableRawPointer.self)
    let send = unsafe unsafeBitCast(sendBytes, to: UnsafeMutableRawPointer.self)
    _ = unsafe libssh2_session_callback_set(pointer, LIBSSH2_CALLBACK_RECV, receive)
    _ = unsafe libssh2_session_callback_set(pointer, LIBSSH2_CALLBACK_SEND, send)
  }

  /// The socket is shut down by now: nothing can block, and a few calls are enough.
  deinit {
    for _ in 0..<100 where unsafe libssh2_session_free(pointer) != LIBSSH2_ERROR_EAGAIN { break }
    if let socket { close(socket) }
  }

  func sayGoodbye() {
    _ = unsafe libssh2_session_disconnect_ex(
      pointer, SSH_DISCONNECT_BY_APPLICATION, "done", "")
  }

  var lastError: String {
    var text: UnsafeMutablePointer<CChar>?
    _ = unsafe libssh2_session_last_error(pointer, &text, nil, 0)
    guard let text = unsafe text else { return "no reason given" }
    return unsafe String(cString: text)
  }
}

@safe final class SSHChannelHandle {
  let pointer: OpaquePointer
  private let session: SSHSessionHandle
  private var isFree = false

  init(_ pointer: OpaquePointer, of session: SSHSessionHandle) {
    unsafe self.pointer = unsafe pointer
    self.session = session
  }

  deinit { if !isFree { _ = unsafe libssh2_channel_free(pointer) } }

  /// Says goodbye and frees the channel, which is not to be used then.
  /// - Returns: false when it must be called again.
  func free() -> Bool {
    if !isFree { isFree = unsafe libssh2_channel_free(pointer) != LIBSSH2_ERROR_EAGAIN }
    return isFree
  }
}

/// A connection to the agent behind SSH_AUTH_SOCK, with the list of its keys.
@safe struct SSHAgentHandle: ~Copyable {
  let pointer: OpaquePointer
  private let session: SSHSessionHandle

  private init(_ pointer: OpaquePointer, of session: SSHSessionHandle) {
    unsafe self.pointer = unsafe pointer
    self.session = session
  }

  static func connected(for session: SSHSessionHandle) -> SSHAgentHandle? {
    guard let pointer = unsafe libssh2_agent_init(session.pointer) else { return nil }
    let agent = unsafe SSHAgentHandle(pointer, of: session)
    guard unsafe libssh2_agent_connect(agent.pointer) == 0,
      unsafe libssh2_agent_list_identities(agent.pointer) == 0
    else { return nil }
    return agent
  }

  deinit {
    _ = unsafe libssh2_agent_disconnect(pointer)
    unsafe libssh2_agent_free(pointer)
  }
}

private typealias Receive =
  @convention(c) (
    CInt, UnsafeMutableRawPointer?, Int, CInt, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> Int
private typealias Send =
  @convention(c) (
    CInt, UnsafeRawPointer?, Int, CInt, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> Int

private func traffic(
  behind abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> SSHTraffic? {
  guard let address = unsafe abstract?.pointee else { return nil }
  return unsafe Unmanaged<SSHTraffic>.fromOpaque(address).takeUnretainedValue()
}

private let receiveBytes: Receive = { socket, buffer, length, flags, abstract in
  var stamp: Int64 = 0
  let count = unsafe clinux_stream_receive(socket, buffer, length, flags, &stamp)
  // libssh2 wants the error number, negated, and knows no EINTR.
  guard count >= 0 else { return count == Int(-EINTR) ? Int(-EAGAIN) : count }
  if let traffic = unsafe traffic(behind: abstract), count > 0 {
    traffic.lastRead = stamp > 0 ? stamp : wallClock()
    traffic.received &+= count
  }
  return count
}

private let sendBytes: Send = { socket, buffer, length, flags, abstract in
  let count = unsafe send(socket, buffer, length, flags | CInt(MSG_NOSIGNAL))
  let error = errno
  unsafe traffic(behind: abstract)?.isChoked =
    count < 0 ? error == EAGAIN || error == EINTR : count < length
  guard count >= 0 else { return error == EINTR ? Int(-EAGAIN) : Int(-error) }
  return count
}
