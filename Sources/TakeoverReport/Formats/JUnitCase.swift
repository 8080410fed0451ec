// One test case: an expectation of a trial, or a healing that failed.

internal import TakeoverModel

struct JUnitCase: Sendable {
  enum Verdict: Sendable {
    case passed
    /// The pair missed an expectation.
    case failure(type: String, sentence: String)
    /// No verdict.
    case error(type: String, sentence: String)
    case skipped(type: String, sentence: String)
  }

  /// A case's system-out is at most 64 KiB.
  private static let mostOutput = 65_536

  var name: JUnitName
  var time: Duration
  var verdict: Verdict
  /// Below the sentence in the element's text.
  var detail: [String] = []
  /// Paths; the picture is the first, because some readers show no other.
  var attachments: [String] = []
  var output: [String] = []
  var properties: [(name: String, value: String)] = []
  var file = ""
  var line = 0

  var isPassed: Bool { if case .passed = verdict { true } else { false } }
  var isFailure: Bool { if case .failure = verdict { true } else { false } }
  var isError: Bool { if case .error = verdict { true } else { false } }
  var isSkipped: Bool { if case .skipped = verdict { true } else { false } }

  /// The first case carries the trial's time, so that a suite's sum is the time it took.
  static func cases(of trial: TrialResult) -> [JUnitCase] {
    let output = output(of: trial)
    let names =
      trial.timeline.trial.expectations.isEmpty
      ? [trial.title]
      : trial.timeline.trial.expectations.map { "\(trial.title): \($0.check)" }
    var cases = names.enumerated().map { index, name in
      let finding = index < trial.findings.count ? trial.findings[index] : nil
      var one = JUnitCase(
        name: JUnitName(classname: "", name: name),
        time: index == 0 ? trial.timeline.span?.length ?? .zero : .zero,
        verdict: verdict(trial, finding))
      one.line = trial.timeline.trial.line
      if let finding {
        one.detail = detail(of: finding, in: trial)
        one.properties = properties(of: finding)
      }
      // Once per trial, and beside what needs a reader.
      if !trial.isLeftOut, index == 0 || !one.isPassed { one.output = output }
      return one
    }
    if !trial.isLeftOut, trial.timeline.healingConfirmed != .pass,
      !trial.timeline.aftermath.isEmpty
    {
      cases.append(
        JUnitCase(
          name: JUnitName(classname: "", name: "\(trial.title): heal"), time: .zero,
          verdict: .error(
            type: "takeover.heal", sentence: trial.timeline.aftermath.joined(separator: "; ")),
          line: trial.timeline.trial.line))
    }
    return cases
  }

  private static func verdict(_ trial: TrialResult, _ finding: Finding?) -> Verdict {
    if trial.isLeftOut {
      return .skipped(
        type: trial.state == .skipped ? "takeover.skipped" : "takeover.unreached",
        sentence: trial.reason)
    }
    guard let finding, trial.timeline.window != nil else {
      return .error(type: "takeover.broken", sentence: trial.reason)
    }
    // A trial that was cut off in flight is an error, whatever had been seen of it by then.
    if trial.state == .broken {
      return .error(type: "takeover.broken", sentence: "\(trial.reason) \(finding.sentence)")
    }
    return switch finding.outcome {
    case .pass: .passed
    case .fail: .failure(type: "takeover.\(finding.check)", sentence: finding.sentence)
    case .unknown: .error(type: "takeover.unknown", sentence: finding.sentence)
    }
  }

  private static func detail(of finding: Finding, in trial: TrialResult) -> [String] {
    var lines = ["expected: \(finding.expected)"]
    if !finding.hint.isEmpty { lines.append(finding.hint) }
    if trial.state == .broken { lines.append(trial.reason) }
    return (lines + trial.timeline.doubts.map { "doubt: \($0)" }).map(CleanText.line)
  }

  private static func properties(of finding: Finding) -> [(name: String, value: String)] {
    var properties = [("takeover.expected", finding.expected)]
    if let measured = finding.measured {
      properties.append(("takeover.atLeast.ns", "\(measured.atLeast.nanoseconds)"))
      properties.append(("takeover.atMost.ns", "\(measured.atMost.nanoseconds)"))
    }
    return properties
  }

  private static func output(of trial: TrialResult) -> [String] {
    let rows = MarkRows.marks(trial.timeline) + MarkRows.phases(trial.timeline)
    let lines =
      rows.map { row in
        "\(row.mark.isEmpty ? "  " : row.mark)  \(row.value)  \(CleanText.line(row.words))"
      } + trial.timeline.aftermath.map(CleanText.line)
    return lines.map(JUnitAttachments.disarmed)
  }

  func element(_ dialect: JUnitReport.Dialect) -> XMLElement {
    var attributes = [
      ("classname", name.classname), ("name", name.name), ("time", JUnitSuite.seconds(time)),
    ]
    var children: [XMLElement] = []
    if dialect == .standard {
      if !file.isEmpty { attributes.append(("file", file)) }
      if line > 0 { attributes.append(("line", "\(line)")) }
      if !properties.isEmpty { children.append(JUnitSuite.element(properties)) }
    }
    switch verdict {
    case .passed: break
    case .failure(let type, let sentence): children.append(element("failure", type, sentence))
    case .error(let type, let sentence): children.append(element("error", type, sentence))
    case .skipped(let type, let sentence): children.append(element("skipped", type, sentence))
    }
    if !output.isEmpty {
      let lines = attachments.map { "[[ATTACHMENT|\($0)]]" } + output
      let text = CleanText.cut(
        CleanText.legible(lines.joined(separator: "\n")), to: Self.mostOutput)
      children.append(XMLElement("system-out", text: text))
    }
    return XMLElement("testcase", attributes, children: children)
  }

  /// The text starts with the sentence of the message: some readers show one, some the other.
  private func element(_ name: String, _ type: String, _ sentence: String) -> XMLElement {
    let said = CleanText.line(sentence)
    let message = said.contains { !$0.isWhitespace } ? said : "No reason is known."
    return XMLElement(
      name, [("message", message), ("type", type)],
      text: ([message] + detail).joined(separator: "\n"))
  }
}
