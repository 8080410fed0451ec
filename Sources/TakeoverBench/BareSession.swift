// libssh2 as its examples use it: blocking, on the caller's thread, nothing around it. What an armed
// blow costs above this is our own doing.

internal import CLibSSH2
internal import CLinux
internal import Glibc
internal import TakeoverModel

/// Not thread-safe: used by one thread at a time. Unchecked, because that thread changes.
@safe final class BareSession: @unchecked Sendable {
  private let socket: CInt
  private let session: OpaquePointer
  private let channel: OpaquePointer

  /// Connects, shows the key and starts `program` on one channel. The host's key is not looked at:
  /// the node is a laboratory's.
  init(to reach: Reach, running program: String) throws(Complaint) {
    socket = try Self.connected(to: reach)
    guard libssh2_init(0) == 0, let session = unsafe libssh2_session_init_ex(nil, nil, nil, nil)
    else { throw Self.failed("begin") }
    unsafe self.session = session
    let user = reach.user
    guard unsafe libssh2_session_handshake(session, socket) == 0 else {
      throw Self.failed("shake hands")
    }
    let shown = unsafe libssh2_userauth_publickey_fromfile_ex(
      session, user, CUnsignedInt(user.utf8.count), nil, reach.identity, nil)
    guard shown == 0 else { throw Self.failed("show its key") }
    // Window and packet size are libssh2's defaults, which Swift cannot see.
    guard
      let channel = unsafe libssh2_channel_open_ex(
        session, "session", 7, 2 << 20, 32 << 10, nil, 0)
    else { throw Self.failed("open a channel") }
    unsafe self.channel = channel
    let started = unsafe libssh2_channel_process_startup(
      channel, "exec", 4, program, CUnsignedInt(program.utf8.count))
    guard started == 0 else { throw Self.failed("start \(program)") }
  }

  deinit {
    unsafe libssh2_channel_free(channel)
    unsafe libssh2_session_free(session)
    close(socket)
  }

  /// Writes `words` and reads until as many bytes as `answer` have come; returns how long it took.
  func roundTrip(_ words: [UInt8], answer: Int) throws(Complaint) -> Duration {
    var room = [UInt8](repeating: 0, count: 256)
    let began = ContinuousClock.now
    let written = unsafe words.withUnsafeBytes { bytes in
      unsafe libssh2_channel_write_ex(
        channel, 0, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
    }
    guard written == words.count else { throw Self.failed("write") }
    var heard = 0
    while heard < answer {
      let count = unsafe room.withUnsafeMutableBytes { bytes in
        unsafe libssh2_channel_read_ex(
          channel, 0, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
      }
      guard count > 0 else { throw Self.failed("read") }
      heard += count
    }
    return ContinuousClock.now - began
  }

  private static func connected(to reach: Reach) throws(Complaint) -> CInt {
    guard case .v4(let address)? = IPAddress(reach.host) else {
      throw failed("use an address that is not IPv4")
    }
    let kind = CInt(SOCK_STREAM.rawValue)
    let number =
      if let path = reach.namespace {
        unsafe clinux_socket_in_namespace(path, AF_INET, kind, 0)
      } else {
        clinux_socket_in_namespace(nil, AF_INET, kind, 0)
      }
    guard number >= 0 else { throw failed("open a socket") }
    var there = sockaddr_in()
    there.sin_family = sa_family_t(AF_INET)
    there.sin_port = UInt16(reach.port).bigEndian
    there.sin_addr = in_addr(s_addr: address.bigEndian)
    let status = unsafe withUnsafePointer(to: there) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(number)
      throw failed("connect")
    }
    var yes: CInt = 1
    unsafe setsockopt(
      number, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
    return number
  }

  private static func failed(_ what: String) -> Complaint {
    Complaint("the bare libssh2 session could not \(what)", remedy: "look at the node's sshd")
  }
}
