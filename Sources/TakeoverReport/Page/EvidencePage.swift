// Where the run was made, and the files that show what the page says.

internal import TakeoverModel

enum EvidencePage {
  static func write(_ report: Report, into main: inout Markup) {
    main.element("section") { section in
      section.element("h2", words: "The run and its evidence")
      if !report.nodes.isEmpty {
        section.table(
          "Nodes", ["node", "system", "reached by"],
          report.nodes.map { [$0.node, $0.system, $0.transport] })
      }
      if !report.clocks.isEmpty {
        section.element("ul") { list in
          for clock in report.clocks { list.element("li", words: clock.sentence) }
        }
      }
      section.table("Files beside this page", ["file", "what it is"]) { rows in
        for (path, words) in files(of: report) {
          rows.element("tr") { row in
            row.element("td") { $0.link(to: path, path) }
            row.element("td", words: words)
          }
        }
      }
      section.element("p") { line in
        line.write("The verdict again, from the journal alone: ")
        line.element("code", words: "takeover judge \(report.header.run)")
      }
    }
  }

  /// The annotated copies of the captures, by the names that the run gives them.
  static func captures(of site: Site) -> [String] {
    let elsewhere = site.captures.filter { $0.through != nil }
      .map { "evidence-\($0.name).pcapng" }
    return (site.captures.contains { $0.through == nil } ? ["evidence.pcapng"] : []) + elsewhere
  }

  private static func files(of report: Report) -> [(String, String)] {
    [("journal.jsonl", "everything that was observed, as it was written down")]
      + captures(of: report.header.site).map {
        ($0, "the captured frames, with comments on the decisive ones")
      } + [
        (ResultsReport.fileName, "everything that was found, for programs"),
        (JUnitReport.fileName, "the same for CI"),
        (MarkdownReport.fileName, "the same as text"),
        (MetricsReport.fileName, "the same for a monitoring system"),
        ("undo.jsonl", "how each node was to be mended, written before it was touched"),
        ("site.yaml", "where it was done"),
      ]
  }
}
