// takeover demo: the shortest way to see a takeover timed.

internal import ArgumentParser
internal import TakeoverModel

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Build a lab, break its holder three times, and report.",
    discussion: """
      EXAMPLES
        takeover demo                    as root; the reports land in Reports/latest
        takeover demo --output /tmp/r    they land there

      Builds the pair of Plans/labs/keepalived-pair.yaml in namespaces of its own
      (root is needed), carries out Plans/demo.yaml, and takes the lab away again.
      """)

  @OptionGroup var reporting: ReportingOptions

  func run() async throws {
    let selection = try Selection.read(["Plans/demo.yaml"], site: nil, only: [], repetitions: nil)
    try await Session.run(selection, consent: .given, reporting: reporting)
  }
}
