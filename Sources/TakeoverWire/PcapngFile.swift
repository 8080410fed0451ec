// A pcapng file that grows while the run goes on. Only whole blocks are written, so that it can be
// read whenever the process dies.

import Glibc
package import TakeoverModel

/// Not thread-safe: belongs to the thread that captures.
package final class PcapngFile {
  private let path: String
  private let descriptor: Descriptor
  private var pending: [UInt8] = []
  /// How many frames the file has; the last one's number.
  package private(set) var frameCount = 0

  /// Creates the file with one interface for each of `points`, and names for the addresses.
  package init(
    path: String, points: [CapturePoint], names: [(address: IPAddress, name: String)]
  ) throws(SystemFailure) {
    let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw SystemFailure(errno, while: "cannot create \(path)") }
    self.path = path
    descriptor = Descriptor(number)
    pending = PcapngBlock.section(application: "takeover")
    for point in points {
      let description = point.node.map { "\(point.name): port of \($0)" } ?? point.name
      pending += PcapngBlock.interface(name: point.interface, description: description)
    }
    if !names.isEmpty { pending += PcapngBlock.names(names) }
    try flush()
  }

  /// Returns the frame's number, from 1.
  package func append(_ frame: PcapngBlock.Frame) throws(SystemFailure) -> Int {
    pending += PcapngBlock.frame(frame)
    frameCount += 1
    if pending.count >= 65_536 { try flush() }
    return frameCount
  }

  package func appendStatistics(
    interface: Int, time: Int64, received: Int, dropped: Int
  ) {
    pending += PcapngBlock.statistics(
      interface: interface, time: time, received: received, dropped: dropped)
  }

  /// Hands over to the kernel what is still here.
  package func flush() throws(SystemFailure) {
    var rest = pending[...]
    while !rest.isEmpty {
      let number = descriptor.number
      let written = unsafe rest.withUnsafeBytes { unsafe write(number, $0.baseAddress, $0.count) }
      guard written >= 0 || errno == EINTR else {
        throw SystemFailure(errno, while: "cannot write \(path)")
      }
      rest = rest.dropFirst(max(0, written))
    }
    pending.removeAll(keepingCapacity: true)
  }
}
