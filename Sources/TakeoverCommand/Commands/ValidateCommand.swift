// takeover validate: every mistake of every file at once; no root, no network.

internal import ArgumentParser
internal import TakeoverModel
internal import TakeoverPlan

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check plans, and the sites and labs they name.",
    discussion: """
      EXAMPLES
        takeover validate Plans/keepalived
        takeover validate nightly.yaml --site my-pair.yaml
        generate-plan | takeover validate - --site my-pair.yaml
      """)

  @Argument(
    help: "Plan files, folders of plans, or - for standard input.", completion: .planFiles)
  var plans: [String] = []

  @Option(
    help: "A site or lab file, instead of the one that the plan names.", completion: .siteFiles)
  var site: String?

  func validate() throws {
    if plans.isEmpty { throw ValidationError("name a plan or a folder of plans") }
  }

  func run() throws {
    let selection = try Selection.read(plans, site: site, only: [], repetitions: nil)
    for job in selection.jobs {
      for plan in job.plans {
        let count = plan.trials.reduce(0) { $0 + $1.repetitions }
        Terminal.tell("\(plan.source): \(plan.name) at \(job.place.name), \(count) trials: valid")
      }
    }
  }
}
