// takeover doctor: everything that a run will need, looked for; each missing thing with the way to get it.

internal import ArgumentParser
internal import Foundation
internal import TakeoverLab
internal import TakeoverModel
internal import TakeoverReport

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Say what is missing for a run, here and on each node.",
    discussion: """
      EXAMPLES
        takeover doctor                                    this machine, for labs
        takeover doctor --site my-pair.yaml                and every node of the site
        takeover doctor nightly.yaml --site my-pair.yaml   what these plans need

      Nothing is changed anywhere. Exit 77: something is missing.
      """)

  @Argument(
    help: "Plan files or folders of them; without any, every kind of fault is meant.",
    completion: .planFiles)
  var plans: [String] = []

  @Option(help: "A site or lab file, whose nodes are looked at too.", completion: .siteFiles)
  var site: String?

  @Option(help: "The lab whose needs are looked at when no site is given.", completion: .labs)
  var lab = "keepalived-pair"

  @Option(help: "The folder that will get a folder per run.", completion: .directory)
  var output = ReportingOptions.standardOutput

  func validate() throws {
    if !plans.isEmpty, site == nil {
      throw ValidationError("name the site, too: takeover doctor PLAN --site FILE")
    }
  }

  func run() async throws {
    let table = if let site { try await look(at: site) } else { try await lookForLabs() }
    for line in table.lines { Terminal.tell(line) }
    Terminal.tell(table.missing == 0 ? "ready" : "\(table.missing) missing")
    try end(table.missing == 0 ? .passed : .missingPrivilege)
  }

  private func lookForLabs() async throws -> NeedsTable {
    var table = NeedsTable(places: ["here"])
    guard geteuid() == 0 else {
      table.note(
        "root", at: "here", .missing(problem: "labs need it", remedy: "run takeover as root"))
      return table
    }
    table.note("root", at: "here", .good)
    let description = try LabCommand.Named.description(of: lab)
    let lacks = try await Wiring.laboratory(description) { try await $0.requirements() }
    if lacks.isEmpty { table.note("namespaces, overlay and programs of a lab", at: "here", .good) }
    for lack in lacks {
      table.note(lack.problem, at: "here", .missing(problem: lack.problem, remedy: lack.remedy))
    }
    return table
  }

  private func look(at path: String) async throws -> NeedsTable {
    let found = try Selection.site(at: path)
    let selected =
      plans.isEmpty
      ? [] : try Selection.read(plans, site: path, only: [], repetitions: nil).jobs.flatMap(\.plans)
    let needs = FaultNeeds(selected)
    var table = NeedsTable(
      places: ["here"] + found.nodes.map(\.name) + found.machines.map(\.name))
    for caveat in found.caveats { Terminal.tell("caution \(found.name): \(caveat)") }
    for (need, cell) in await HereVisit.look(for: found, output: output) {
      table.note(need, at: "here", cell)
    }
    let reaches =
      found.nodes.map { ($0.name, $0.reach) } + found.machines.map { ($0.name, $0.reach) }
    for (name, reach) in reaches {
      Terminal.note("takeover: connecting to \(name): \(reach.user)@\(reach.host)")
      var visit = NodeVisit(name, reach, of: found, needs: needs)
      await visit.look()
      if !visit.way.isEmpty { Terminal.note("  \(CleanText.line(visit.way))") }
      for (need, cell) in visit.found { table.note(need, at: name, cell) }
    }
    return table
  }
}
