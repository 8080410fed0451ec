// The checks that plans may name, as the report room declares them, and readers made with them.

import TakeoverModel
import TakeoverPlan

enum Sample {
  static let checks = [
    CheckDeclaration(
      name: "takeover-within", forms: [.duration],
      summary: "from the blow until another node has advertised and announced every address"),
    CheckDeclaration(
      name: "outage-within", forms: [.duration],
      summary: "the longest time without a good answer, at any vantage point, by any method"),
    CheckDeclaration(
      name: "single-holder", forms: [.duration],
      summary: "the longest time two nodes may hold one address together; 0s allows none"),
    CheckDeclaration(
      name: "announced-within", forms: [.duration],
      summary: "from the new holder's first advertisement until it has announced every address"),
    CheckDeclaration(
      name: "caches-healed", forms: [.duration],
      summary: "from the takeover until every client's neighbour entry leads to the new holder"),
    CheckDeclaration(
      name: "stale-within", forms: [.duration],
      summary: "the longest time a client's neighbour entry led to another node than the holder"),
    CheckDeclaration(
      name: "last-word", forms: [.choice(["holder"])],
      summary: "whose the last announcement of each address is at the trial's end"),
    CheckDeclaration(
      name: "transitions", forms: [.count(0...1000)],
      summary: "how often the addresses change hands from the blow to the trial's end, exactly"),
    CheckDeclaration(
      name: "transitions-at-most", forms: [.count(0...1000)],
      summary: "how often the addresses may change hands from the blow to the trial's end"),
    CheckDeclaration(
      name: "stays", forms: [.choice(["during", "throughout"])],
      summary: "the holder stays the only one: during the fault, or throughout the trial"),
    CheckDeclaration(
      name: "failback", forms: [.choice(["never", "allowed", "required"])],
      summary: "whether the addresses go back to the node that lost them, before the trial ends"),
    CheckDeclaration(
      name: "failback-not-before", forms: [.duration],
      summary: "from the healing until the addresses may go back to the node that lost them"),
    CheckDeclaration(
      name: "unowned-within", forms: [.duration],
      summary: "the longest time at a stretch in which no node held an address"),
    CheckDeclaration(
      name: "service-within", forms: [.duration],
      summary: "the longest time no connection succeeded although the address was answered for"),
    CheckDeclaration(
      name: "right-node-within", forms: [.duration],
      summary: "from the blow or a change of hands until nobody but the holder answers"),
    CheckDeclaration(
      name: "states-agree-within", forms: [.duration],
      summary:
        "the longest time a node's advertisements, kernel and answers contradicted each other"),
    CheckDeclaration(
      name: "daemon-stays", forms: [.choice(["spared", "everywhere"])],
      summary: "no service's processes change: on the nodes that were spared, or everywhere"),
    CheckDeclaration(
      name: "advertisement-jitter", forms: [.duration],
      summary: "how far two advertisements in a row of one node may be off their interval"),
    CheckDeclaration(
      name: "announcements-per-second", forms: [.count(1...100_000)],
      summary: "the most announcements of one address, by all nodes together, in any second"),
    CheckDeclaration(
      name: "strangers", forms: [.choice(["none"])],
      summary: "no machine but the site's nodes advertises, announces or answers for an address"),
  ]

  static let planReader = PlanReader(faults: FaultCatalog.faults, checks: checks)

  static let plan = """
    version: 1
    name: sample
    trials:
      - name: one
        fault: kill-process
        hold: 5s
        expect:
          takeover-within: 4s

    """

  static func diagnostics(_ text: String) -> [Diagnostic] {
    planReader.read(text: text, path: "plan.yaml").1
  }

  /// `TK012 5:12` for each.
  static func places(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map { "\($0.code.rawValue) \($0.span.line):\($0.span.column)" }
  }

  static func places(_ text: String) -> [String] { places(diagnostics(text)) }
}
