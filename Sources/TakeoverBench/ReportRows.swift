// Telling: a thousand trials' results rendered to every file of a report, beside what a user would make
// a page of the same results with.

internal import Foundation
internal import TakeoverModel

struct ReportRows {
  static let section = "reports of 1,000 trials"
  private static let trials = 1_000

  let count: Int

  func measure() throws -> Findings {
    let folder = try Scratch()
    defer { folder.remove() }
    var (times, peaks) = (Findings(), Findings())
    // The first one leaves the JUnit file for the others.
    let own = "every format and the pictures"
    let ways: [(name: String, note: String, words: [String]?)] = [
      (
        own, "results.json, report.md, report.html, JUnit, OpenMetrics, SVG and PNG, written",
        Child.ourselves(["render-reports", "\(Self.trials)", folder.path])
      ),
      (
        "one trial, the same", "what the process and its model take besides",
        Child.ourselves(["render-reports", "1", folder.path + "/one"])
      ),
      (
        "junit2html", "a page of the same JUnit file",
        Child.isThere("junit2html")
          ? ["junit2html", folder.path + "/TEST-takeover.xml", folder.path + "/junit.html"] : nil
      ),
    ]
    for way in ways {
      guard let words = way.words else {
        times.rows.append(
          .missing(Self.section, way.name, unit: "s", needs: "junit2html (PyPI) in the PATH"))
        continue
      }
      Bench.note(way.name)
      let costs = try (0..<count).map { _ in try Child.whole(words) }
      times.rows.append(
        Row(Self.section, way.name, unit: "s", costs.map(\.cost.seconds), note: way.note))
      peaks.rows.append(Row(Self.section, way.name, unit: "MiB", costs.map(\.peak)))
    }
    let (seconds, mebibytes) = (times.p50(of: own), peaks.p50(of: own))
    times.compare(to: own)
    peaks.compare(to: own)
    var findings = times + peaks
    findings.targets = [
      Target("1,000 trials in all formats, s", measured: seconds, limit: 2),
      Target("their peak of memory, MiB", measured: mebibytes, limit: 150),
    ]
    return findings
  }
}
