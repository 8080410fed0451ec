// All rules over one pair: what they find, in the order in which a person reads it.

internal import TakeoverModel

package enum Linter {
  /// Nobody reads more.
  static let most = 500

  package static func findings(
    of members: [Member], profile: LintProfile = LintProfile()
  ) -> [LintFinding] {
    let pair = Pair(members, profile: profile)
    var all = LintCatalog.rules.kinds.flatMap { $0.findings(in: pair) }
    merge(&all, members)
    let order = Dictionary(
      members.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { one, _ in one }
    )
    let files = Dictionary(
      members.map { ($0.name, $0.configuration.file) }, uniquingKeysWith: { one, _ in one })
    all.sort { one, other in
      let left = key(of: one, order, files)
      let right = key(of: other, order, files)
      return left < right
    }
    return Array(all.prefix(most))
  }

  /// What the reader said of a place is said better by the rule that knows it: one finding, which
  /// still tells that keepalived refuses it.
  private static func merge(_ all: inout [LintFinding], _ members: [Member]) {
    let generic = Set([
      TextIsRefused.declaration.code, TextIsCorrected.declaration.code,
      TextIsMisunderstood.declaration.code,
    ])
    func key(_ finding: LintFinding) -> String { "\(finding.member)\u{0}\(finding.place)" }
    let refused = Set(
      members.flatMap { member in
        member.configuration.remarks.filter { $0.gravity == .refused }.map {
          "\(member.name)\u{0}\($0.place)"
        }
      })
    var known: Set<String> = []
    for index in all.indices {
      if refused.contains(key(all[index])) { all[index].isRefused = true }
      guard !generic.contains(all[index].code), all[index].severity > .note else { continue }
      known.insert(key(all[index]))
    }
    all.removeAll { generic.contains($0.code) && known.contains(key($0)) }
  }

  /// By node, the node's main file first, then place, then severity, then code.
  private struct Key: Comparable {
    var parts: (Int, Int, String, Int, Int)
    var code: String

    static func == (left: Self, right: Self) -> Bool {
      left.parts == right.parts && left.code == right.code
    }
    static func < (left: Self, right: Self) -> Bool {
      left.parts != right.parts ? left.parts < right.parts : left.code < right.code
    }
  }

  private static func key(
    of finding: LintFinding, _ order: [String: Int], _ files: [String: String]
  ) -> Key {
    Key(
      parts: (
        order[finding.member] ?? .max, files[finding.member] == finding.place.file ? 0 : 1,
        finding.place.file, finding.place.line, finding.place.column
      ), code: finding.code)
  }

  /// Whether keepalived does not run with one of the files.
  package static func isFatal(_ members: [Member]) -> Bool {
    members.contains { $0.configuration.remarks.contains(where: \.isFatal) }
  }

  /// Whether `keepalived -t` would refuse one of the files, even if a daemon runs with it.
  package static func isRefused(_ members: [Member]) -> Bool {
    members.contains { $0.configuration.remarks.contains { $0.gravity == .refused } }
  }
}
