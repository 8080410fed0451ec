// How findings spell times and lists.

internal import TakeoverModel

enum Words {
  /// Exact and short: `3.6875 s`, `250 ms`.
  static func time(_ duration: Duration) -> String {
    let text = TimeText.chosen(duration)
    let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "-" }
    return "\(digits) \(text.dropFirst(digits.count))"
  }

  /// As keepalived.conf(5) has it: seconds, `0.25`.
  static func seconds(_ duration: Duration) -> String {
    let (whole, attoseconds) = duration.components
    guard attoseconds != 0 else { return String(whole) }
    var digits = String(attoseconds / 1_000_000_000_000)
    digits = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ words: some Sequence<some StringProtocol>) -> String {
    let words = words.map { String($0) }
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  static func list(_ addresses: Set<IPAddress>) -> String {
    list(addresses.sorted().map(\.description))
  }

  static func count(_ number: Int, _ word: String, _ plural: String? = nil) -> String {
    "\(number) \(number == 1 ? word : plural ?? word + "s")"
  }
}

/// Several declarations read better as `.init` with a key; this keeps a rule's file short.
typealias Rule = LintDeclaration
