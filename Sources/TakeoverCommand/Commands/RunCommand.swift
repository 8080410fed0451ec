// takeover run: plans, on the lab they name or on one's own machines.

internal import ArgumentParser
internal import TakeoverModel

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry out plans and report.",
    discussion: """
      EXAMPLES
        takeover run Plans/keepalived/crash.yaml
        takeover run Plans/keepalived --only graceful --repeat 5
        takeover run nightly.yaml --site my-pair.yaml --yes --junit TEST-pair.xml
        takeover run nightly.yaml --site shop.yaml --confirm=shop   a production site
        takeover run nightly.yaml --site my-pair.yaml --dry-run
      """)

  @Argument(
    help: "Plan files, folders of plans, or - for a plan on standard input.",
    completion: .planFiles)
  var plans: [String] = []

  @Option(
    help: "Where: a site or lab file, instead of the one that the plan names.",
    completion: .siteFiles)
  var site: String?

  @Option(
    help: "Only trials whose plan, name or tag contains this text (may be repeated).",
    completion: .trials)
  var only: [String] = []

  @Option(help: "How often each trial is done, instead of what the plan says.")
  var `repeat`: Int?

  @Flag(name: [.customShort("n"), .long], help: "Print each node's commands; touch nothing.")
  var dryRun = false

  @Flag(help: "Break real machines without asking. A lab is never asked about.")
  var yes = false

  @Option(
    help: "Break this site: its name, exactly. A production site needs it (may be repeated).")
  var confirm: [String] = []

  @Flag(help: "Never ask; where a question would be needed, stop.")
  var noInput = false

  @OptionGroup var reporting: ReportingOptions

  func validate() throws {
    guard !plans.isEmpty else {
      throw ValidationError("name a plan, for instance: takeover run Plans/keepalived/crash.yaml")
    }
    if let count = `repeat`, !(1...100_000).contains(count) {
      throw ValidationError("--repeat takes a number from 1 to 100000, not \(count)")
    }
  }

  func run() async throws {
    let selection: Selection
    do {
      selection = try Selection.read(plans, site: site, only: only, repetitions: `repeat`)
    } catch let ending as Ending {
      try reporting.reportUnreadable(ending)
      throw ending
    }
    if dryRun {
      Terminal.tell(try DryRun.text(of: selection))
      return
    }
    try await Session.run(selection, consent: consent, confirmed: confirm, reporting: reporting)
  }

  private var consent: Consent { yes ? .given : (noInput || !Terminal.canAsk ? .refused : .ask) }
}

struct ReportingOptions: ParsableArguments {
  static let standardOutput = "Reports"

  @Option(help: "The folder that gets a folder per run.", completion: .directory)
  var output = Self.standardOutput

  @Option(help: "Write the JUnit file here as well.", completion: .file(extensions: ["xml"]))
  var junit: String?

  @Option(help: "JUnit dialect: standard or strict (junit-10.xsd).")
  var junitDialect: JUnitDialectName = .standard

  @Option(help: "Write the OpenMetrics file here as well, for instance where node_exporter looks.")
  var metrics: String?

  @Flag(help: "Print results.json, and nothing else, on standard output.")
  var json = false

  @Flag(name: [.short, .long], help: "No progress, only the result.")
  var quiet = false
}
