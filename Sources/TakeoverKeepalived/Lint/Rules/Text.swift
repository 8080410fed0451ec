// The rules about the text itself: what the reader said of it becomes findings.

enum TextIsRefused: LintRule {
  static let declaration = Rule(
    "KA001", .error, "keepalived does not run with the configuration",
    "The daemon, or its VRRP process, ends when it reads this text: started with it, it holds nothing; "
      + "reloaded with it, it may take its addresses along (keepalived.conf(5), reload_check_config)."
  )

  static func findings(in pair: Pair) -> [LintFinding] { remarks(in: pair) { $0.isFatal } }
}

enum TextIsCorrected: LintRule {
  static let declaration = Rule(
    "KA002", .warning, "keepalived goes on with something else than what is written",
    "The daemon says so once in its log and then works with another value, or without the keyword; "
      + "`keepalived -t` may refuse the text. Nobody who reads the file sees that.")

  static func findings(in pair: Pair) -> [LintFinding] {
    remarks(in: pair) { !$0.isFatal && $0.gravity != .silent }
  }
}

enum TextIsMisunderstood: LintRule {
  static let declaration = Rule(
    "KA003", .warning, "keepalived does something else than what is written, without a word",
    "The daemon accepts the text and says nothing, not even with -t, but does not do what a reader of "
      + "the file would expect.")

  static func findings(in pair: Pair) -> [LintFinding] {
    remarks(in: pair) { $0.gravity == .silent }
  }
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
  /// Those that no rule of its own speaks of. That an address without a prefix has its whole length is
  /// worth knowing, no more.
  fileprivate static func remarks(
    in pair: Pair, where isMeant: (Remark) -> Bool
  ) -> [LintFinding] {
    pair.members.flatMap { member in
      member.configuration.remarks.filter {
        isMeant($0) && ($0.subject == nil || $0.subject == .noPrefix)
      }.map {
        finding(
          at: $0.place, of: member, $0.sentence, mend: $0.remedy,
          as: $0.subject == .noPrefix ? .note : nil)
      }
    }
  }
}

extension Member {
  /// What the reader says of one subject, with what `read` takes from it.
  func remarks<Value>(_ read: (Remark.Subject) -> Value?) -> [(place: Place, value: Value)] {
    configuration.remarks.compactMap { remark in
      remark.subject.flatMap(read).map { (remark.place, $0) }
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
