// A routing socket in a network namespace that hears every change of the neighbour table, on the
// thread that reads it.

import CLinux
import Glibc

/// Not thread-safe: belongs to the thread that reads it.
package final class NeighbourTable {
  /// A burst of changes that finds no room is told of by ENOBUFS, and asked for again.
  private static let receiveBuffer: Int32 = 4 << 20

  private let socket: Descriptor
  /// For questions about the interface, which not every kernel answers on a routing socket.
  private let other: Descriptor
  private let interface: String
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// From here on no change is missed.
  package init(interface: String, namespace: String?) throws(SystemFailure) {
    socket = try Descriptor(socket: AF_NETLINK, SOCK_RAW, 0, in: namespace)
    other = try Descriptor(socket: AF_INET, SOCK_DGRAM, 0, in: namespace)
    self.interface = interface
    try SystemFailure.check(
      clinux_netlink_bind(socket.number, 4, Self.receiveBuffer), "cannot hear of neighbours")
    try SystemFailure.check(index, "cannot find the interface \(interface)")
  }

  package var watched: Watched { Watched(socket.number) }

  /// The interface's index now; negative when it is gone.
  package var index: Int32 { unsafe clinux_interface_index(other.number, interface) }

  /// One question at a time: the answer ends with `done`.
  package func ask(_ question: [UInt8]) throws(SystemFailure) {
    let number = socket.number
    guard unsafe send(number, question, question.count, 0) >= 0 else {
      throw SystemFailure(errno, while: "cannot ask for neighbours")
    }
  }

  /// The next messages; nil when there are none now. Throws ENOBUFS when some were lost.
  package func receive() throws(SystemFailure) -> [NetlinkMessage]? {
    let (number, capacity) = (socket.number, buffer.count)
    let length = unsafe buffer.withUnsafeMutableBytes { room in
      unsafe clinux_netlink_receive(number, room.baseAddress, capacity)
    }
    if length == -EAGAIN || length == -EINTR { return nil }
    try SystemFailure.check(length, "cannot read the neighbour table")
    guard Int(length) <= capacity else {
      throw SystemFailure(ENOBUFS, while: "cannot read the neighbour table")
    }
    return NetlinkMessage.all(in: Array(buffer.prefix(Int(length))))
  }
}
