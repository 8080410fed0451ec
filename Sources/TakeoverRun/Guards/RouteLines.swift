// Routes, rules, pinned neighbours and queueing disciplines of a node as lines of its state.

internal import TakeoverModel

enum RouteLines {
  private static let types: Set = [
    "unicast", "local", "broadcast", "anycast", "multicast", "unreachable", "blackhole", "prohibit",
    "throw", "nat",
  ]
  /// What the kernel adds to a route that it lists, and does not take from an operator.
  private static let passingPairs: Set = ["expires", "error", "nhid", "users", "age"]
  private static let passing: Set = [
    "linkdown", "dead", "offload", "rt_offload", "trap", "rt_trap",
  ]

  static func routes(
    _ four: [Substring], _ six: [Substring], besides moving: MovingParts
  ) -> [String] {
    [("4", four), ("6", six)].flatMap { family, lines in
      DigestWords.of(lines).filter { isKept($0, moving) }.map { words in
        var kept: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
          if passingPairs.contains(word) {
            _ = rest.popFirst()
          } else if !passing.contains(word) {
            kept.append(word)
          }
        }
        return "\(family)\t" + kept.joined(separator: " ")
      }
    }
  }

  private static func isKept(_ words: [String], _ moving: MovingParts) -> Bool {
    let type = words.first.flatMap { types.contains($0) ? $0 : nil }
    guard let to = type == nil ? words.first : words.dropFirst().first else { return false }
    if MovingParts.isOthers(words) || words.contains("cache") { return false }
    if let source = DigestWords.value("src", in: words), moving.isVirtual(source) { return false }
    let device = DigestWords.value("dev", in: words)
    if let device, moving.links.contains(device) { return false }
    guard ["kernel", "2"].contains(DigestWords.value("proto", in: words) ?? "") else { return true }
    if moving.isVirtual(to) { return false }
    guard to.contains(":") else { return true }
    return !moving.isFollowing(type, to) && !moving.isNetworkOfVirtual(to, on: device)
  }

  /// `100:	from 10.0.0.0/8 lookup 100`
  static func rules(_ four: [Substring], _ six: [Substring]) -> [String] {
    [("4", four), ("6", six)].flatMap { family, lines in
      DigestWords.of(lines).filter { !MovingParts.isOthers($0) }
        .map { "\(family)\t" + $0.joined(separator: " ") }
    }
  }

  /// `192.0.2.9 dev eth0 lladdr 02:00:00:00:00:09 PERMANENT`
  static func neighbours(_ lines: [Substring], besides moving: MovingParts) -> [String] {
    DigestWords.of(lines).compactMap { words in
      guard words.contains("PERMANENT"),
        !moving.links.contains(DigestWords.value("dev", in: words) ?? "")
      else { return nil }
      return words.filter { $0 != "PERMANENT" }.joined(separator: " ")
    }
  }

  /// `qdisc tbf 8001: dev eth0 root refcnt 2 rate 1Mbit …`: device, place, kind with handle and
  /// options. Handles from 8000: on are given out by the kernel, anew each time; ffff: is fixed.
  static func qdiscs(_ lines: [Substring], besides moving: MovingParts) -> [String] {
    DigestWords.of(lines).compactMap { words in
      guard words.count > 5, words[0] == "qdisc", words[3] == "dev",
        !moving.links.contains(words[4])
      else { return nil }
      var rest = words.dropFirst(5)
      var place = rest.removeFirst()
      if place == "parent", let parent = rest.popFirst() { place += " " + steady(parent) }
      if let at = rest.firstIndex(of: "refcnt"), at + 1 < rest.endIndex {
        rest.removeSubrange(at...(at + 1))
      }
      let value = [words[1], steady(words[2])] + rest
      return "\(words[4])\t\(place)\t" + value.joined(separator: " ")
    }
  }

  private static func steady(_ handle: String) -> String {
    guard let at = handle.firstIndex(of: ":"), let major = UInt16(handle[..<at], radix: 16),
      (0x8000..<0xffff).contains(major)
    else { return handle }
    return "auto" + handle[at...]
  }
}
