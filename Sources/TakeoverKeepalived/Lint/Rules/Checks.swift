// The checks that the configuration names: whether they exist, run, and see what they should see.

internal import TakeoverModel

enum CheckIsUndefined: LintRule {
  static let declaration = Rule(
    "KA060", .error, "a tracked check that is not defined",
    "keepalived says once in its log that it does not find the script, file or process and goes on "
      + "without it: nothing is checked, and the node keeps the address with a dead service.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.undefinedChecks.map { place, name in
        finding(
          at: place, of: member,
          "\(name) is tracked and defined nowhere above: keepalived goes on without it, and "
            + "\(member.name) keeps the address when the service is dead",
          mend: "vrrp_script \(name) { script \"/etc/keepalived/\(name).sh\" }, above the instance")
      }
    }
  }
}

enum CheckIsUnused: LintRule {
  static let declaration = Rule(
    "KA061", .warning, "a check that nobody tracks",
    "A vrrp_script is run only while an instance or a sync group tracks it, a track_file is read only "
      + "then (keepalived.conf(5)). Whoever defined it meant it to matter.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      let configuration = member.configuration
      let used = Set(configuration.trackings.map { [$0.kind.rawValue, $0.tracked.name] })
      let defined: [(Watch.Kind, String, Place)] =
        configuration.scripts.map { (.script, $0.name, $0.place) }
        + configuration.trackFiles.map { (.file, $0.name, $0.place) }
        + configuration.trackProcesses.map { (.process, $0.name, $0.place) }
      return defined.filter { !used.contains([$0.0.rawValue, $0.1]) }.map { kind, name, place in
        finding(
          at: place, of: member, "\(name) is tracked by no instance: keepalived never runs it",
          mend: "\(kind.rawValue) { \(name) } in the instance that depends on it")
      }
    }
  }
}

enum CheckSeesOnlyTheProcess: LintRule {
  static let declaration = Rule(
    "KA062", .warning, "a check that only sees whether a process exists",
    "killall -0, pidof, pgrep, `systemctl is-active` and track_process say that a process is there. One "
      + "that hangs, has no descriptors left or answers every request with an error is there, too: the "
      + "address stays in front of a service that does not serve. Ask the service for something.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member -> [LintFinding] in
      let configuration = member.configuration
      let used = Set(configuration.trackings.map(\.tracked.name))
      let scripts = configuration.scripts.filter { used.contains($0.name) }.compactMap {
        script -> LintFinding? in
        guard let command = script.command, let words = ProcessOnly.words(of: command.value) else {
          return nil
        }
        return finding(
          at: command.place, of: member,
          "\(script.name) runs `\(words)`: a service that hangs but lives passes, and the address "
            + "stays with it",
          mend: ProcessOnly.better(than: words))
      }
      let processes = configuration.trackProcesses.filter { used.contains($0.name) }.map {
        process in
        finding(
          at: process.place, of: member,
          "\(process.name) only sees that a process exists: a service that hangs but lives passes, "
            + "and the address stays with it",
          mend: "a vrrp_script that asks the service for something, beside it")
      }
      return scripts + processes
    }
  }
}

/// Commands that ask the kernel for a process and nobody for an answer.
enum ProcessOnly {
  /// The command in short; nil: it does something else.
  static func words(of command: [String]) -> String? {
    let flat = command.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    let bare = flat.drop {
      let name = Self.name($0)
      return ["sh", "bash", "sudo", "env", "timeout"].contains(name) || $0 == "-c" || Int($0) != nil
    }
    guard let program = bare.first else { return nil }
    let rest = bare.dropFirst()
    let isOne: Bool =
      switch name(program) {
      case "killall", "pkill", "kill": rest.contains("-0") || rest.contains("0")
      case "pidof", "pgrep": true
      case "systemctl": rest.contains("is-active") || rest.contains("status")
      case "service": rest.contains("status")
      case "ps": true
      case "test", "[":
        rest.contains { $0.contains("/proc/") || $0.hasSuffix(".pid") }
          || rest.contains { $0.contains("pidof") || $0.contains("pgrep") }
      default: false
      }
    return isOne ? bare.prefix(4).joined(separator: " ") : nil
  }

  private static func name(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  static func better(than words: String) -> String {
    words.contains("haproxy") || words.contains("nginx") || words.contains("httpd")
      ? "script \"/usr/bin/curl -fsS -m 1 -o /dev/null http://127.0.0.1/\""
      : "script with a request that the service answers only when it works"
  }
}

enum ScriptPathIsRelative: LintRule {
  static let declaration = Rule(
    "KA063", .warning, "a script without an absolute path",
    "A bare name is looked for in the daemon's PATH, which is not a login's; a relative path starts at "
      + "the daemon's folder. Where it is not found, the check is disabled with one line in the log."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.configuration.scripts.compactMap { script -> LintFinding? in
        guard let command = script.command, let program = command.value.first,
          let path = program.split(whereSeparator: \.isWhitespace).first, !path.hasPrefix("/")
        else { return nil }
        return finding(
          at: command.place, of: member,
          "\(script.name) runs \(path) without its folder: where the daemon does not find it, the "
            + "check is disabled and never fails",
          mend:
            "script \"/usr/bin/\(path.split(separator: "/").last ?? path)…\" with its whole path")
      }
    }
  }
}

