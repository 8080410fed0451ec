// One TCP connection that is made only to see whether it can be made.

import CLinux
import Glibc
package import TakeoverModel

package final class ConnectAttempt {
  private let descriptor: Descriptor

  /// Sends the SYN. Throws when it cannot even be sent. `interface`: where link-local addresses
  /// belong to.
  package init(
    to address: IPAddress, port: UInt16, interface: String, namespace: String?
  ) throws(SystemFailure) {
    descriptor = try Descriptor(
      socket: SocketAddress.family(of: address), SOCK_STREAM, 0, in: namespace)
    // Closing sends RST: nothing lingers on either side, hundreds a second leave no trace.
    var abruptly = linger(l_onoff: 1, l_linger: 0)
    let number = descriptor.number
    _ = unsafe setsockopt(
      number, SOL_SOCKET, SO_LINGER, &abruptly, socklen_t(MemoryLayout<linger>.size))
    let index = address.isLinkLocal ? unsafe clinux_interface_index(number, interface) : 0
    let code = unsafe SocketAddress.with(address, port: port, interface: index) { there, size in
      unsafe connect(number, there, size) == 0 ? 0 : errno
    }
    guard code == 0 || code == EINPROGRESS || code == EINTR else {
      throw SystemFailure(code, while: "cannot connect to \(address)")
    }
  }

  /// Ready once it is decided.
  package var watched: Watched { Watched(descriptor.number, .writable) }

  /// After `watched` was ready: 0 when the connection stands, else the errno.
  package func outcome() -> Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    let status = unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &size)
    return status == 0 ? code : errno
  }
}
