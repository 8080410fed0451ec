// A TCP connection that is kept: bytes go out and come in without waiting, and the kernel says when they
// came and whether what went out arrived.

import CLinux
import Glibc
package import TakeoverModel

package final class KeptConnection {
  package enum Received: Hashable, Sendable {
    /// `at`: when the kernel got the last of them, nanoseconds since 1970.
    case bytes([UInt8], at: Int64)
    /// The other side has ended it.
    case end
    /// Nothing for now.
    case nothing
    /// The errno: it is gone.
    case failure(Int32)
  }

  private let descriptor: Descriptor
  private var room = [UInt8](repeating: 0, count: 16_384)

  /// Begins to connect. Throws when not even that can be done. `interface`: where link-local addresses
  /// belong to.
  package init(
    to address: IPAddress, port: UInt16, interface: String, namespace: String?
  ) throws(SystemFailure) {
    descriptor = try Descriptor(
      socket: SocketAddress.family(of: address), SOCK_STREAM, 0, in: namespace)
    let number = descriptor.number
    // A request is small, and must not wait for the acknowledgement of the one before.
    var now: Int32 = 1
    _ = unsafe setsockopt(
      number, Int32(IPPROTO_TCP), TCP_NODELAY, &now, socklen_t(MemoryLayout<Int32>.size))
    try SystemFailure.check(clinux_stream_prepare(number), "cannot ask for stamps")
    let index = address.isLinkLocal ? unsafe clinux_interface_index(number, interface) : 0
    let code = unsafe SocketAddress.with(address, port: port, interface: index) { there, size in
      unsafe connect(number, there, size) == 0 ? 0 : errno
    }
    guard code == 0 || code == EINPROGRESS || code == EINTR else {
      throw SystemFailure(code, while: "cannot connect to \(address)")
    }
  }

  /// Ready once it is decided whether it stands.
  package var opening: Watched { Watched(descriptor.number, .writable) }
  /// Ready when something came, or its end.
  package var incoming: Watched { Watched(descriptor.number) }

  /// After `opening` was ready: 0 when the connection stands, else the errno.
  package func outcome() -> Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    let status = unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &size)
    return status == 0 ? code : errno
  }

  /// 0, or the errno. A request that does not fit into an empty buffer is not one of ours.
  package func send(_ bytes: [UInt8]) -> Int32 {
    let sent = unsafe Glibc.send(
      descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    if sent == bytes.count { return 0 }
    return sent < 0 ? errno : ENOBUFS
  }

  package func receive() -> Received {
    var stamp: Int64 = 0
    let length = unsafe clinux_stream_receive(descriptor.number, &room, room.count, 0, &stamp)
    if length > 0 {
      return .bytes(
        Array(room[..<length]), at: stamp == 0 ? Realtime.nanoseconds() : stamp)
    }
    switch Int32(truncatingIfNeeded: -length) {
    case 0: return .end
    case EAGAIN, EINTR: return .nothing
    case let code: return .failure(code)
    }
  }

  /// Whether the other side's kernel has acknowledged all that was sent; nil: ours does not say.
  package var isAcknowledged: Bool? {
    let left = clinux_stream_unacknowledged(descriptor.number)
    return left < 0 ? nil : left == 0
  }
}
