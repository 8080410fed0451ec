// The scripts as files: who runs them, and whether the daemon will.

internal import TakeoverModel

enum ScriptIsMissing: LintRule {
  static let declaration = Rule(
    "KA070", .error, "a check's program is not on the node",
    "The daemon looks for the program when it starts. What it does not find is disabled, with one line "
      + "in the log: the check never fails, and the node keeps the address with a dead service.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.checkFiles.filter { !$0.file.isThere || !$0.file.isRegular }.map { use in
      finding(
        at: use.place, of: use.member,
        "\(use.name) runs \(use.path), which \(use.member.name) does not have: the check is disabled "
          + "and never fails",
        mend: "put \(use.path) on \(use.member.name), owned by root, with mode 755")
    }
  }
}

enum ScriptIsNotExecutable: LintRule {
  static let declaration = Rule(
    "KA071", .error, "a check's program is not executable",
    "A file without an execute bit cannot be run. The daemon disables the check when it starts.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.checkFiles.filter { $0.file.isThere && $0.file.isRegular && !$0.file.isExecutable }.map {
      use in
      finding(
        at: use.place, of: use.member,
        "\(use.name) runs \(use.path), which is not executable on \(use.member.name) (mode "
          + "\(String(use.file.mode ?? 0, radix: 8))): the check is disabled and never fails",
        mend: "chmod 755 \(use.path)")
    }
  }
}

enum ScriptIsInsecure: LintRule {
  static let declaration = Rule(
    "KA072", .warning, "a root script that others may change",
    "A script that root runs and another user may replace makes that user root. With "
      + "enable_script_security the daemon disables such a check, without it it runs it and logs a "
      + "security violation (keepalived.conf(5), SCRIPTS).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.checkFiles.filter {
      $0.file.isThere && !$0.file.writableByOthers.isEmpty && $0.runsAsRoot
    }.map { use in
      let isEnforced = use.member.configuration.globals.scriptSecurity?.value ?? false
      let paths = Words.list(use.file.writableByOthers)
      return finding(
        at: use.place, of: use.member,
        isEnforced
          ? "others than root may change \(paths): enable_script_security disables \(use.name), which "
            + "then never fails"
          : "others than root may change \(paths), which root runs as \(use.name)",
        mend: "chown root:root \(paths) && chmod go-w \(paths)", as: isEnforced ? .error : .warning)
    }
  }
}

enum ScriptSecurityIsOff: LintRule {
  static let declaration = Rule(
    "KA073", .warning, "enable_script_security is not set",
    "Without it scripts run even where another user than root may change them; the daemon says so in "
      + "its log at each start (keepalived.conf(5), enable_script_security).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.compactMap { member -> LintFinding? in
      let configuration = member.configuration
      guard let first = configuration.scripts.first,
        !(configuration.globals.scriptSecurity?.value ?? false)
      else { return nil }
      return finding(
        at: configuration.globals.scriptSecurity?.place ?? first.place, of: member,
        "scripts run without enable_script_security: whoever may write one of them, or a folder above "
          + "it, is root on \(member.name)",
        mend: "enable_script_security in global_defs")
    }
  }
}

enum ScriptUserIsUnset: LintRule {
  static let declaration = Rule(
    "KA074", .warning, "script_user is not set",
    "Without script_user, or `user` in the script, scripts run as keepalived_script if that user "
      + "exists, else as root (keepalived.conf(5)): the same file means different users on different "
      + "machines, and a check that needs rights fails on one of them.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.compactMap { member -> LintFinding? in
      let configuration = member.configuration
      guard configuration.globals.scriptUser == nil,
        let first = configuration.scripts.first(where: { $0.user == nil }),
        member.facts?.hasScriptUser != true
      else { return nil }
      let who =
        member.facts?.hasScriptUser == nil
        ? "as keepalived_script where that user exists, else as root" : "as root"
      return finding(
        at: first.place, of: member, "\(first.name) runs \(who)",
        mend: "script_user root in global_defs")
    }
  }
}

enum NotifyIsMissing: LintRule {
  static let declaration = Rule(
    "KA075", .warning, "a notify script that is not on the node or not executable",
    "What the notify scripts do (start a service, tell a cloud's API) does not happen: the daemon "
      + "drops a notify that it cannot run.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      guard let files = member.facts?.files else { return [] }
      return member.configuration.notifyPaths.compactMap { keyword, path, place -> LintFinding? in
        guard let file = files[path], !file.isThere || !file.isExecutable else { return nil }
        return finding(
          at: place, of: member,
          "\(keyword) \(path) \(file.isThere ? "is not executable" : "is not there") on \(member.name): "
            + "it does not run at a takeover",
          mend: file.isThere ? "chmod 755 \(path)" : "put \(path) on \(member.name), with mode 755")
      }
    }
  }
}

enum NotifyPathIsRelative: LintRule {
  static let declaration = Rule(
    "KA076", .warning, "a notify script without an absolute path",
    "The daemon's PATH and folder are not those of a login; what is not found is not run, and nobody "
      + "notices before the takeover.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.configuration.notifyPaths.filter { !$0.path.hasPrefix("/") && !$0.path.isEmpty }.map {
        keyword, path, place in
        finding(
          at: place, of: member,
          "\(keyword) \(path) has no absolute path: where the daemon does not find it, it does not run",
          mend: "\(keyword) with the whole path")
      }
    }
  }
}

extension Pair {
  struct FileUse {
    var member: Member
    var name: String
    var path: String
    var place: Place
    var file: NodeFacts.File
    var user: String?

    var runsAsRoot: Bool {
      let user = user ?? member.configuration.globals.scriptUser?.value
      return user.map { $0 == "root" } ?? !(member.facts?.hasScriptUser ?? false)
    }
  }

  /// The programs of tracked scripts whose files are known.
  var checkFiles: [FileUse] {
    members.flatMap { member -> [FileUse] in
      guard let files = member.facts?.files else { return [] }
      return member.configuration.scripts.compactMap { script -> FileUse? in
        guard let command = script.command, let path = script.program, let file = files[path] else {
          return nil
        }
        return FileUse(
          member: member, name: script.name, path: path, place: command.place, file: file,
          user: script.user?.value)
      }
    }
  }
}

extension Script {
  /// The program's path; nil: it has no absolute one.
  package var program: String? {
    command?.value.first?.split(whereSeparator: \.isWhitespace).first.map(String.init)
      .flatMap { $0.hasPrefix("/") ? $0 : nil }
  }
}

extension Configuration {
  /// The programs of notify keywords, with their keyword.
  package var notifyPaths: [(keyword: String, path: String, place: Place)] {
    (instances.flatMap(\.notifies) + groups.flatMap(\.notifies)).compactMap { notify in
      guard let keyword = notify.value.first, !keyword.contains("fifo"),
        !keyword.contains("changes"),
        let path = notify.value.dropFirst().first?.split(whereSeparator: \.isWhitespace).first
      else { return nil }
      return (keyword, String(path), notify.place)
    }
  }
}
