// takeover explain: what a word in a message, a plan, a journal or a report means.

internal import ArgumentParser
internal import TakeoverModel
internal import TakeoverPlan
internal import TakeoverReport

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say what a code or a word means, or list them all.",
    discussion: """
      EXAMPLES
        takeover explain KA050            a finding of takeover lint
        takeover explain TK012            a mistake in a plan, site or lab
        takeover explain 3                an exit status
        takeover explain takeover-within  a check, a fault, an event, a word
        takeover explain                  everything with its title
      """)

  @Argument(help: "A code or a word as it stands in a message.", completion: .codes)
  var code: String?

  func run() throws {
    guard let code else {
      for group in Explanation.Group.allCases {
        Terminal.tell("\(group == Explanation.Group.allCases.first ? "" : "\n")\(group.rawValue)")
        let entries = Explanations.all.filter { $0.group == group }
        let width = entries.map { TextWidth.columns(of: $0.code) }.max() ?? 0
        for entry in entries {
          Terminal.tell("  \(TextWidth.fitted(entry.code, to: width))  \(entry.title)")
        }
      }
      return
    }
    let found = Explanations.named(code)
    guard !found.isEmpty else {
      let near = Self.near(to: code)
      throw Ending(
        .usage, "there is no code or word \"\(code)\"",
        remedy: near.isEmpty
          ? "takeover explain lists all of them" : "near it: \(near.joined(separator: ", "))")
    }
    for (index, entry) in found.enumerated() {
      if index > 0 { Terminal.tell("") }
      let head = found.count > 1 ? " (\(entry.group.rawValue.lowercased()))" : ""
      Terminal.tell("\(entry.code)\(head): \(entry.title)")
      for paragraph in entry.text {
        Terminal.tell("")
        for line in TextWidth.wrapped(paragraph, to: 80) { Terminal.tell(line) }
      }
    }
  }

  /// Of the same letters by number, else by spelling; at most four.
  private static func near(to word: String) -> [String] {
    let all = Explanations.all.map(\.code)
    let code = word.uppercased()
    let letters = code.prefix { !$0.isNumber }
    let digits = code.dropFirst(letters.count)
    guard let number = Int(digits), all.contains(where: { $0.hasPrefix(letters) }), !letters.isEmpty
    else { return Spelling.nearest(to: word, among: all).map { [$0] } ?? [] }
    return all.filter { $0.hasPrefix(letters) }.compactMap { code in
      Int(code.dropFirst(letters.count)).map { (code, $0) }
    }.sorted {
      ($0.1.distance(to: number).magnitude, $0.1) < ($1.1.distance(to: number).magnitude, $1.1)
    }
    .prefix(4).map(\.0)
  }
}
