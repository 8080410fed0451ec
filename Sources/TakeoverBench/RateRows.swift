// How many frames a second are captured without losing one, and what it costs; and what a storm of
// frames costs that are somebody else's.

internal import Glibc
internal import Synchronization
internal import TakeoverModel
internal import TakeoverRun
internal import TakeoverWire

struct RateRows {
  static let section = "highest rate without a lost frame"
  static let stormSection = "a foreign storm, 200,000 frames/s"
  /// The same room as PacketCapture takes, in the unit of tcpdump's -B.
  private static let tcpdumpBuffer = ["-B", "\(16 << 10)"]
  private static let steps = [
    1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000,
    150_000, 200_000, 300_000, 400_000, 600_000,
  ]

  let segment: BenchSegment
  /// How long each rate is held: the buffer hides a deficit for a while.
  let seconds: Int
  /// How often each way is tried.
  let count: Int

  /// What a rate came to.
  private struct Trial: Sendable {
    var rate: Double
    /// Nothing was lost, and nothing was left to do at the end.
    var isKept: Bool
    /// Percent of one core.
    var processor: Double
  }

  private typealias Way = (Int) async throws -> Trial

  func measure() async throws -> Findings {
    let tcpdump = Tcpdump.found()
    var findings = Findings()
    let ways: [(String, String, Way?)] = [
      ("PacketCapture", "frames counted, 16 MiB of buffer", counted),
      ("the wire observer, pcapng and journal", "WireObserver into files of a run", observed),
      (
        "tcpdump -w FILE", tcpdump.map { "\($0.origin), -B 16384" } ?? "",
        tcpdump.map { tcpdump in { try await dumped(tcpdump, $0) } }
      ),
    ]
    for (name, note, way) in ways {
      guard let way else {
        findings.rows.append(.missing(Self.section, name, unit: "frames/s", needs: Tcpdump.lack))
        continue
      }
      Bench.note("rates of \(name)")
      let (best, limit) = try await climbs(way)
      findings.rows.append(
        Row(
          Self.section, name, unit: "frames/s", best.map(\.rate),
          note: "\(note); \(seconds) s at each rate\(limit)"))
      findings.rows.append(
        Row(Self.section, "  its processor there", unit: "% of a core", best.map(\.processor)))
    }
    findings.compare(to: ways[0].0)
    return findings + (try await storm(tcpdump))
  }

  /// Each climb begins at the first rate, or two steps below the one that was kept before.
  private func climbs(_ way: Way) async throws -> (best: [Trial], limit: String) {
    var (best, limit, start) = ([Trial](), "", 0)
    for _ in 0..<count {
      var kept: Trial?
      for (index, rate) in Self.steps.enumerated().dropFirst(start) {
        try Task.checkCancellation()
        let trial = try await way(rate)
        guard trial.isKept else { break }
        kept = trial
        start = max(0, index - 2)
        if trial.rate < 0.9 * Double(rate) {
          limit = "; the sender makes no more"
          break
        }
      }
      if let kept { best.append(kept) }
    }
    return (best, limit)
  }

  private var frame: [UInt8] { SampleFrames.announcement(of: SampleFrames.vip) }
  private var length: Duration { .seconds(seconds) }

  private func counted(_ rate: Int) async throws -> Trial {
    let (segment, frame, length) = (segment, frame, length)
    let (heard, sent) = try await Listening.during(
      segment.point, filter: .claims(on: [SampleFrames.vip])
    ) { try await segment.blast(frame, rate: rate, for: length) }
    // Who was behind at the end would have lost frames later: the last ones tell.
    let isPrompt = (heard.delays.suffix(100).min() ?? .max) < 10_000_000
    return Trial(
      rate: sent.rate, isKept: heard.dropped == 0 && heard.frames == sent.sent && isPrompt,
      processor: 100 * heard.processorSeconds / sent.seconds)
  }

