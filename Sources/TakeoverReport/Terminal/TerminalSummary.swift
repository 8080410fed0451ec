// What the command shows at the end: one row a trial, every sentence that is not a pass, and the
// verdict last.

package import TakeoverModel

package struct TerminalSummary: Sendable {
  private let text: TerminalText

  package init(colour: Bool = false) { text = TerminalText(colour: colour) }

  /// Lines without line ends.
  package func lines(_ report: Report) -> [String] {
    table(report) + [""] + troubles(report)
      + ["\(text.word(report.outcome)): \(CleanText.line(VerdictWords.sentence(report)))."]
  }

  private func table(_ report: Report) -> [String] {
    let (heads, cells) = TrialNumbers.table(report.trials)
    let header = ["", "trial"] + heads
    let rows = zip(report.trials, cells).map { trial, cells in
      [
        trial.isLeftOut ? (trial.state == .skipped ? "skip" : "-") : trial.outcome.word,
        CleanText.line(trial.title),
      ]
        + cells.map(CleanText.line)
    }
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([header] + rows).enumerated().map { index, row in
      let cells = zip(row, widths).map { TerminalText.padded($0, to: $1) }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      guard index > 0, !report.trials[index - 1].isLeftOut else { return line }
      let outcome = report.trials[index - 1].outcome
      return text.word(outcome) + line.dropFirst(outcome.word.count)
    }
  }

  private func troubles(_ report: Report) -> [String] {
    var lines: [String] = []
    for trial in report.trials where trial.state != .unreached {
      var found: [String] = []
      if !trial.reason.isEmpty { found.append(CleanText.line(trial.reason)) }
      for finding in trial.findings where finding.outcome != .pass {
        found.append("\(text.word(finding.outcome)) \(CleanText.line(finding.sentence))")
        if !finding.hint.isEmpty { found.append("     \(CleanText.line(finding.hint))") }
      }
      found += trial.timeline.aftermath.map(CleanText.line)
      guard !found.isEmpty else { continue }
      lines.append("\(CleanText.line(trial.title)):")
      lines += found.map { "  \($0)" } + [""]
    }
    if !report.clocks.isEmpty {
      lines += report.clocks.map { CleanText.line($0.sentence) } + [""]
    }
    if let words = VerdictWords.end(report) { lines += [CleanText.line(words), ""] }
    return lines
  }
}
