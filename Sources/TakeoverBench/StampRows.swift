// How long after the kernel has stamped a frame a program has it: what is decided on the wire's word
// is decided that much later.

internal import Glibc
internal import TakeoverModel
internal import TakeoverWire

struct StampRows {
  static let section = "kernel stamp → user code, 1000 frames/s"
  private static let ours = "PacketCapture"

  let segment: BenchSegment
  let seconds: Int

  func measure() async throws -> Findings {
    let (segment, length) = (segment, Duration.seconds(seconds))
    let frame = SampleFrames.announcement(of: SampleFrames.vip)
    let (heard, sent) = try await Listening.during(
      segment.point, filter: .claims(on: [SampleFrames.vip])
    ) { try await segment.blast(frame, rate: 1_000, for: length) }
    guard heard.frames == sent.sent else {
      throw Complaint("\(heard.frames) of \(sent.sent) frames were captured", remedy: "")
    }
    var findings = Findings()
    findings.rows.append(
      Row(
        Self.section, Self.ours, unit: "µs", heard.delays.map { Double($0) / 1_000 },
        note: "SO_TIMESTAMPNS to CLOCK_REALTIME in the callback of PacketCapture.run"))
    for (name, options) in [
      ("tcpdump -w -, read from a pipe", []), ("tcpdump -U -w -", ["-U"]),
      ("tcpdump --immediate-mode -U -w -", ["--immediate-mode", "-U"]),
    ] {
      guard let tcpdump = Tcpdump.found() else {
        findings.rows.append(.missing(Self.section, name, unit: "µs", needs: Tcpdump.lack))
        continue
      }
      let delays = try await delays(of: tcpdump, options, frame, length)
      findings.rows.append(
        Row(
          Self.section, name, unit: "µs", delays,
          note: "the same, at the reader; \(tcpdump.origin)"))
    }
    findings.compare(to: Self.ours)
    return findings
  }

  /// What it keeps back until it ends does not count.
  private func delays(
    of tcpdump: Tcpdump, _ options: [String], _ frame: [UInt8], _ length: Duration
  ) async throws -> [Double] {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw Complaint("no pipe", remedy: "ulimit -n") }
    let (output, input) = (ends[0], ends[1])
    _ = fcntl(output, F_SETFD, FD_CLOEXEC)
    _ = fcntl(input, F_SETFD, FD_CLOEXEC)
    async let arrivals = Self.arrivals(from: output)
    let ended: Int64
    do {
      ended = try await tcpdump.listening(at: segment.point, options, output: input) {
        _ = try await segment.blast(frame, rate: 1_000, for: length)
        return Realtime.nanoseconds()
      }.value
    } catch {
      close(input)
      throw error
    }
    close(input)
    return try await arrivals.filter { $0.at <= ended }.map { Double($0.at - $0.stamp) / 1_000 }
  }

  private struct Arrival: Sendable {
    var stamp: Int64
    var at: Int64
  }

  private static func arrivals(from descriptor: CInt) async throws -> [Arrival] {
    try await OwnThread.run { _ in
      defer { close(descriptor) }
      var (stream, all) = (PcapStream(), [Arrival]())
      var room = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = unsafe read(descriptor, &room, room.count)
        let now = Realtime.nanoseconds()
        guard count > 0 else { return all }
        all += try stream.feed(Array(room[..<count])).map { Arrival(stamp: $0.stamp, at: now) }
      }
    }
  }
}
