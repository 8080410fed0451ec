// takeover-bench: what Takeover's parts take, beside what one would use instead, on this machine and
// in one run. No part of the tests: a figure is no verdict.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel

@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "takeover-bench",
    abstract: "Measure Takeover's parts beside what one would use instead.",
    subcommands: [Measure.self, ReadCapture.self, JudgeJournal.self, RenderReports.self],
    defaultSubcommand: Measure.self)

  /// A line of progress, on standard error.
  static func note(_ line: String) {
    FileHandle.standardError.write(Data("takeover-bench: \(line)\n".utf8))
  }
}

struct Measure: AsyncParsableCommand {
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case blow, stamp, rate, decode, analysis, report, run

    var section: String {
      switch self {
      case .blow: BlowRows.section
      case .stamp: StampRows.section
      case .rate: RateRows.section
      case .decode: DecodeRows.section
      case .analysis: AnalysisRows.section
      case .report: ReportRows.section
      case .run: RunRows.section
      }
    }

    var needsRoot: Bool { ![.decode, .analysis, .report].contains(self) }
  }

  static let configuration = CommandConfiguration(
    abstract: "Measure, and print a table.",
    discussion: """
      What the machine lacks is a row that says so. Root is needed for the parts that make
      namespaces and laboratories; what they make goes away with them, also after Ctrl-C.
      Exit status: 0 everything was measured that could be · 1 a part failed, and its row says why ·
      130 interrupted. A target that was missed changes nothing.
      """)

  @Option(help: "Write everything as JSON here as well.")
  var json: String?

  @Option(
    help: "Only this part: blow, stamp, rate, decode, analysis, report or run (may be repeated).")
  var only: [Part] = []

  @Option(help: "How often each blow is struck.")
  var blows = 400

  @Option(help: "How often each rate is sought, and each analysis is done.")
  var `repeat` = 3

  @Option(help: "How many seconds each rate is held, and stamps are taken.")
  var seconds = 3

  @Option(help: "How many frames the capture has that is analysed, and observations the journal.")
  var frames = 1_000_000

  func validate() throws {
    guard [blows, `repeat`, seconds, frames].allSatisfy({ (1...100_000_000).contains($0) }) else {
      throw ValidationError("--blows, --repeat, --seconds and --frames count from 1")
    }
  }

  func run() async throws {
    let outcome = try await Interrupted.cancelling { try await everything() }
    let measurements = Measurements(machine: .this, findings: outcome.findings)
    if let json { try measurements.json.write(to: URL(fileURLWithPath: json)) }
    FileHandle.standardOutput.write(Data(measurements.text.utf8))
    if !outcome.isWhole { throw ExitCode(1) }
  }

  /// A part that fails is a row that says why; the others go on.
  private func everything() async throws -> (findings: Findings, isWhole: Bool) {
    var (findings, isWhole) = (Findings(), true)
    for part in Part.allCases where only.isEmpty || only.contains(part) {
      Bench.note("measuring: \(part.section)")
      do {
        guard !part.needsRoot || geteuid() == 0 else {
          findings.rows.append(.missing(part.section, "all of it", unit: "", needs: "root"))
          continue
        }
        findings = findings + (try await measure(part))
      } catch {
        try Task.checkCancellation()
        isWhole = false
        let problem = (error as? any Explained)?.problem ?? "\(error)"
        findings.rows.append(
          Row(part.section, "all of it", unit: "", [], note: "not measured: it failed: \(problem)"))
      }
    }
    return (findings, isWhole)
  }

  private func measure(_ part: Part) async throws -> Findings {
    let (seconds, count) = (seconds, `repeat`)
    switch part {
    case .blow:
      let blows = blows
      return try await BenchLab.standing { site in
        try await BlowRows(node: site.nodes[0].reach, count: blows).measure()
      }
    case .stamp:
      return try await BenchSegment.standing {
        try await StampRows(segment: $0, seconds: seconds).measure()
      }
    case .rate:
      return try await BenchSegment.standing {
        try await RateRows(segment: $0, seconds: seconds, count: count).measure()
      }
    case .decode: return try DecodeRows.measure(batches: 200)
    case .analysis: return try AnalysisRows(frames: frames, count: count).measure()
    case .report: return try ReportRows(count: count).measure()
    case .run: return try RunRows().measure()
    }
  }
}

extension Measurements.Machine {
  static var this: Self {
    #if DEBUG
      let build = "debug"
    #else
      let build = "release"
    #endif
    let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return Self(
      kernel: "Linux \(kernel?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "?")",
      cores: ProcessInfo.processInfo.activeProcessorCount, build: build)
  }
}
