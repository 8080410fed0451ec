// takeover explain: what a code in a message means, for plans (TK…) and for keepalived (KA…).

internal import ArgumentParser
internal import TakeoverKeepalived
internal import TakeoverModel
internal import TakeoverPlan

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say what a code in a message means, or list them all.",
    discussion: """
      EXAMPLES
        takeover explain KA050      a finding of takeover lint
        takeover explain TK012      a mistake in a plan, site or lab
        takeover explain            every code with its title
      """)

  @Argument(help: "A code as it stands in brackets in a message.")
  var code: String?

  func run() throws {
    guard let code else {
      for entry in Self.entries { Terminal.tell("\(entry.code)  \(entry.title)") }
      return
    }
    let wanted = code.uppercased()
    guard let entry = Self.entries.first(where: { $0.code == wanted }) else {
      let near = Self.near(to: wanted)
      throw Ending(
        .usage, "there is no code \"\(code)\"",
        remedy: near.isEmpty
          ? "takeover explain lists all codes" : "near it: \(near.joined(separator: ", "))")
    }
    Terminal.tell("\(entry.code): \(entry.title)\n\n\(Self.wrapped(entry.explanation))")
  }

  private struct Entry {
    var code: String
    var title: String
    var explanation: String
  }

  private static var entries: [Entry] {
    DiagnosticCode.allCases.map {
      Entry(code: $0.rawValue, title: $0.title, explanation: $0.explanation)
    }
      + LintCatalog.declarations.map {
        Entry(
          code: $0.code, title: "\($0.title) (\($0.severity.rawValue))", explanation: $0.explanation
        )
      }
  }

  /// Of the same letters by number, else by spelling; at most four.
  private static func near(to code: String) -> [String] {
    let all = entries.map(\.code)
    let letters = code.prefix { !$0.isNumber }
    let digits = code.dropFirst(letters.count)
    guard let number = Int(digits), all.contains(where: { $0.hasPrefix(letters) }), !letters.isEmpty
    else { return Spelling.nearest(to: code, among: all).map { [$0] } ?? [] }
    return all.filter { $0.hasPrefix(letters) }.compactMap { code in
      Int(code.dropFirst(letters.count)).map { (code, $0) }
    }.sorted {
      ($0.1.distance(to: number).magnitude, $0.1) < ($1.1.distance(to: number).magnitude, $1.1)
    }
    .prefix(4).map(\.0)
  }

  /// Lines of at most 80 characters.
  private static func wrapped(_ text: String) -> String {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = String(word)
      } else if lines[last].count + word.count < 80 {
        lines[last] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
