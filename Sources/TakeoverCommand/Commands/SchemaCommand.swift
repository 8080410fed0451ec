// takeover schema: the JSON Schemas that editors check plans, sites and labs with, and programs what a run
// has left.

internal import ArgumentParser
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverReport

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema (draft-07) of a kind of file.",
    discussion: """
      EXAMPLES
        takeover schema plan > plan.json
        takeover schema site > site.json
        takeover schema results > results-schema.json    what results.json holds
        takeover schema journal > line-schema.json       one line of journal.jsonl
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case plan, site, lab, results, journal }

  @Argument(help: "plan, site, lab, results or journal.")
  var kind: Kind

  func run() throws {
    let text =
      switch kind {
      case .plan: Wiring.planSchema
      case .site: Schema.site
      case .lab: Schema.lab
      case .results: ResultsSchema.text
      case .journal: try JournalSchema.text()
      }
    Terminal.tell(text.last == "\n" ? String(text.dropLast()) : text)
  }
}