  private func dumped(_ tcpdump: Tcpdump, _ rate: Int) async throws -> Trial {
    let folder = try Scratch()
    defer { folder.remove() }
    let file = unsafe open(folder.path + "/pcap", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Complaint("cannot make \(folder.path)/pcap", remedy: "") }
    defer { close(file) }
    let (heard, sent) = try await tcpdump.listening(
      at: segment.point, Self.tcpdumpBuffer + ["arp"], output: file
    ) {
      let sent = try await segment.blast(frame, rate: rate, for: length)
      // It takes frames in blocks, up to a second late; they are not lost.
      try await Task.sleep(for: .milliseconds(1_500))
      return sent
    }
    return Trial(
      rate: sent.rate, isKept: heard.dropped == 0 && heard.frames == sent.sent,
      processor: 100 * heard.cost.processorSeconds / sent.seconds)
  }

  // MARK: The whole way, to the disk

  private func observed(_ rate: Int) async throws -> Trial {
    let folder = try Scratch()
    defer { folder.remove() }
    let site = Site(
      name: "bench", environment: .lab, nodes: [],
      addresses: [VirtualAddress(SampleFrames.vip, prefix: 24)], captures: [segment.point])
    let journal = try JournalFile(path: folder.path + "/journal.jsonl")
    let account = Account()
    journal.listen { account.note($0) }
    let observer = WireObserver(capturePath: folder.path + "/capture.pcapng")
    let before = Processor.process
    let sent = try await withThrowingTaskGroup(of: Void.self) { group in
      let (isReady, ready) = AsyncStream<Void>.makeStream()
      group.addTask {
        defer { ready.finish() }
        try await observer.observe(site, into: journal, clock: SystemClock()) { ready.finish() }
      }
      for await _ in isReady {}
      let sent = try await segment.blast(frame, rate: rate, for: length)
      try await Task.sleep(for: .milliseconds(20))
      account.close()
      group.cancelAll()
      try await group.waitForAll()
      return sent
    }
    let used = Processor.process - before - sent.processorSeconds
    return Trial(
      rate: sent.rate, isKept: account.isWhole(sent.sent), processor: 100 * used / sent.seconds)
  }

  /// What stands in the journal, told from the recording thread.
  private final class Account: Sendable {
    private struct State: Sendable {
      var frames = 0
      var framesInTime = 0
      var dropped = 0
    }

    private let state = Mutex(State())

    func note(_ observation: Observation) {
      state.withLock { state in
        switch observation.event {
        case .announcement: state.frames += 1
        case .captureState(let capture): state.dropped = capture.dropped
        default: break
        }
      }
    }

    /// What is written from here on comes too late.
    func close() { state.withLock { $0.framesInTime = $0.frames } }

    func isWhole(_ sent: Int) -> Bool {
      state.withLock { $0.framesInTime == sent && $0.frames == sent && $0.dropped == 0 }
    }
  }

  // MARK: The storm

  private func storm(_ tcpdump: Tcpdump?) async throws -> Findings {
    let foreign = SampleFrames.announcement(of: .v4(0x0a4d_0063))
    let (segment, length) = (segment, length)
    let (ours, theirs) = ("PacketCapture, its filter", "tcpdump, its filter for the address")
    var (mine, other, rates) = ([Double](), [Double](), [Double]())
    for _ in 0..<count {
      let (heard, sent) = try await Listening.during(
        segment.point, filter: .claims(on: [SampleFrames.vip])
      ) { try await segment.blast(foreign, rate: 200_000, for: length) }
      guard heard.frames == 0 else {
        throw Complaint("\(heard.frames) foreign frames came through", remedy: "report this")
      }
      mine.append(100 * heard.processorSeconds / heard.seconds)
      rates.append(sent.rate)
      guard let tcpdump else { continue }
      let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
      defer { close(null) }
      let cost = try await tcpdump.listening(
        at: segment.point, ["arp host \(SampleFrames.vip)"], output: null
      ) { try await segment.blast(foreign, rate: 200_000, for: length) }.heard.cost
      other.append(100 * cost.processorSeconds / cost.seconds)
    }
    let unit = "% of a core"
    let rows = [
      Row(
        Self.stormSection, ours, unit: unit, mine,
        note: "the capturing thread; the kernel's work for each frame is the sender's account"),
      tcpdump.map { Row(Self.stormSection, theirs, unit: unit, other, note: $0.origin) }
        ?? .missing(Self.stormSection, theirs, unit: unit, needs: Tcpdump.lack),
      Row(Self.stormSection, "the rate that was sent", unit: "frames/s", rates),
    ]
    var findings = Findings(rows: rows)
    findings.compare(to: ours)
    return findings
  }
}
