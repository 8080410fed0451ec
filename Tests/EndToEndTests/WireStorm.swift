// A storm of one frame from a host of a segment, at a chosen rate.

import CLinux
import Glibc
import Synchronization
import TakeoverModel
import TakeoverWire

struct WireStorm {
  let path: String

  /// Sends `frame` about `rate` times a second for `length`, a burst each millisecond, on a thread of
  /// its own; returns how many left and how long it took.
  func blow(
    _ frame: [UInt8], rate: Int, for length: Duration
  ) async throws -> (sent: Int, took: Duration) {
    let path = path
    return try await OwnThread.run { _ in
      let number = unsafe clinux_socket_in_namespace(path, AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
      guard number >= 0 else { throw SystemFailure(-number, while: "cannot open a socket") }
      defer { close(number) }
      let index = unsafe clinux_interface_index(number, "eth0")
      guard index >= 0, clinux_packet_bind(number, index, 0) == 0 else {
        throw SystemFailure(ENODEV, while: "cannot bind")
      }
      let began = ContinuousClock.now
      var sent = 0
      while true {
        let elapsed = ContinuousClock.now - began
        if elapsed >= length { return (sent, elapsed) }
        let due = Int(Double(elapsed.nanoseconds) * 1e-9 * Double(rate)) - sent
        if due <= 0 {
          usleep(200)
        } else {
          sent += Self.burst(frame, count: min(due, 512), on: number)
        }
      }
    }
  }

  /// Returns how many were taken.
  private static func burst(_ frame: [UInt8], count: Int, on number: Int32) -> Int {
    var taken = 0
    for _ in 0..<count where unsafe send(number, frame, frame.count, 0) == frame.count {
      taken += 1
    }
    return taken
  }
}

/// How many were sent, from one task to another.
final class CountedFrames: Sendable {
  private let count = Atomic(0)
  var value: Int { count.load(ordering: .acquiring) }
  func set(_ value: Int) { count.store(value, ordering: .releasing) }
}
