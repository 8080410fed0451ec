// report.md: the verdict in its first line, failures open, passes folded; fit for a terminal, a
// merge request, and $GITHUB_STEP_SUMMARY.

package import TakeoverModel

package struct MarkdownReport: ReportFormat {
  package static let fileName = "report.md"
  /// GitHub takes no more than 1,000,000 bytes of summary; what would not fit is in results.json.
  private static let most = 900_000

  package init() {}

  package func render(_ report: Report) -> [UInt8] {
    var lines = head(of: report)
    var size = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    var left = 0
    // What needs a reader comes first.
    let sections =
      report.trials.filter { $0.outcome != .pass && !$0.isLeftOut }.map(open)
      + report.trials.filter { $0.state == .skipped }.map(mentioned)
      + report.trials.filter { $0.outcome == .pass }.map(folded)
    for section in sections {
      let length = section.reduce(0) { $0 + $1.utf8.count + 1 }
      guard size + length <= Self.most else {
        left += 1
        continue
      }
      size += length
      lines += section
    }
    if left > 0 { lines += ["", "\(left) more trials are in `\(ResultsReport.fileName)`."] }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func head(of report: Report) -> [String] {
    let header = report.header
    var lines = [
      "# \(report.outcome.word): \(MarkdownText.escaped(VerdictWords.sentence(report)))", "",
    ]
    if let end = report.end, !end.healed {
      lines += ["**A node could not be healed.** `takeover heal` mends what it can.", ""]
    }
    if let words = VerdictWords.end(report) { lines += [MarkdownText.escaped(words), ""] }
    let (heads, cells) = TrialNumbers.table(report.trials)
    lines += MarkdownText.table(
      ["", "trial"] + heads,
      zip(report.trials, cells).map { trial, cells in
        [trial.word, trial.title] + cells
      })
    lines += [
      "",
      "Site \(MarkdownText.escaped(header.site.name)) "
        + "(\(header.site.environment.rawValue)), run \(MarkdownText.escaped(header.run)), "
        + "began \(WallClock(origin: header.origin).text(.began)) UTC, "
        + "takeover \(MarkdownText.escaped(header.version)).",
    ]
    for node in report.nodes {
      lines.append(
        "- \(MarkdownText.escaped(node.node)): \(MarkdownText.escaped(node.system)), "
          + "reached by \(MarkdownText.escaped(node.transport))")
    }
    for clock in report.clocks { lines.append("- " + MarkdownText.escaped(clock.sentence)) }
    return lines
  }

  private func open(_ trial: TrialResult) -> [String] {
    ["", "## \(trial.outcome.word): \(MarkdownText.escaped(trial.title))", ""] + content(of: trial)
  }

  private func mentioned(_ trial: TrialResult) -> [String] {
    ["", "**\(MarkdownText.escaped(trial.title))**: \(MarkdownText.escaped(trial.reason))"]
  }

  private func folded(_ trial: TrialResult) -> [String] {
    [
      "", "<details>",
      "<summary>\(trial.outcome.word): \(MarkdownText.escaped(trial.title))</summary>", "",
    ] + content(of: trial) + ["", "</details>"]
  }

  private func content(of trial: TrialResult) -> [String] {
    let timeline = trial.timeline
    var lines: [String] = []
    if !trial.reason.isEmpty { lines += [MarkdownText.escaped(trial.reason), ""] }
    for finding in trial.findings {
      lines.append(
        "- **\(finding.outcome.word)** \(MarkdownText.escaped(finding.check)): "
          + MarkdownText.escaped(finding.sentence))
      if !finding.hint.isEmpty { lines.append("  - \(MarkdownText.escaped(finding.hint))") }
    }
    for one in timeline.aftermath { lines.append("- **afterwards**: \(MarkdownText.escaped(one))") }
    for doubt in timeline.doubts { lines.append("- **doubt**: \(MarkdownText.escaped(doubt))") }
    for one in DaemonWords.refusals(timeline) {
      lines.append("- **note**: \(MarkdownText.escaped(one))")
    }
    let marks = MarkRows.marks(timeline)
    let phases = MarkRows.phases(timeline)
    if !marks.isEmpty {
      lines.append("")
      lines += MarkdownText.table(
        ["mark", "what", "after the blow"], marks.map { [$0.mark, $0.words, $0.value] })
    }
    if !phases.isEmpty {
      lines.append("")
      lines += MarkdownText.table(["time", "length"], phases.map { [$0.words, $0.value] })
    }
    let daemons = DaemonWords.rows(timeline)
    if !daemons.isEmpty { lines += [""] + MarkdownText.table(DaemonWords.header, daemons) }
    let transitions = MarkRows.transitions(timeline)
    if !transitions.isEmpty {
      lines += ["", "Holders: " + MarkdownText.escaped(transitions.joined(separator: "; ")) + "."]
    }
    return lines
  }
}