enum ScriptHasNoCommand: LintRule {
  static let declaration = Rule(
    "KA064", .error, "a vrrp_script without script",
    "There is nothing to run: the daemon throws the check away, and what tracks it goes on without."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.members.flatMap { member in
      member.remarks { subject -> String? in
        if case .scriptWithoutCommand(let name) = subject { name } else { nil }
      }.map { place, name in
        finding(
          at: place, of: member,
          "\(name) has no `script`: it is thrown away, and what it should check is not checked",
          mend: "script \"/etc/keepalived/\(name).sh\"")
      }
    }
  }
}

enum NothingIsChecked: LintRule {
  static let declaration = Rule(
    "KA065", .note, "nothing is checked but the daemon itself",
    "Without track_script, track_process or track_file the address moves only when keepalived, the "
      + "link or the machine fails. A service that dies keeps the address in front of it.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.routers.compactMap { router -> LintFinding? in
      guard let seat = router.seats.first,
        router.seats.allSatisfy({ one in
          one.member.undefinedChecks.isEmpty && one.instance.scripts.isEmpty
            && one.instance.files.isEmpty
            && one.instance.processes.isEmpty
            && (one.group.map { $0.scripts.isEmpty && $0.files.isEmpty && $0.processes.isEmpty }
              ?? true)
        })
      else { return nil }
      return finding(
        at: seat.instance.place, of: seat,
        "tracks no service: when the one behind \(router.addressWords) dies, the address stays",
        mend: "vrrp_script with a request to the service, and track_script in the instance")
    }
  }
}

enum ScriptsDiffer: LintRule {
  static let declaration = Rule(
    "KA066", .warning, "a check is defined differently on the nodes",
    "The same name with another command, interval, fall, rise, timeout or weight makes the nodes judge "
      + "the same state differently.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let first = pair.members.first else { return [] }
    return pair.members.dropFirst().flatMap { member in
      member.configuration.scripts.compactMap { script -> LintFinding? in
        guard let twin = first.configuration.script(named: script.name) else { return nil }
        let mine = facets(of: script)
        let theirs = facets(of: twin)
        guard let index = mine.indices.first(where: { mine[$0] != theirs[$0] }) else { return nil }
        return finding(
          at: script.place, of: member,
          "\(script.name): \(mine[index].name) is \(mine[index].value), but \(theirs[index].value) on "
            + first.name,
          mend: "\(mine[index].name) \(theirs[index].value)",
          and: [LintFinding.Other(member: first.name, place: twin.place)])
      }
    }
  }

  private struct Facet: Equatable {
    var name: String
    var value: String
  }

  private static func facets(of script: Script) -> [Facet] {
    [
      Facet(name: "script", value: "`\((script.command?.value ?? []).joined(separator: " "))`"),
      Facet(name: "interval", value: Words.seconds(script.period)),
      Facet(name: "timeout", value: Words.seconds(script.limit)),
      Facet(name: "fall", value: String(script.fall?.value ?? 1)),
      Facet(name: "rise", value: String(script.rise?.value ?? 1)),
      Facet(
        name: "weight",
        value: String(script.weight?.value ?? 0) + (script.isReversed ? " reverse" : "")),
    ]
  }
}

extension Script {
  var period: Duration { effectiveInterval }
  /// A script that runs longer is killed, and has failed.
  var limit: Duration { effectiveTimeout > .zero ? effectiveTimeout : period }
  /// From the failure of the service to the daemon's knowing it, at most; `hanging`: when the check
  /// itself waits for its limit.
  func detection(hanging: Bool = false) -> Duration {
    max(period, hanging ? limit : .zero) * max(1, effectiveFall) + (hanging ? limit : .zero)
  }
}

extension Configuration {
  /// Whatever is tracked, with who tracks it.
  var trackings: [(user: String, kind: Watch.Kind, tracked: Tracked)] {
    func all(
      _ user: String, _ scripts: [Tracked], _ files: [Tracked], _ processes: [Tracked]
    ) -> [(user: String, kind: Watch.Kind, tracked: Tracked)] {
      scripts.map { (user, .script, $0) } + files.map { (user, .file, $0) }
        + processes.map { (user, .process, $0) }
    }
    return instances.flatMap { all($0.name, $0.scripts, $0.files, $0.processes) }
      + groups.flatMap { all($0.name, $0.scripts, $0.files, $0.processes) }
  }
}

extension Member {
  var undefinedChecks: [(place: Place, value: String)] {
    remarks { subject in
      if case .undefinedCheck(let name) = subject { name } else { nil }
    }
  }
}
