// File descriptors that close themselves, and waiting for several of them at once.

import CLinux
import Glibc

/// Owns a file descriptor.
final class Descriptor: Sendable {
  let number: Int32
  init(_ number: Int32) { self.number = number }

  /// A socket inside the network namespace at a path (nil: here) that never waits.
  init(
    socket domain: Int32, _ type: __socket_type, _ protocolNumber: Int32, in namespace: String?
  ) throws(SystemFailure) {
    let type = Int32(type.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let status: Int32
    if let namespace {
      status = unsafe clinux_socket_in_namespace(namespace, domain, type, protocolNumber)
    } else {
      status = clinux_socket_in_namespace(nil, domain, type, protocolNumber)
    }
    let place = namespace.map { " in \($0)" } ?? ""
    number = try SystemFailure.check(status, "cannot open a socket\(place)")
  }

  deinit { close(number) }
}

/// What to wait for, and what came.
package struct Watched: Hashable, Sendable {
  package enum Wish: Hashable, Sendable { case readable, writable }
  package var descriptor: Int32
  package var wish: Wish

  package init(_ descriptor: Int32, _ wish: Wish = .readable) {
    self.descriptor = descriptor
    self.wish = wish
  }

  /// Waits until one of `all` is ready or has failed, or until `deadline` (CLOCK_REALTIME,
  /// nanoseconds). Returns for each whether it is.
  package static func wait(
    for all: [Watched], until deadline: Int64
  ) throws(SystemFailure) -> [Bool] {
    var entries = all.map { watched in
      pollfd(
        fd: watched.descriptor,
        events: Int16(truncatingIfNeeded: watched.wish == .readable ? POLLIN : POLLOUT),
        revents: 0)
    }
    let left = max(0, deadline &- Realtime.nanoseconds())
    let status = unsafe clinux_wait(&entries, entries.count, left)
    if status == -EINTR { return all.map { _ in false } }
    try SystemFailure.check(status, "cannot wait for frames")
    return entries.map { $0.revents != 0 }
  }
}
