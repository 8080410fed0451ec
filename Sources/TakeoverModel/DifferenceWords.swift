// The words and the mending of links, queueing disciplines, kernel settings and files.

enum LinkChange {
  static func differences(_ changes: [PropertyChange]) -> [Difference] {
    changes.byOwner.flatMap { owner, changes -> [Difference] in
      guard changes[0].ownerIs else { return [Difference(.links, "the link \(owner) is missing")] }
      guard changes[0].ownerWas else {
        return [
          Difference(
            .links, "there is a link more: \(owner)",
            mend: Command("ip", "link", "delete", "dev", owner))
        ]
      }
      let flags = changes["flags"].map { Self.flags($0) } ?? []
      // A link that is not up has no carrier; that is said already.
      let isDown = changes["flags"].map { !isUp($0.after) && isUp($0.before) } ?? false
      return flags
        + changes.compactMap { change in
          change.property == "flags" || change.property == "carrier" && isDown
            ? nil : property(change)
        }
    }
  }

  private static func isUp(_ flags: String?) -> Bool { names(flags).contains("UP") }
  private static func names(_ flags: String?) -> Set<String> {
    Set(Fields.words(flags ?? ""))
  }

  private static func set(_ link: String, _ words: String...) -> Command {
    Command(["ip", "link", "set", "dev", link] + words)
  }

  /// What ip-link(8) calls the flags that one sets there.
  private static let settings = [
    "NOARP": ("arp", on: "off", off: "on"), "PROMISC": ("promisc", on: "on", off: "off"),
    "ALLMULTI": ("allmulticast", on: "on", off: "off"),
    "MULTICAST": ("multicast", on: "on", off: "off"),
  ]

  private static func flags(_ change: PropertyChange) -> [Difference] {
    let (before, after) = (names(change.before), names(change.after))
    return before.symmetricDifference(after).sorted().map { flag in
      let isSet = after.contains(flag)
      if flag == "UP" {
        return Difference(
          .links, "the link \(change.owner) is \(isSet ? "up, it was down" : "down")",
          mend: set(change.owner, isSet ? "down" : "up"))
      }
      return Difference(
        .links, "the link \(change.owner) has \(isSet ? "the flag" : "lost the flag") \(flag)",
        mend: settings[flag].map { word, on, off in
          set(change.owner, word, isSet ? off : on)
        })
    }
  }

  private static func property(_ change: PropertyChange) -> Difference {
    let (before, after) = (change.before ?? "none", change.after ?? "none")
    let words = "\(change.owner) has \(change.property) \(after), not \(before)"
    switch change.property {
    case "carrier":
      return Difference(
        .links, "the link \(change.owner) has \(after == "yes" ? "a carrier" : "no carrier")")
    case "mtu":
      return Difference(.links, words, mend: change.before.map { set(change.owner, "mtu", $0) })
    case "mac":
      return Difference(.links, words, mend: change.before.map { set(change.owner, "address", $0) })
    case "master":
      return Difference(
        .links, words,
        mend: change.before.map { set(change.owner, "master", $0) } ?? set(change.owner, "nomaster")
      )
    default: return Difference(.links, words)
    }
  }
}

enum QdiscChange {
  /// Property: where (`root`, `parent 1:1`); value: `pfifo_fast 0: …`, and the handle `0:` says that
  /// the kernel put it there by itself.
  static func difference(_ change: PropertyChange) -> Difference {
    let now = change.after.map { "`\(Fields.cut($0))`" } ?? "missing"
    let was = change.before.map { "`\(Fields.cut($0))`" } ?? "none"
    let words = Fields.words(change.before ?? "")
    let returns = change.before == nil || words.count > 1 && words[1] == "0:"
    let isNew = change.after.map { !Fields.words($0).dropFirst().starts(with: ["0:"]) } ?? false
    var mend: Command?
    if returns, isNew {
      let kind = Fields.words(change.after ?? "").first ?? ""
      let place =
        kind == "ingress" || kind == "clsact" ? [kind] : Fields.words(change.property)
      mend = Command(["tc", "qdisc", "del", "dev", change.owner] + place)
    }
    return Difference(
      .qdiscs, "the qdisc of \(change.owner) at \(change.property) is \(now), it was \(was)",
      mend: mend)
  }
}

enum FileChange {
  static let absent = "absent"

  static func sysctl(_ change: PropertyChange) -> Difference {
    let (before, after) = (change.before ?? absent, change.after ?? absent)
    return Difference(
      .sysctls, "\(change.owner) is \(Fields.cut(after)), not \(Fields.cut(before))",
      mend: before == absent || after == absent
        ? nil : Command("sysctl", "-w", "\(change.owner)=\(before)"))
  }

  /// `content` is the digest, or `absent`; `mode` and `owner` are numbers; `link` is where to.
  static func differences(_ changes: [PropertyChange]) -> [Difference] {
    changes.byOwner.flatMap { path, changes -> [Difference] in
      let name = "the file \(Fields.cut(path))"
      if let content = changes["content"] {
        if content.after == absent { return [Difference(.files, "\(name) is missing")] }
        if content.before == absent {
          return [
            Difference(.files, "\(name) was not there before", mend: Command("rm", "--", path))
          ]
        }
      }
      return changes.map { change in
        switch change.property {
        case "mode":
          Difference(
            .files, "\(name) has mode \(change.after ?? "?"), not \(change.before ?? "?")",
            mend: change.before.map { Command("chmod", $0, path) })
        case "owner":
          Difference(
            .files, "\(name) belongs to \(change.after ?? "?"), not \(change.before ?? "?")",
            mend: change.before.map { Command("chown", $0, path) })
        case "link":
          Difference(
            .files,
            "\(name) leads to \(Fields.cut(change.after ?? "itself")), not "
              + Fields.cut(change.before ?? "itself"))
        default: Difference(.files, "\(name) has another content")
        }
      }
    }
  }
}
