// From a run's folder to its reports: everything is computed from the journal on the disk.

internal import ArgumentParser
internal import Foundation
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

enum JUnitDialectName: String, ExpressibleByArgument, CaseIterable {
  case standard, strict

  var dialect: JUnitReport.Dialect { self == .strict ? .strict : .standard }
}

enum Reporting {
  /// Judges the journal and writes every format, each file whole or not at all. `fromCaptures`: what
  /// the wire showed is taken from the capture, not from the journal.
  static func write(
    from folder: RunFolder, dialect: JUnitDialectName, copy: String?, fromCaptures: Bool = false
  ) throws -> Report {
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.journal)))
    } catch {
      throw Ending(
        .notFound, "\(folder.journal) cannot be read: \(error.localizedDescription)",
        remedy: "name a run's folder, for instance Reports/latest")
    }
    var observations = try JournalReader.read(bytes)
    if fromCaptures {
      observations = try Evidence.observations(in: folder, insteadOf: observations)
    }
    let report = try Judge(checks: Wiring.checks).judge(observations)
    for format in FormatCatalog.formats(dialect: dialect.dialect).kinds {
      let rendered = try format.render(report)
      attempt { try folder.write(rendered, as: type(of: format).fileName) }
      if let copy, format is JUnitReport { attempt { try RunFolder.write(rendered, to: copy) } }
    }
    attempt { try Evidence.write(in: folder, for: report, by: observations) }
    return report
  }

  /// A file that cannot be written (disk full) is no reason to withhold the others, or the verdict.
  private static func attempt(_ write: () throws -> Void) {
    do { try write() } catch { Terminal.complain(error) }
  }

  /// The table and the files last; with `json`, results.json and nothing else.
  static func tell(_ report: Report, in folder: RunFolder, json: Bool) {
    if json {
      Terminal.tell(String(decoding: ResultsReport().render(report), as: UTF8.self))
      return
    }
    let summary = TerminalSummary(colour: Terminal.colours(STDOUT_FILENO))
    for line in summary.lines(report) { Terminal.tell(line) }
    Terminal.tell("")
    let names = FormatCatalog.formats(dialect: .standard).kinds.map { type(of: $0).fileName }
    for name in names + ["evidence.pcapng", "journal.jsonl", "capture.pcapng", "undo.jsonl"] {
      Terminal.tell("  \(folder.path)/\(name)")
    }
    Terminal.tell("judge again: takeover judge \(folder.path)")
  }

  static func status(of report: Report, journalIntact: Bool) -> ExitStatus {
    var statuses = [ExitStatus(report.outcome)]
    if let end = report.end, !end.healed { statuses.append(.notHealed) }
    if report.end?.reason == .stopped { statuses.append(.noVerdict) }
    if !journalIntact { statuses.append(.noVerdict) }
    return .worst(statuses)
  }
}

extension Reporting {
  /// A run that could not even begin: a JUnit file with one `error` case, unless there is one.
  static func writeUnrun(
    _ plan: String, _ error: any Error, in folder: RunFolder, _ reporting: ReportingOptions
  ) throws {
    let name = JUnitReport.fileName
    guard !FileManager.default.fileExists(atPath: "\(folder.path)/\(name)") else { return }
    let document = JUnitReport(dialect: reporting.junitDialect.dialect)
      .render(unreadable: plan, problem: "\(error)", began: SystemClock.realtime())
    try folder.write(document, as: name)
    if let copy = reporting.junit { try RunFolder.write(document, to: copy) }
  }
}

extension ReportingOptions {
  /// A JUnit file with one `error` case: the CI sees what was wrong although nothing ran.
  func reportUnreadable(_ ending: Ending) throws {
    guard ending.status == .planInvalid, let junit else { return }
    let first = ending.problem.split(separator: "\n").first.map(String.init) ?? ending.problem
    let plan = first.split(separator: ":").first.map(String.init) ?? "plan"
    let document = JUnitReport(dialect: junitDialect.dialect).render(
      unreadable: plan, problem: ending.problem, began: SystemClock.realtime())
    try RunFolder.write(document, to: junit)
  }
}
