// takeover judge: the verdict again, from what was recorded. Touches nothing but the report's files.

internal import ArgumentParser
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge", abstract: "Compute the verdict and every report again from a journal.",
    discussion: """
      EXAMPLES
        takeover judge Reports/latest
        takeover judge Reports/20261122T031500Z-nightly --json
        takeover judge Reports/latest --from-captures
      """)

  @Argument(help: "A run's folder.", completion: .runs)
  var folder = "Reports/latest"

  @Flag(help: "Take what the wire showed from the capture's frames, not from the journal.")
  var fromCaptures = false

  @OptionGroup var reporting: JudgingOptions

  func run() throws {
    let folder = RunFolder(
      path: folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder)
    let report: Report
    do {
      report = try Reporting.write(
        from: folder, dialect: reporting.junitDialect, copies: reporting.copies,
        fromCaptures: fromCaptures)
    } catch let complaint as Complaint where !fromCaptures {
      // A run that was killed in its journal's first line: CI sees an error, not the lack of a file.
      let document = JUnitReport(dialect: reporting.junitDialect.dialect).render(
        unreadable: folder.name, problem: complaint.problem, began: SystemClock.realtime())
      try folder.write(document, as: JUnitReport.fileName)
      if let copy = reporting.junit { try RunFolder.write(document, to: copy) }
      throw complaint
    }
    Reporting.tell(report, in: folder, json: reporting.json)
    let integration = ContinuousIntegration()
    integration.take(report)
    integration.tell()
    try end(Reporting.status(of: report, journalIntact: true))
  }
}

struct JudgingOptions: ParsableArguments {
  @Option(help: "Write the JUnit file here as well.", completion: .file(extensions: ["xml"]))
  var junit: String?

  @Option(help: "JUnit dialect: standard or strict (junit-10.xsd).")
  var junitDialect: JUnitDialectName = .standard

  @Option(help: "Write the OpenMetrics file here as well.")
  var metrics: String?

  @Flag(help: "Print results.json, and nothing else, on standard output.")
  var json = false

  var copies: [String: String] {
    [JUnitReport.fileName: junit, MetricsReport.fileName: metrics].compactMapValues(\.self)
  }
}
