// Two network namespaces and a wire between them: one sends, the other captures. Nothing leaves them.

internal import Foundation
internal import Glibc
internal import TakeoverModel
internal import TakeoverWire

struct BenchSegment: Sendable {
  private let prefix: String

  /// The end that captures.
  var point: CapturePoint { CapturePoint(name: "b", interface: "eth0", namespace: path("b")) }

  /// Both are gone when `body` has returned or thrown.
  static func standing<Value>(
    _ body: (BenchSegment) async throws -> Value
  ) async throws -> Value {
    let segment = BenchSegment(prefix: "tkbench\(ProcessInfo.processInfo.processIdentifier)")
    let (a, b) = ("\(segment.prefix)-a", "\(segment.prefix)-b")
    defer { for name in [a, b] { _ = try? Child.run(["ip", "netns", "del", name]) } }
    for name in [a, b] { try Child.must(["ip", "netns", "add", name]) }
    try Child.must(
      ["ip", "-n", a, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", b])
    for name in [a, b] {
      // No neighbour discovery of the kernel's own among the frames that are counted.
      try Child.must(["ip", "-n", name, "link", "set", "eth0", "addrgenmode", "none"])
      try Child.must(["ip", "-n", name, "link", "set", "eth0", "up"])
    }
    return try await body(segment)
  }

  func path(_ end: String) -> String { "/run/netns/\(prefix)-\(end)" }

  struct Blast: Sendable {
    var sent = 0
    var seconds = 0.0
    /// The sending thread's.
    var processorSeconds = 0.0

    var rate: Double { Double(sent) / seconds }
  }

  /// Sends `frame` about `rate` times a second for `length`, on a thread of its own; single frames
  /// up to 1000 a second, above that a burst every 0.2 ms.
  func blast(_ frame: [UInt8], rate: Int, for length: Duration) async throws -> Blast {
    let there = path("a")
    return try await OwnThread.run { stop in
      let socket = try PacketSocket(interface: "eth0", namespace: there, filter: .nothing)
      let began = ContinuousClock.now
      var blast = Blast()
      while true {
        let elapsed = (ContinuousClock.now - began).seconds
        let isCancelled = try Watched.wait(for: [stop.watched], until: 0)[0]
        if elapsed >= length.seconds || isCancelled {
          blast.seconds = elapsed
          blast.processorSeconds = Processor.thread
          return blast
        }
        let due = Int(elapsed * Double(rate)) - blast.sent
        if due <= 0 { usleep(rate <= 1_000 ? 100 : 200) }
        for _ in 0..<min(max(due, 0), 512) where socket.send(frame) == 0 { blast.sent += 1 }
      }
    }
  }
}

/// Processor time, user and system, in seconds.
enum Processor {
  static var thread: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }
  static var process: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
