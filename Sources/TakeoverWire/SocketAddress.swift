// Addresses as the socket calls want them.

import Glibc
import TakeoverModel

enum SocketAddress {
  /// Calls `body` with a sockaddr_in or a sockaddr_in6. `interface`: the index of the one that a
  /// link-local address belongs to.
  static func with<Result>(
    _ address: IPAddress, port: UInt16, interface: Int32 = 0,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    switch address {
    case .v4(let value):
      var there = sockaddr_in()
      there.sin_family = sa_family_t(AF_INET)
      there.sin_port = port.bigEndian
      there.sin_addr = in_addr(s_addr: value.bigEndian)
      return unsafe call(there, body)
    case .v6:
      var there = sockaddr_in6()
      there.sin6_family = sa_family_t(AF_INET6)
      there.sin6_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &there.sin6_addr) { room in
        unsafe room.copyBytes(from: address.bytes)
      }
      if address.isLinkLocal { there.sin6_scope_id = UInt32(truncatingIfNeeded: interface) }
      return unsafe call(there, body)
    }
  }

  /// AF_INET or AF_INET6.
  static func family(of address: IPAddress) -> Int32 { address.isV4 ? AF_INET : AF_INET6 }

  private static func call<Address, Result>(
    _ there: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: there) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }
}
