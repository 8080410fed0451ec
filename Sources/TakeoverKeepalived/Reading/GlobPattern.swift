// Which paths a pattern means, as glob(7) says; for files that are not on this machine's disk.

/// `*`, `?`, `[…]`, `\x`; none of them matches a slash, nor a dot that starts a name.
package struct GlobPattern: Hashable, Sendable {
  private let pattern: [UInt8]

  package init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// Whether there is anything to match: otherwise the pattern is one path.
  package static func isPattern(_ text: String) -> Bool {
    text.utf8.contains { "*?[{".utf8.contains($0) }
  }

  package static func hasWildcard(_ text: String) -> Bool {
    text.utf8.contains { "*?[".utf8.contains($0) }
  }

  /// The brace alternatives, each a pattern (`a{b,c}d` → `abd`, `acd`); at most 256.
  package static func alternatives(of pattern: String) -> [String] {
    var done: [[UInt8]] = []
    var open = [Array(pattern.utf8)]
    while let text = open.popLast(), done.count < 256 {
      guard let (start, end, commas) = firstGroup(text) else {
        done.append(text)
        continue
      }
      let edges = [start] + commas + [end]
      for (left, right) in zip(edges, edges.dropFirst()).reversed() where open.count < 256 {
        open.append(Array(text[..<start] + text[(left + 1)..<right] + text[(end + 1)...]))
      }
    }
    return done.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The first group of braces that closes, and its own commas; nil: none.
  private static func firstGroup(_ text: [UInt8]) -> (start: Int, end: Int, commas: [Int])? {
    guard let start = text.firstIndex(of: openingBrace) else { return nil }
    var depth = 0
    var commas: [Int] = []
    for index in start..<text.count {
      switch text[index] {
      case openingBrace: depth += 1
      case closingBrace:
        depth -= 1
        if depth == 0 { return (start, index, commas) }
      case UInt8(ascii: ",") where depth == 1: commas.append(index)
      default: break
      }
    }
    return nil
  }

  package func matches(_ path: String) -> Bool {
    let text = Array(path.utf8)
    var (at, from) = (0, 0)
    // Where the last star stood, and how much it takes.
    var star: (pattern: Int, text: Int)?
    while from < text.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*"), !startsHidden(text, from) {
        star = (at + 1, from)
        at += 1
      } else if let next = step(at, text, from) {
        (at, from) = (next, from + 1)
      } else if let last = star, text[last.text] != UInt8(ascii: "/") {
        star = (last.pattern, last.text + 1)
        (at, from) = (last.pattern, last.text + 1)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// A dot that starts a name is matched by a dot only.
  private func startsHidden(_ text: [UInt8], _ index: Int) -> Bool {
    text[index] == UInt8(ascii: ".") && (index == 0 || text[index - 1] == UInt8(ascii: "/"))
  }

  /// The place in the pattern after what matches `text[from]`; nil: it does not.
  private func step(_ at: Int, _ text: [UInt8], _ from: Int) -> Int? {
    guard at < pattern.count else { return nil }
    let byte = text[from]
    switch pattern[at] {
    case UInt8(ascii: "?"):
      return byte == UInt8(ascii: "/") || startsHidden(text, from) ? nil : at + 1
    case UInt8(ascii: "["): return set(at, byte)
    case backslash where at + 1 < pattern.count: return pattern[at + 1] == byte ? at + 2 : nil
    default: return pattern[at] == byte ? at + 1 : nil
    }
  }

  private func set(_ at: Int, _ byte: UInt8) -> Int? {
    var index = at + 1
    guard index < pattern.count else { return pattern[at] == byte ? at + 1 : nil }
    let isNegated = pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^")
    if isNegated { index += 1 }
    var isIn = false
    let first = index
    while index < pattern.count, index == first || pattern[index] != UInt8(ascii: "]") {
      let low = pattern[index]
      var high = low
      if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"),
        pattern[index + 2] != UInt8(ascii: "]")
      {
        high = pattern[index + 2]
        index += 2
      }
      if low <= high, (low...high).contains(byte) { isIn = true }
      index += 1
    }
    guard index < pattern.count else { return pattern[at] == byte ? at + 1 : nil }
    return isIn != isNegated && byte != UInt8(ascii: "/") ? index + 1 : nil
  }
}
