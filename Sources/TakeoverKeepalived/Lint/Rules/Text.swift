// The rules about the text itself: what the reader said of it becomes findings.

enum TextIsRefused: LintRule {
  static let declaration = Rule(
    "KA001", .error, "keepalived refuses the configuration",
    "`keepalived -t` ends with a status other than 0 for this text. A daemon that is started with it "
      + "does not run, and one that is reloaded with it may end and take its addresses along "
      + "(keepalived.conf(5), reload_check_config).")

  static func findings(in pair: Pair) -> [LintFinding] { remarks(.refused, in: pair) }
}

enum TextIsCorrected: LintRule {
  static let declaration = Rule(
    "KA002", .warning, "keepalived goes on with something else than what is written",
    "The daemon says so once in its log and then works with another value, or without the keyword. "
      + "Nobody who reads the file sees that.")

  static func findings(in pair: Pair) -> [LintFinding] { remarks(.corrected, in: pair) }
}

enum TextIsMisunderstood: LintRule {
  static let declaration = Rule(
    "KA003", .warning, "keepalived does something else than what is written, without a word",
    "The daemon accepts the text and says nothing, not even with -t, but does not do what a reader of "
      + "the file would expect.")

  static func findings(in pair: Pair) -> [LintFinding] { remarks(.silent, in: pair) }
}

enum OnlyFilesAreKnown: LintRule {
  static let declaration = Rule(
    "KA004", .note, "only files were given",
    "What depends on the node itself was not looked at: its addresses and interfaces, the scripts and "
      + "who may write them, the firewall, net.ipv4.ip_nonlocal_bind, the scheduler, the versions. "
      + "`takeover lint --site FILE` reads them with commands that change nothing.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let first = pair.members.first, pair.members.allSatisfy({ $0.facts == nil }) else {
      return []
    }
    return [
      finding(
        at: Place(file: first.configuration.file, line: 1, column: 1), of: first,
        "only files were given: addresses, interfaces, script files, firewall, sysctls and versions "
          + "of the nodes were not looked at",
        mend: "takeover lint --site FILE looks at them")
    ]
  }
}

extension LintRule {
  fileprivate static func remarks(_ gravity: Remark.Gravity, in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.configuration.remarks.filter { $0.gravity == gravity }.map {
        finding(at: $0.place, of: member, $0.sentence, mend: $0.remedy)
      }
    }
  }
}

enum OneNodeIsKnown: LintRule {
  static let declaration = Rule(
    "KA005", .note, "only one node was given",
    "Most of what goes wrong in a pair is a difference between its nodes. With one configuration only "
      + "that one is looked at.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard pair.members.count == 1, let only = pair.members.first else { return [] }
    return [
      finding(
        at: Place(file: only.configuration.file, line: 1, column: 1), of: only,
        "only one node was given: whether the other one agrees was not looked at",
        mend: "takeover lint A.conf B.conf, with the files of both nodes")
    ]
  }
}
