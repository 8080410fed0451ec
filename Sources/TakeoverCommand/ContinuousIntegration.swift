// What a run tells the CI that it is part of: annotations and a summary to GitHub, and the paths by which
// Jenkins and GitLab find a case's pictures.

internal import Foundation
internal import Synchronization
package import TakeoverModel
internal import TakeoverReport

/// Collects what the reports of one command have to tell, because GitHub counts by the step.
package final class ContinuousIntegration: Sendable {
  private let annotations = Mutex<[Annotation]>([])

  package init() {}

  private static var isGitHub: Bool {
    ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"
  }

  /// Appends the summary at once; annotations wait for `tell`.
  package func take(_ report: Report) {
    guard Self.isGitHub else { return }
    annotations.withLock { $0 += Annotations.found(in: report) }
    let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"] ?? ""
    guard !path.isEmpty else { return }
    do {
      try Self.append(report, toSummary: path)
    } catch {
      Terminal.complain(error)
    }
  }

  /// On standard error: the runner reads both, and the result may be JSON.
  package func tell() {
    for line in Annotations.lines(annotations.withLock { $0 }) { Terminal.note(line) }
  }

  /// Why there is no report: a mistake in a plan is shown beside its line.
  static func tell(_ problem: String) {
    guard isGitHub else { return }
    for line in Annotations.lines(Annotations.found(inMessage: problem)) { Terminal.note(line) }
  }

  /// Other steps of the job have files of their own, but this step may have written there before.
  package static func append(_ report: Report, toSummary path: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: path) || files.createFile(atPath: path, contents: nil),
      let file = FileHandle(forUpdatingAtPath: path)
    else {
      throw Complaint("the job's summary \(path) cannot be written", remedy: "look at its folder")
    }
    defer { try? file.close() }
    let size = Int(clamping: try file.seekToEnd())
    let room = MarkdownReport.mostOfSummary - size - 1
    let rendered = MarkdownReport(most: room).render(report)
    guard rendered.count <= room else {
      throw Complaint(
        "the job's summary is full: \(path) has \(size) bytes",
        remedy: "the report is in the run's folder")
    }
    try file.write(contentsOf: Data((size > 0 ? [UInt8(ascii: "\n")] : []) + rendered))
  }

  /// The run's folder as a CI's reader resolves it: from the project's folder, else from where the
  /// command was started; whole where it lies elsewhere. A link such as `latest` leads to its end, so
  /// that the same run has the same path whatever it was called by.
  package static func place(
    of folder: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    here: String = FileManager.default.currentDirectoryPath
  ) -> String {
    let whole = URL(fileURLWithPath: folder.hasPrefix("/") ? folder : "\(here)/\(folder)")
      .resolvingSymlinksInPath().standardizedFileURL.path
    let roots = [environment["CI_PROJECT_DIR"], environment["WORKSPACE"], here]
    for root in roots.compactMap(\.self) where root.hasPrefix("/") {
      let base = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
      let prefix = base.hasSuffix("/") ? base : base + "/"
      if base != "/", whole.hasPrefix(prefix) { return String(whole.dropFirst(prefix.count)) }
    }
    return whole
  }
}
