// Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code hosts and
// editors.

package struct SARIFLog: Encodable, Sendable {
  struct Message: Encodable, Sendable { var text: String }

  struct Rule: Encodable, Sendable {
    struct Level: Encodable, Sendable { var level: String }

    var id: String
    var shortDescription: Message
    var fullDescription: Message
    var help: Message
    var defaultConfiguration: Level
  }

  struct Driver: Encodable, Sendable {
    var name = "takeover lint"
    var version: String
    var rules: [Rule]
  }

  struct Tool: Encodable, Sendable { var driver: Driver }

  struct Location: Encodable, Sendable {
    struct Artifact: Encodable, Sendable { var uri: String }
    struct Region: Encodable, Sendable {
      var startLine: Int
      var startColumn: Int
    }
    struct Physical: Encodable, Sendable {
      var artifactLocation: Artifact
      var region: Region
    }

    /// Of a related location, within its result (3.28.2).
    var id: Int?
    var physicalLocation: Physical
    var message: Message?
  }

  struct Result: Encodable, Sendable {
    var ruleId: String
    var ruleIndex: Int
    var level: String
    var message: Message
    var locations: [Location]
    var relatedLocations: [Location]?
  }

  struct Run: Encodable, Sendable {
    var tool: Tool
    /// 3.14.27.
    var columnKind = "unicodeCodePoints"
    var results: [Result]
  }

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  var schema = "https://json.schemastore.org/sarif-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  /// `tool`: the program's own version.
  package init(
    _ findings: [LintFinding], of members: [Member], sources: LintSources, tool: String
  ) {
    let names = LintNames(members)
    let rules = LintCatalog.declarations
    let index = Dictionary(
      rules.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { one, _ in one })
    func location(_ member: String, _ place: Place, id: Int? = nil, _ text: String? = nil)
      -> Location
    {
      Location(
        id: id,
        physicalLocation: Location.Physical(
          artifactLocation: Location.Artifact(uri: names.uri(member, place.file)),
          region: Location.Region(
            startLine: max(place.line, 1),
            startColumn: sources.scalarColumn(of: member, at: place))),
        message: text.map(Message.init))
    }
    let results = findings.map { finding in
      let sentence = sources.shown(finding.sentence)
      let remedy = sources.shown(finding.remedy)
      return Result(
        ruleId: finding.code, ruleIndex: index[finding.code] ?? 0, level: finding.severity.rawValue,
        message: Message(text: "\(sentence). Write: \(remedy)"),
        locations: [location(finding.member, finding.place)],
        relatedLocations: finding.others.isEmpty
          ? nil
          : finding.others.enumerated().map { offset, other in
            location(other.member, other.place, id: offset + 1, "on \(Legible.line(other.member))")
          })
    }
    let described = rules.map { rule in
      Rule(
        id: rule.code, shortDescription: Message(text: rule.title),
        fullDescription: Message(text: rule.explanation), help: Message(text: rule.explanation),
        defaultConfiguration: Rule.Level(level: rule.severity.rawValue))
    }
    runs = [Run(tool: Tool(driver: Driver(version: tool, rules: described)), results: results)]
  }
}
