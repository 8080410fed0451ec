// Analysing afterwards: a capture of a million frames and a journal of a million observations, beside
// what else reads such a capture; time and memory of whole processes.

internal import Foundation
internal import Glibc
internal import TakeoverModel

struct AnalysisRows {
  static let section = "analysis afterwards"

  let frames: Int
  let count: Int

  /// One way of reading: what it is called, what it is, and one go at it; nil: it is not here.
  private struct Way {
    var name: String
    var note: String
    var needs = ""
    var run: (() throws -> (cost: Child.Cost, peak: Double))?
  }

  func measure() throws -> Findings {
    let folder = try Scratch()
    defer { folder.remove() }
    let capture = folder.path + "/capture.pcapng"
    try MadeCapture.write(frames: frames, to: capture)
    Bench.note("writing a journal of \(frames) observations")
    let journal = folder.path + "/journal.jsonl"
    let observations = try MadeJournal.write(observations: frames, to: journal)
    var (times, peaks) = (Findings(), Findings())
    let all = ways(of: capture) + [judging(journal, observations)]
    for way in all {
      guard let run = way.run else {
        times.rows.append(.missing(Self.section, way.name, unit: "s", needs: way.needs))
        continue
      }
      Bench.note(way.name)
      let costs = try (0..<count).map { _ in try run() }
      times.rows.append(
        Row(Self.section, way.name, unit: "s", costs.map(\.cost.seconds), note: way.note))
      peaks.rows.append(Row(Self.section, way.name, unit: "MiB", costs.map(\.peak)))
    }
    times.compare(to: all[0].name)
    peaks.compare(to: all[0].name)
    return times + peaks
  }

  private func ways(of capture: String) -> [Way] {
    let tcpdump = Tcpdump.found()
    return [
      Way(name: "PcapngStream and Frame", note: "\(frames) frames, from the file to values") {
        try Self.ourselves(["read-capture", capture, "\(frames)"])
      },
      Way(
        name: "tcpdump -nn -r", note: "\(tcpdump?.origin ?? ""), its lines to /dev/null",
        needs: Tcpdump.lack,
        run: tcpdump.map { tcpdump in { try tcpdump.reading(capture, ["-nn"]) } }),
      Way(
        name: "tcpdump -r -w /dev/null", note: "reads and understands nothing",
        needs: Tcpdump.lack,
        run: tcpdump.map { tcpdump in { try tcpdump.reading(capture, ["-w", "/dev/null"]) } }),
      Way(
        name: "tshark -n -r", note: "its lines to /dev/null", needs: "tshark",
        run: Child.isThere("tshark") ? { try Self.whole(["tshark", "-n", "-r", capture]) } : nil),
    ]
  }

  private func judging(_ journal: String, _ observations: Int) -> Way {
    Way(
      name: "takeover judge, without a disk",
      note: "\(observations) observations: read, judged, every format rendered"
    ) { try Self.ourselves(["judge-journal", journal]) }
  }

  private static func ourselves(
    _ words: [String]
  ) throws -> (cost: Child.Cost, peak: Double) {
    try whole(["/proc/self/exe"].map(resolved) + words)
  }

  /// The child's own /proc/self would be another.
  private static func resolved(_ path: String) -> String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? path
  }

  private static func whole(
    _ words: [String]
  ) throws -> (cost: Child.Cost, peak: Double) {
    let done = try Child(words, errors: STDERR_FILENO).watched()
    guard done.cost.status == 0 else {
      throw Complaint(
        "\(words.joined(separator: " ")) failed (exit \(done.cost.status))",
        remedy: "run it by hand")
    }
    return done
  }
}
