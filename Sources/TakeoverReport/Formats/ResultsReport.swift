// results.json: everything that was found, for machines. Times are integers in nanoseconds: on the
// run's axis, in the world's time since 1970, and since the blow.

package import TakeoverModel

package struct ResultsReport: ReportFormat {
  package static let fileName = "results.json"
  /// Readers refuse what they do not know.
  private static let format: Int64 = 1

  package init() {}

  package func render(_ report: Report) -> [UInt8] {
    let words = ResultsWords(clock: WallClock(origin: report.header.origin))
    var parts: [String: JSONText] = [
      "format": .number(Self.format),
      "run": .text(report.header.run),
      "version": .text(report.header.version),
      "site": .text(report.header.site.name),
      "environment": .text(report.header.site.environment.rawValue),
      "origin": .number(report.header.origin),
      "outcome": .text(report.outcome.rawValue),
      "end": report.end.map(words.end) ?? .null,
      "nodes": .list(report.nodes.map(words.node)),
      "trials": .list(report.trials.map(words.trial)),
    ]
    if !report.clocks.isEmpty { parts["clocks"] = .list(report.clocks.map(words.clock)) }
    return JSONText.object(parts).document
  }
}
