// Findings for programs: one JSON document with a version of its own.

package struct LintDocument: Encodable, Sendable {
  /// Of this form: it changes when a key changes its meaning or goes.
  package static let version = 1

  package struct Spot: Encodable, Sendable {
    package var node: String
    package var file: String
    package var line: Int
    /// In bytes, from 1.
    package var column: Int
  }

  package struct Node: Encodable, Sendable {
    package var name: String
    package var file: String
    /// Whether `keepalived -t` would refuse the configuration.
    package var refused: Bool
    /// Whether the node itself was looked at.
    package var looked: Bool
    /// keepalived's version there; nil: not known.
    package var keepalived: String?
  }

  package struct Finding: Encodable, Sendable {
    package var code: String
    package var severity: String
    package var title: String
    package var at: Spot
    package var sentence: String
    package var remedy: String
    package var refused: Bool
    package var others: [Spot]
  }

  package var version = Self.version
  package var havip: Bool
  package var nodes: [Node]
  package var findings: [Finding]

  package init(
    _ findings: [LintFinding], of members: [Member], profile: LintProfile, sources: LintSources
  ) {
    havip = profile.isHAVIP
    nodes = members.map { member in
      Node(
        name: member.name, file: member.configuration.file, refused: Linter.isRefused([member]),
        looked: member.facts != nil, keepalived: member.facts?.version)
    }
    let titles = Dictionary(
      LintCatalog.declarations.map { ($0.code, $0.title) }, uniquingKeysWith: { one, _ in one })
    self.findings = findings.map { finding in
      Finding(
        code: finding.code, severity: finding.severity.rawValue, title: titles[finding.code] ?? "",
        at: Self.spot(finding.member, finding.place),
        sentence: sources.shown(finding.sentence),
        remedy: sources.shown(finding.remedy), refused: finding.isRefused,
        others: finding.others.map { Self.spot($0.member, $0.place) })
    }
  }

  private static func spot(_ member: String, _ place: Place) -> Spot {
    Spot(node: member, file: place.file, line: place.line, column: place.column)
  }
}
