// The words and the mending of services and of nftables.

/// Properties of a service: `runs`, `first process` and `stopped` (yes, no), `processes` (a number),
/// `at boot` (systemd's word for it: enabled, disabled, masked…).
enum ServiceChange {
  static func differences(_ changes: [PropertyChange], on node: Node?) -> [Difference] {
    changes.byOwner.flatMap { name, changes -> [Difference] in
      let control = node?.services[name]
      var found: [Difference] = []
      if let runs = changes["runs"] {
        // Without a run there are no processes to speak of.
        found.append(
          runs.after == "yes"
            ? Difference(.services, "\(name) runs, it did not before", mend: control?.stop)
            : Difference(.services, "\(name) does not run", mend: control?.start))
      } else {
        if let first = changes["first process"] {
          found.append(
            Difference(
              .services,
              first.after == "yes" ? "\(name) has a first process" : "\(name) has no first process",
              mend: control?.anew))
        } else if let number = changes["processes"], isLoss(number, of: name) {
          found.append(
            Difference(
              .services,
              "processes of \(name): \(number.after ?? "none"), not \(number.before ?? "none")",
              mend: control?.anew))
        }
        if let stopped = changes["stopped"] {
          found.append(
            stopped.after == "yes"
              ? Difference(.services, "a process of \(name) is stopped", mend: control?.thaw)
              : Difference(.services, "no process of \(name) is stopped any more"))
        }
      }
      if let boot = changes["at boot"] { found.append(atBoot(boot, control)) }
      return found
    }
  }

  /// Sessions and connections are processes, too, and come and go by right: what counts is a service
  /// that stands alone where it had others. keepalived's number is fixed by its configuration.
  private static func isLoss(_ change: PropertyChange, of name: String) -> Bool {
    let (before, after) = (change.before.flatMap { Int($0) }, change.after.flatMap { Int($0) })
    guard let before, let after else { return true }
    return after < before && (after == 1 || name.contains("keepalived"))
  }

  private static func atBoot(_ change: PropertyChange, _ control: ServiceControl?) -> Difference {
    let (before, after) = (change.before ?? "unknown", change.after ?? "unknown")
    var mend: Command?
    if case .unit(let unit) = control {
      switch (before, after) {
      case (_, "masked"): mend = Command("systemctl", "unmask", unit)
      case (_, "masked-runtime"): mend = Command("systemctl", "unmask", "--runtime", unit)
      case ("enabled", "disabled"): mend = Command("systemctl", "enable", unit)
      case ("disabled", "enabled"): mend = Command("systemctl", "disable", unit)
      default: break
      }
    }
    return Difference(
      .services, "\(change.owner) is \(after) at boot, it was \(before)", mend: mend)
  }
}

extension ServiceControl {
  /// Stop and start: what lost a part of itself has no other way back.
  fileprivate var anew: Command {
    switch self {
    case .unit(let name): Command("systemctl", "restart", name)
    case .commands(let own):
      .script("eval \"$1\"; eval \"$2\"", [own.stop.shellText, own.start.shellText])
    }
  }

  /// Lets the first process and everything below it go on.
  fileprivate var thaw: Command {
    switch self {
    case .unit(let name): Command("systemctl", "kill", "--signal=CONT", name)
    case .commands(let own):
      .script(
        """
        tree=" $(eval "$1") " grown=1
        while [ "$grown" = 1 ]; do
          grown=0
          for folder in /proc/[0-9]*; do
            pid=${folder#/proc/}
            case $tree in *" $pid "*) continue ;; esac
            { read -r line <"$folder/stat"; } 2>/dev/null || continue
            set -- ${line##*) }
            case $tree in *" $2 "*) tree="$tree$pid " grown=1 ;; esac
          done
        done
        kill -s CONT $tree
        """, [own.mainProcess.shellText])
    }
  }
}

/// Owner: family and name of the table; property: kind and name of what is in it, or nothing for the
/// table itself; value: its statements.
enum RulesetChange {
  static func differences(_ changes: [PropertyChange]) -> [Difference] {
    changes.byOwner.flatMap { table, changes -> [Difference] in
      if !changes[0].ownerIs {
        return [Difference(.nftables, "nftables has lost its table \(Fields.cut(table))")]
      }
      if !changes[0].ownerWas {
        return [
          Difference(
            .nftables, "nftables has a table more: \(Fields.cut(table))", mend: removal(of: table))
        ]
      }
      return changes.map { change in
        Difference(.nftables, "nftables: in table \(Fields.cut(table)), \(words(change))")
      }
    }
  }

  /// The kernel takes names that nft(8) does not read.
  private static func removal(of table: String) -> Command? {
    let words = Fields.words(table)
    let plain = words.allSatisfy { word in
      word.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "_-.".unicodeScalars.contains($0)
      }
    }
    return words.count == 2 && plain ? Command(["nft", "delete", "table"] + words) : nil
  }

  private static func words(_ change: PropertyChange) -> String {
    let what = change.property.isEmpty ? "what holds for all" : Fields.cut(change.property)
    guard let before = change.before else { return "\(what) is too much" }
    guard let after = change.after else { return "\(what) is missing" }
    let (old, new) = (Fields.of(before), Fields.of(after))
    let more = new.filter { !old.contains($0) }.map { "`\($0)` is too much" }
    let less = old.filter { !new.contains($0) }.map { "`\($0)` is missing" }
    let said = (more + less).joined(separator: ", ")
    return "\(what) is another: \(said.isEmpty ? "its order" : Fields.cut(said))"
  }
}
