// What a rule has to say about a pair: what will happen, where it is written, and what mends it.

package enum LintSeverity: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Worth knowing; nothing happens because of it.
  case note
  /// It will hurt: a slow takeover, a needless one, a check that sees too little.
  case warning
  /// The pair will not fail over, or both nodes will hold the address.
  case error

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// What a rule is, for `takeover explain`, for the catalog and for SARIF.
package struct LintDeclaration: Hashable, Sendable {
  /// `KA012`: never used for anything else, also when the rule is gone.
  package let code: String
  /// Of its findings, unless one says otherwise.
  package let severity: LintSeverity
  package let title: String
  /// A paragraph: why it matters, and where it is written.
  package let explanation: String

  init(_ code: String, _ severity: LintSeverity, _ title: String, _ explanation: String) {
    self.code = code
    self.severity = severity
    self.title = title
    self.explanation = explanation
  }
}

package struct LintFinding: Hashable, Sendable {
  /// Another place that the finding speaks of.
  package struct Other: Hashable, Sendable {
    package var member: String
    package var place: Place
  }

  package var code: String
  package var severity: LintSeverity
  /// The node whose configuration is to be changed.
  package var member: String
  package var place: Place
  /// What will happen, in one sentence.
  package var sentence: String
  /// The line to write, or what to do; never empty.
  package var remedy: String
  package var others: [Other]
  /// `keepalived -t` fails because of it.
  package var isRefused = false
}

/// One thing that can be wrong with a pair. One small type, and one line in `LintCatalog`.
package protocol LintRule: Sendable {
  static var declaration: LintDeclaration { get }
  static func findings(in pair: Pair) -> [LintFinding]
}

extension LintRule {
  static func finding(
    at place: Place, of member: Member, _ sentence: String, mend remedy: String,
    as severity: LintSeverity? = nil, and others: [LintFinding.Other] = []
  ) -> LintFinding {
    LintFinding(
      code: declaration.code, severity: severity ?? declaration.severity, member: member.name,
      place: place, sentence: sentence, remedy: remedy, others: others)
  }

  static func finding(
    at place: Place, of seat: Seat, _ sentence: String, mend remedy: String,
    as severity: LintSeverity? = nil, and others: [LintFinding.Other] = []
  ) -> LintFinding {
    finding(
      at: place, of: seat.member, "\(seat.name): \(sentence)", mend: remedy, as: severity,
      and: others)
  }
}
