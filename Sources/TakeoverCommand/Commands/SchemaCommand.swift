// takeover schema: the JSON Schemas that editors check plans, sites and labs with.

internal import ArgumentParser
internal import TakeoverModel
internal import TakeoverPlan

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema (draft-07) of a kind of file.",
    discussion: """
      EXAMPLES
        takeover schema plan > plan.json
        takeover schema site > site.json
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case plan, site, lab }

  @Argument(help: "plan, site or lab.")
  var kind: Kind

  func run() {
    let text =
      switch kind {
      case .plan: Wiring.planSchema
      case .site: Schema.site
      case .lab: Schema.lab
      }
    Terminal.tell(text.last == "\n" ? String(text.dropLast()) : text)
  }
}
