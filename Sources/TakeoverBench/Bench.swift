// takeover-bench: what Takeover's parts take, beside what one would use instead, on this machine and
// in one run. No part of the tests: a figure is no verdict.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel

@main
struct Bench: AsyncParsableCommand {
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case blow, decode
  }

  static let configuration = CommandConfiguration(
    commandName: "takeover-bench",
    abstract: "Measure Takeover's parts beside what one would use instead.",
    discussion: """
      Prints a table on standard output. What the machine lacks is a row that says so. Root is needed
      for the parts that make namespaces; what they make goes away with them.
      """,
    subcommands: [])

  @Option(help: "Write everything as JSON here as well.")
  var json: String?

  @Option(help: "Only these parts (may be repeated): blow, decode.")
  var only: [Part] = []

  @Option(help: "How often each blow is struck.")
  var blows = 400

  func run() async throws {
    var findings = Findings()
    for part in Part.allCases where only.isEmpty || only.contains(part) {
      Self.note("measuring: \(part.rawValue)")
      findings = findings + (try await measure(part))
    }
    let measurements = Measurements(machine: Self.machine, findings: findings)
    if let json { try measurements.json.write(to: URL(fileURLWithPath: json)) }
    FileHandle.standardOutput.write(Data(measurements.text.utf8))
  }

  private func measure(_ part: Part) async throws -> Findings {
    switch part {
    case .blow:
      guard geteuid() == 0 else {
        return Findings(rows: [.missing(BlowRows.section, "all of it", unit: "µs", needs: "root")])
      }
      let count = blows
      return try await BenchLab.standing { site in
        try await BlowRows(node: site.nodes[0].reach, count: count).measure()
      }
    case .decode: return try DecodeRows.measure(batches: 200)
    }
  }

  /// A line of progress, on standard error.
  static func note(_ line: String) {
    FileHandle.standardError.write(Data("takeover-bench: \(line)\n".utf8))
  }

  private static var machine: Measurements.Machine {
    #if DEBUG
      let build = "debug"
    #else
      let build = "release"
    #endif
    let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return Measurements.Machine(
      kernel: "Linux \(kernel?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "?")",
      cores: ProcessInfo.processInfo.activeProcessorCount, build: build)
  }
}
