// Sends ICMP messages as a client would: through the kernel's routes and neighbour table, so that
// a stale entry there shows.

import CLinux
import Glibc
package import TakeoverModel

package final class EchoSocket {
  /// nil where no address of the family is asked: a machine may do without IPv6.
  private let v4: Descriptor?
  private let v6: Descriptor?
  private let interface: Int32

  /// `interface`: the index of the interface that link-local addresses belong to.
  package init(
    to addresses: [IPAddress], namespace: String?, interface: Int32
  ) throws(SystemFailure) {
    let hasV4 = addresses.contains(where: \.isV4)
    let hasV6 = addresses.contains { !$0.isV4 }
    v4 = hasV4 ? try Self.open(AF_INET, Int32(IPPROTO_ICMP), namespace) : nil
    v6 = hasV6 ? try Self.open(AF_INET6, Int32(IPPROTO_ICMPV6), namespace) : nil
    self.interface = interface
  }

  private static func open(
    _ family: Int32, _ protocolNumber: Int32, _ namespace: String?
  ) throws(SystemFailure) -> Descriptor {
    let descriptor = try Descriptor(socket: family, SOCK_RAW, protocolNumber, in: namespace)
    // It only sends; the answers are read with the Ethernet header that says who they are from.
    let nothing = PacketFilter.nothing.program
    try SystemFailure.check(
      unsafe clinux_packet_attach(descriptor.number, nothing, nothing.count),
      "cannot attach the filter")
    // What waits for a neighbour's address must not keep the next question from being sent.
    var size: Int32 = 4 << 20
    _ = unsafe setsockopt(
      descriptor.number, SOL_SOCKET, SO_SNDBUFFORCE, &size,
      socklen_t(MemoryLayout<Int32>.size))
    return descriptor
  }

  /// Returns the errno, or 0.
  package func send(_ echo: ICMPEcho, to address: IPAddress) -> Int32 {
    guard let number = (address.isV4 ? v4 : v6)?.number else { return EAFNOSUPPORT }
    let bytes = echo.bytes(from: address, to: address)
    let sent = unsafe SocketAddress.with(address, port: 0, interface: interface) { there, size in
      unsafe sendto(number, bytes, bytes.count, Int32(MSG_DONTWAIT), there, size)
    }
    return sent < 0 ? errno : 0
  }
}
