// What differs between two states of a node, in the words of an operator, with the command that
// mends it where there is an honest one.

package struct Difference: Hashable, Sendable, Codable {
  package var section: NodeState.Section
  /// May hold the node's own text: whoever prints it cleans it.
  package var words: String
  package var mend: Command?

  package init(_ section: NodeState.Section, _ words: String, mend: Command? = nil) {
    self.section = section
    self.words = words
    self.mend = mend
  }
}

extension NodeState {
  /// More than these are counted, not told.
  package static let mostDifferences = 100

  /// What is not as it was, in the order in which one would mend it; empty: the node is as it was.
  /// A section that was never known is no difference. `node` knows how its services are mended.
  package func differences(from before: NodeState, on node: Node? = nil) -> [Difference] {
    var found: [Difference] = []
    for section in Section.allCases {
      switch (before.lines[section], lines[section]) {
      case (nil, nil): break
      case (_?, nil):
        found.append(
          Difference(section, "\(section.rawValue) cannot be read any more: \(reason(section))"))
      case (nil, _?):
        found.append(
          Difference(
            section, "\(section.rawValue) were not known before: \(before.reason(section))"))
      case (let old?, let new?):
        guard old != new else { continue }
        // Another start has another instant, whoever set the clock.
        let isRestarted = before.lines[.boot] != lines[.boot]
        if section == .clock, isRestarted || Self.goesOn(old, new) { continue }
        let told = differences(in: section, from: old, to: new, on: node)
        // Only the number of a service's processes may differ without a word.
        let isByRight =
          section == .services
          && PropertyChange.all(from: old, to: new).allSatisfy {
            $0.property == "processes" && $0.before.flatMap { Int($0) } != nil
              && $0.after.flatMap { Int($0) } != nil
          }
        found +=
          told.isEmpty && !isByRight
          ? [Difference(section, "\(section.rawValue) are not as before")] : told
      }
    }
    guard found.count > Self.mostDifferences, let last = found.last else { return found }
    let more = found.count - Self.mostDifferences
    return found.prefix(Self.mostDifferences) + [Difference(last.section, "and \(more) more")]
  }

  private func differences(
    in section: Section, from old: [String], to new: [String], on node: Node?
  ) -> [Difference] {
    var kept: [PropertyChange] { PropertyChange.all(from: old, to: new) }
    switch section {
    case .boot: return [Difference(.boot, "the node was started anew")]
    case .clock: return [Self.step(old, new)]
    case .addresses: return listed(section, old, new, Self.address)
    case .rules: return listed(section, old, new, Self.rule)
    case .routes: return listed(section, old, new, Self.route)
    case .neighbours: return listed(section, old, new, Self.neighbour)
    case .links: return LinkChange.differences(kept)
    case .nftables: return RulesetChange.differences(kept)
    case .qdiscs: return kept.map(QdiscChange.difference)
    case .sysctls: return kept.map(FileChange.sysctl)
    case .files: return FileChange.differences(kept)
    case .services: return ServiceChange.differences(kept, on: node)
    }
  }

  /// A clock that nobody set keeps the instant of the start, but for the second that is cut off.
  private static func goesOn(_ old: [String], _ new: [String]) -> Bool {
    seconds(old, new).map { (-1...1).contains($0) } ?? false
  }

  private static func seconds(_ old: [String], _ new: [String]) -> Int64? {
    guard let old = old.first.flatMap({ Int64($0) }), let new = new.first.flatMap({ Int64($0) })
    else { return nil }
    let (difference, overflow) = new.subtractingReportingOverflow(old)
    return overflow ? nil : difference
  }

  /// By a relative text, because time goes on until it is mended (date(1) of coreutils).
  private static func step(_ old: [String], _ new: [String]) -> Difference {
    guard let seconds = seconds(old, new) else {
      return Difference(.clock, "the clock is not as before")
    }
    return Difference(
      .clock,
      "the clock was set \(seconds < 0 ? "back" : "forward") by \(seconds.magnitude) s",
      mend: Command(
        "date", "-s", "\(seconds.magnitude) seconds\(seconds < 0 ? "" : " ago")"))
  }

  /// What is too much goes first: the place of what is missing may be taken by it.
  private func listed(
    _ section: Section, _ old: [String], _ new: [String],
    _ tell: ([String], _ isMissing: Bool) -> Difference
  ) -> [Difference] {
    var count: [String: Int] = [:]
    for line in new { count[line, default: 0] += 1 }
    for line in old { count[line, default: 0] -= 1 }
    let changed = count.filter { $0.value != 0 }.sorted { $0.key < $1.key }
    return changed.filter { $0.value > 0 }.map { tell(Fields.of($0.key), false) }
      + changed.filter { $0.value < 0 }.map { tell(Fields.of($0.key), true) }
  }

  private static func address(_ fields: [String], isMissing: Bool) -> Difference {
    let interface = fields[0]
    // A duplicate that the kernel found is taken away and tried again.
    let words = Fields.words(fields.dropFirst().first ?? "").filter { $0 != "dadfailed" }
    let verb = isMissing ? "add" : "del"
    let text = Fields.cut(words.first ?? "")
    return Difference(
      .addresses, "the address \(text) of \(interface) is \(isMissing ? "missing" : "too much")",
      mend: Command(
        ["ip", "addr", verb] + (isMissing ? words : Array(words.prefix(1))) + ["dev", interface]))
  }

  private static func rule(_ fields: [String], isMissing: Bool) -> Difference {
    let (family, text) = (fields[0], fields.dropFirst().first ?? "")
    var words = Fields.words(text)
    let priority = words.isEmpty ? "" : String(words.removeFirst().dropLast())
    // `[detached]`, `[l3mdev-table]`: ip prints what it does not read.
    let isReadable = !words.isEmpty && !text.contains("[") && UInt32(priority) != nil
    return Difference(
      .rules,
      "the \(family == "6" ? "IPv6 " : "")rule `\(Fields.cut(text))` is "
        + (isMissing ? "missing" : "too much"),
      mend: isReadable
        ? Command(ip(family) + ["rule", isMissing ? "add" : "del", "priority", priority] + words)
        : nil)
  }

  private static func route(_ fields: [String], isMissing: Bool) -> Difference {
    let (family, text) = (fields[0], fields.dropFirst().first ?? "")
    let verb = isMissing ? "add" : "del"
    let words = Fields.words(text)
    return Difference(
      .routes,
      "the \(family == "6" ? "IPv6 " : "")route `\(Fields.cut(text))` is "
        + (isMissing ? "missing" : "too much"),
      mend: words.isEmpty ? nil : Command(ip(family) + ["route", verb] + words))
  }

  private static func ip(_ family: String) -> [String] { family == "6" ? ["ip", "-6"] : ["ip"] }

  /// `192.0.2.9 dev eth0 lladdr 02:00:00:00:00:09`
  private static func neighbour(_ fields: [String], isMissing: Bool) -> Difference {
    let words = Fields.words(fields[0])
    var mend: Command?
    if let address = words.first, let at = words.firstIndex(of: "dev"), at + 1 < words.count {
      let place = [address, "dev", words[at + 1]]
      if !isMissing {
        mend = Command(["ip", "neigh", "del"] + place)
      } else if let at = words.firstIndex(of: "lladdr"), at + 1 < words.count {
        mend = Command(
          ["ip", "neigh", "replace"] + place + ["lladdr", words[at + 1], "nud", "permanent"])
      }
    }
    return Difference(
      .neighbours,
      "the pinned neighbour `\(Fields.cut(fields[0]))` is \(isMissing ? "missing" : "too much")",
      mend: mend)
  }
}
