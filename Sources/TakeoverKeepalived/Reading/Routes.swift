// The lines of virtual_routes and virtual_rules, which are ip-route(8)'s and ip-rule(8)'s: only what
// keeps an instance from running is looked at.

extension Reading {
  /// A route is tracked by its device; one that has none is not tracked, and the daemon complains.
  mutating func checkRoutes(_ statement: Statement) {
    for line in statement.block {
      let words = line.words.prefix { $0 != "nexthop" && $0 != "or" }
      let isTracked = !line.words.contains { $0 == "no_track" }
      guard checkDevices(words, named: ["dev", "oif"]) == 0, isTracked else { continue }
      remarks.error(
        "the route has no device, and is not tracked", at: line.place,
        remedy: "Write dev INTERFACE, or no_track.")
    }
  }

  mutating func checkRules(_ statement: Statement) {
    for line in statement.block { _ = checkDevices(line.words[...], named: ["dev", "iif", "oif"]) }
  }

  /// Looks whether the devices of a line exist; how many it names.
  private mutating func checkDevices(_ words: ArraySlice<Word>, named names: [String]) -> Int {
    var count = 0
    for (option, name) in zip(words, words.dropFirst())
    where names.contains(where: { option == $0 }) {
      count += 1
      _ = existsOrWaits(name)
    }
    return count
  }
}
