// A TCP connection that is spoken over, with the kernel's own time of arrival for what comes in.

import CLinux
import Glibc
package import TakeoverModel

/// Not thread-safe: belongs to the thread that reads it.
package final class StreamConnection {
  private let descriptor: Descriptor
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// What was there to be read.
  package enum Received: Hashable, Sendable {
    /// `stamp`: when the last of them arrived, nanoseconds since 1970 (CLOCK_REALTIME).
    case bytes([UInt8], stamp: Int64)
    case nothing
    /// The other side is gone; 0, or the errno.
    case end(Int32)
  }

  /// Sends the SYN. Throws when it cannot even be sent. `interface`: where link-local addresses
  /// belong to.
  package init(
    to address: IPAddress, port: UInt16, interface: String, namespace: String?
  ) throws(SystemFailure) {
    descriptor = try Descriptor(
      socket: SocketAddress.family(of: address), SOCK_STREAM, 0, in: namespace)
    let number = descriptor.number
    var yes: Int32 = 1
    // Small messages go out at once.
    _ = unsafe setsockopt(
      number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    try SystemFailure.check(
      clinux_stream_prepare(number), "cannot have arrivals stamped on a connection")
    let index = address.isLinkLocal ? unsafe clinux_interface_index(number, interface) : 0
    let code = unsafe SocketAddress.with(address, port: port, interface: index) { there, size in
      unsafe connect(number, there, size) == 0 ? 0 : errno
    }
    guard code == 0 || code == EINPROGRESS || code == EINTR else {
      throw SystemFailure(code, while: "cannot connect to \(address)")
    }
  }

  package func watched(_ wish: Watched.Wish) -> Watched { Watched(descriptor.number, wish) }

  /// After it was writable for the first time: 0 when the connection stands, else the errno.
  package func outcome() -> Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    let status = unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &size)
    return status == 0 ? code : errno
  }

  package func receive() -> Received {
    var stamp: Int64 = 0
    let capacity = buffer.count
    let number = descriptor.number
    let length = unsafe buffer.withUnsafeMutableBytes { room in
      unsafe clinux_stream_receive(
        number, room.baseAddress, capacity, Int32(MSG_DONTWAIT), &stamp)
    }
    if length == 0 { return .end(0) }
    guard length > 0 else {
      let code = Int32(truncatingIfNeeded: -length)
      return code == EAGAIN || code == EINTR ? .nothing : .end(code)
    }
    return .bytes(
      Array(buffer.prefix(length)), stamp: stamp == 0 ? Realtime.nanoseconds() : stamp)
  }

  /// How many of the bytes the kernel took; nil: the other side is gone.
  package func send(_ bytes: [UInt8]) -> Int? {
    let sent = unsafe Glibc.send(
      descriptor.number, bytes, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
    if sent >= 0 { return sent }
    return errno == EAGAIN || errno == EINTR ? 0 : nil
  }

  /// Makes closing send RST: what the other side did not take is not sent again and again.
  package func abandon() {
    var abruptly = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      descriptor.number, SOL_SOCKET, SO_LINGER, &abruptly, socklen_t(MemoryLayout<linger>.size))
  }
}
