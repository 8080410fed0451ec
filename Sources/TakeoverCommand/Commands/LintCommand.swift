// takeover lint: what is wrong with a pair's configurations, before anything is broken.

internal import ArgumentParser
internal import Foundation
internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverReport

struct LintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Say what is wrong with the keepalived configurations of a pair.",
    discussion: """
      EXAMPLES
        takeover lint a.conf b.conf           two files, see keepalived.conf(5)
        takeover lint a.conf b.conf --havip   the addresses are a cloud's HAVIPs
        takeover lint --site my-pair.yaml     from the nodes, which are only read
        takeover lint a.conf b.conf --sarif >lint.sarif
        takeover explain KA050                what a finding means

      EXIT STATUS
        0 nothing above a note · 1 findings ·
        65 no keepalived runs with one of the files · 66 not found
      """)

  /// From which severity on a finding fails the command.
  enum Threshold: String, ExpressibleByArgument, CaseIterable {
    case error, warning, note

    var severity: LintSeverity {
      switch self {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    }
  }

  @Argument(
    help: "The configurations, one of each node.", completion: .file(extensions: ["conf"]))
  var files: [String] = []

  @Option(
    help: "A site or a lab file, whose nodes are read instead of files.", completion: .siteFiles)
  var site: String?

  @Option(name: .customLong("name"), help: "What the nodes are called, in the order of the files.")
  var names: [String] = []

  @Flag(help: "The addresses are HAVIPs: bound by announcement, without multicast.")
  var havip = false

  @Flag(help: "One JSON document.")
  var json = false

  @Flag(help: "SARIF 2.1.0, for code hosts and editors.")
  var sarif = false

  @Option(help: "The least severity that makes the exit status 1: error, warning or note.")
  var failOn = Threshold.warning

  func validate() throws {
    if files.isEmpty == (site == nil) {
      throw ValidationError("name the configurations of both nodes, or give --site FILE")
    }
    if json, sarif { throw ValidationError("--json or --sarif, not both") }
    if !names.isEmpty, names.count != files.count || Set(names).count != names.count {
      throw ValidationError("give one --name for each file, each another one")
    }
  }

  func run() async throws {
    let read =
      if let site {
        try await LintReading.nodes(of: Selection.site(at: site))
      } else {
        try LintReading.files(files, named: names)
      }
    let profile = LintProfile(isHAVIP: havip)
    let findings = Linter.findings(of: read.members, profile: profile)
    if json {
      Terminal.tell(
        try Self.encoded(
          LintDocument(findings, of: read.members, profile: profile, sources: read.sources)))
    } else if sarif {
      Terminal.tell(
        try Self.encoded(
          SARIFLog(findings, of: read.members, sources: read.sources, tool: Takeover.version)))
    } else {
      tell(findings, read)
    }
    try end(status(findings, read.members))
  }

  private func tell(_ findings: [LintFinding], _ read: LintReading) {
    let text = LintText(findings, of: read.members, sources: read.sources)
    if !findings.isEmpty { Terminal.tell(CleanText.legible(text.rendered) + "\n") }
    let names = read.members.map(\.name).joined(separator: ", ")
    Terminal.tell(CleanText.legible("\(names): \(text.summary)"))
  }

  private func status(_ findings: [LintFinding], _ members: [Member]) -> ExitStatus {
    if Linter.isFatal(members) { return .planInvalid }
    return findings.contains { $0.severity >= failOn.severity } ? .failed : .passed
  }

  private static func encoded(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }
}
