// Reads a node's clock through its transport, by the best means that the node offers.

internal import TakeoverModel

struct NodeClock: Sendable {
  /// One means; each prints seconds since 1970 with a fraction.
  struct Means: Hashable, Sendable {
    var name: String
    var command: Command
  }

  /// bash(1) EPOCHREALTIME, GNU date(1), perl's Time::HiRes, python3's time.time_ns.
  static let means = [
    Means(name: "date", command: Command("date", "+%s.%N")),
    Means(name: "bash", command: Command("bash", "-c", "echo $EPOCHREALTIME")),
    Means(
      name: "perl",
      command: Command(
        "perl", "-MTime::HiRes=gettimeofday", "-e", "printf qq(%d.%06d\\n), gettimeofday")),
    Means(
      name: "python3",
      command: Command(
        "python3", "-c", "import time; n = time.time_ns(); print(f'{n//10**9}.{n%10**9:09}')")),
  ]

  /// A reading is worth little when it took so long.
  private static let limit = Duration.seconds(2)

  let transport: any Transport
  let clock: any RunClock
  private var chosen = NodeClock.means[0]

  /// Tries every means and keeps the one with the quickest round trip.
  static func choose(
    on transport: any Transport, clock: any RunClock
  ) async throws -> (NodeClock, samples: [ClockBracket.Sample]) {
    var node = NodeClock(transport: transport, clock: clock)
    var samples: [ClockBracket.Sample] = []
    var best: (means: Means, length: Duration)?
    for means in Self.means {
      for _ in 0..<3 {
        guard let sample = await node.read(by: means) else { break }
        samples.append(sample)
        let length = sample.received.since(sample.sent)
        if length < best?.length ?? limit { best = (means, length) }
      }
    }
    guard let best else {
      throw Complaint(
        "the clock of \(transport.description) cannot be read",
        remedy: "install one of GNU date, bash 5, perl, python3 there")
    }
    node.chosen = best.means
    return (node, samples)
  }

  private init(transport: any Transport, clock: any RunClock) {
    self.transport = transport
    self.clock = clock
  }

  /// nil when the node did not answer in time.
  func read() async -> ClockBracket.Sample? { await read(by: chosen) }

  private func read(by means: Means) async -> ClockBracket.Sample? {
    let sent = clock.now()
    guard let result = try? await transport.run(means.command, within: Self.limit),
      result.succeeded, let reading = Self.reading(result.text)
    else { return nil }
    return ClockBracket.Sample(
      sent: sent, node: reading.nanoseconds, received: clock.now(),
      resolution: reading.resolution)
  }

  /// `1700000000.123456` in nanoseconds, and what its last digit is worth.
  static func reading(_ text: String) -> (nanoseconds: Int64, resolution: Int64)? {
    let line = text.split(whereSeparator: \.isNewline).first ?? ""
    // EPOCHREALTIME has the locale's decimal point.
    let parts = line.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    guard parts.count == 2, (1...9).contains(parts[1].utf8.count),
      parts.allSatisfy({ $0.utf8.allSatisfy { 48...57 ~= $0 } }),
      let seconds = Int64(parts[0]), let fraction = Int64(parts[1]), seconds < 1 << 33
    else { return nil }
    var resolution: Int64 = 1
    for _ in parts[1].utf8.count..<9 { resolution *= 10 }
    return (seconds * 1_000_000_000 + fraction * resolution, resolution)
  }
}
