// Which interface of this machine lies in the pair's segment.

internal import Foundation
internal import Glibc
internal import TakeoverKeepalived
internal import TakeoverModel

enum Segment {
  /// The first interface with an address in a network of the members' interfaces; nil: none.
  static func interface(toward members: [Member]) -> String? {
    let networks = members.flatMap { member in
      let names = Set(member.configuration.instances.compactMap { $0.interface?.value })
      return (member.facts?.interfaces ?? []).filter { names.contains($0.name) }
        .flatMap(\.addresses)
    }
    return own().first { _, address in
      networks.contains {
        $0.prefix < 32 && $0.address.isV4 && share($0.address, address, $0.prefix)
      }
    }?.name
  }

  private static func share(_ one: IPAddress, _ other: IPAddress, _ prefix: Int) -> Bool {
    guard case .v4(let left) = one, case .v4(let right) = other, prefix > 0 else { return false }
    return (left ^ right) >> UInt32(32 - prefix) == 0
  }

  /// This machine's IPv4 addresses, but the loopback's (getifaddrs(3)).
  private static func own() -> [(name: String, address: IPAddress)] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&list) == 0 else { return [] }
    defer { unsafe freeifaddrs(list) }
    var found: [(name: String, address: IPAddress)] = []
    var next = unsafe list
    while let entry = unsafe next?.pointee {
      unsafe next = entry.ifa_next
      guard let address = unsafe entry.ifa_addr, unsafe address.pointee.sa_family == AF_INET,
        unsafe entry.ifa_flags & UInt32(IFF_LOOPBACK) == 0
      else { continue }
      let bits = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        UInt32(bigEndian: unsafe $0.pointee.sin_addr.s_addr)
      }
      found.append((unsafe String(cString: entry.ifa_name), .v4(bits)))
    }
    return found
  }
}
