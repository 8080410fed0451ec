// Journals that no run wrote: one of ours with its bytes, numbers and lines broken, from a seed. Each
// is judged or refused. TAKEOVER_FUZZ says how many (a ten-thousandth of it; 60 otherwise),
// TAKEOVER_FUZZ_SEED from which seed (1 otherwise).

import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

@Suite struct `Journals that no run wrote` {
  private static let count = Fuzz.count.map { max($0 / 10_000, 60) } ?? 60

  /// The first trial, and one line of every other kind.
  private static let lines: [[UInt8]] = {
    let when = Interval(at: Scenario.at(9_000))
    let mac = Scenario.mac("b")
    let others: [(String, Event)] = [
      (
        "coordinator",
        .clock(ClockReading(clock: "coordinator", realtime: 7, means: "", monotonic: [1, 2]))
      ),
      ("a", .clock(ClockReading(clock: "a", realtime: 1_795_370_013_000_000_000, means: "perl"))),
      (
        "client",
        .neighbour(
          NeighbourEntry(vantage: "client", address: Scenario.address, mac: mac, state: .stale))
      ),
      (
        "client",
        .vantageDescribed(
          VantageDescription(vantage: "client", interface: "eth0", addresses: [Scenario.address]))
      ),
      (
        "observe/primary",
        .command(CommandSeen(plan: "nightly.stop", watch: "primary", status: 1, output: "no"))
      ),
      ("wire/port-a", .observerDied(Note("gone"))), ("journal", .note(Note("x"))),
      (
        "wire/port-a",
        .datagram(
          DatagramSeen(
            sight: FrameSight(
              port: "port-a", frame: 9, outgoing: false, source: mac, destination: .broadcast),
            address: Scenario.address, protocolNumber: 6))
      ),
      (
        "client",
        .probe(
          Probe(
            vantage: "client", method: .connect, address: Scenario.address, sequence: 1,
            sent: when.earliest, period: 10_000_000, answers: [], trouble: "refused"))
      ), ("b", .addresses(AddressesHeld(node: "b", addresses: [Scenario.address]))),
      (
        "wire/port-client",
        .advertisement(
          AdvertisementSeen(
            sight: FrameSight(
              port: "port-client", frame: 9, outgoing: false, source: Scenario.mac("x"),
              destination: .broadcast), version: 3, vrid: 51, priority: 200, interval: 7,
            from: .v4(9),
            to: .v4(2), addresses: [Scenario.address]))
      ),
      ("wire/port-a", .captureState(CaptureState(port: "port-a", received: 5, dropped: 2))),
    ]
    let first = ThreeTrials.observations.prefix { $0.when.earliest < Scenario.at(20_500) }
    let all = first + others.map { Observation(when: when, source: $0, event: $1) }
    return (try? all.map { try JournalReaderTests.bytes([$0]) }) ?? []
  }()

  private static let numbers = [
    "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "4611686018427387904",
    "1000000000000000000", "-1000000000000000000", "999999999999999999", "18446744073709551615",
    "1e308", "0.5", "null", "[]", "\"x\"", "256", "4294967296",
  ]

  private static func broken(_ random: inout SplitMix) -> [UInt8] {
    var lines = lines
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      // The first line decides most: it gets its share.
      let isFirst = Int.random(in: 0..<4, using: &random) == 0
      let index = isFirst ? 0 : Int.random(in: 0..<lines.count, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0: lines.append(lines[index])
      case 1: if lines.count > 2, index > 0 { lines.remove(at: index) }
      case 2: lines.swapAt(index, Int.random(in: 0..<lines.count, using: &random))
      case 3:
        guard !lines[index].isEmpty else { continue }
        let place = Int.random(in: 0..<lines[index].count, using: &random)
        lines[index][place] = .random(in: 0...255, using: &random)
      default: lines[index] = withOtherNumber(lines[index], &random)
      }
    }
    return Array(lines.joined())
  }

  private static func withOtherNumber(_ line: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var starts: [Int] = []
    for (index, byte) in line.enumerated() where 48...57 ~= byte || byte == 45 {
      if index > 0, ":[,".utf8.contains(line[index - 1]) { starts.append(index) }
    }
    // A trial may be planned 100,000 times; here it would only cost time.
    let word = Array("\"repetitions\":".utf8)
    starts.removeAll { line[..<$0].suffix(word.count).elementsEqual(word) }
    guard let start = starts.randomElement(using: &random) else { return line }
    let end = line[start...].firstIndex { !(48...57 ~= $0 || $0 == 45) } ?? line.endIndex
    let other = numbers.randomElement(using: &random) ?? "0"
    return Array(line[..<start]) + Array(other.utf8) + Array(line[end...])
  }

  /// By every check, whatever the plan expects.
  private static func judge(_ timeline: TrialTimeline) {
    for kind in CheckCatalog.checks.kinds {
      for value in [ParameterValue.duration(.milliseconds(50)), .count(1), .text("during")] {
        let finding = kind.init(value).judge(timeline)
        if finding.sentence.isEmpty { Issue.record("\(finding.check) says nothing") }
      }
    }
  }

  @Test func `each is judged and told in every format, or refused`() throws {
    try #require(Self.lines.count > 100)
    var random = SplitMix(state: Fuzz.seed)
    var (judged, refused) = (0, 0)
    for number in 0..<Self.count {
      let bytes = Self.broken(&random)
      do throws(Complaint) {
        let observations = try JournalReader.read(bytes)
        let report = try Judge().judge(observations)
        _ = DecisiveFrames.found(for: report, in: observations)
        var live = MarkLine()
        for observation in observations { _ = live.see(observation) }
        _ = TerminalSummary().lines(report)
        for trial in report.trials.prefix(3) { Self.judge(trial.timeline) }
        for dialect in JUnitReport.Dialect.allCases {
          let document = try? JUnitDocument(JUnitReport(dialect: dialect).render(report))
          if document == nil { Issue.record("no XML: \(number) of seed \(Fuzz.seed)") }
        }
        _ = (MarkdownReport().render(report), ResultsReport().render(report))
        judged += 1
      } catch {
        #expect(!error.problem.isEmpty && !error.remedy.isEmpty)
        refused += 1
      }
    }
    #expect(judged > Self.count / 3, "\(judged) judged")
    #expect(refused > 0)
  }
}
