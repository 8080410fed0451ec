// The command line as it describes itself: read from what ArgumentParser prints for documentation tools.

internal import Foundation
internal import TakeoverModel

package struct CommandLineText: Sendable {
  package struct Option: Sendable {
    /// `-n, --dry-run`, `--site SITE`, `PLAN ...`
    package var usage: String
    package var words: String
  }

  package struct Command: Sendable {
    package var name: String
    package var abstract: String
    package var discussion: String
    package var options: [Option]
    package var commands: [Command]

    /// The indented lines below EXAMPLES, and the paragraphs that follow; EXIT STATUS keeps its title.
    package var examples: (lines: [String], rest: [String]) {
      var lines: [String] = []
      var rest: [String] = []
      var isExample = false
      for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
        if line == "EXAMPLES" {
          isExample = true
        } else if isExample, line.hasPrefix("  ") {
          lines.append(String(line.dropFirst(2)))
        } else if line.isEmpty {
          isExample = false
          if rest.last?.isEmpty == false { rest.append("") }
        } else {
          isExample = false
          let words = String(line.drop { $0 == " " })
          if let last = rest.popLast() {
            rest.append(last.isEmpty ? words : last + " " + words)
          } else {
            rest.append(words)
          }
        }
      }
      return (lines, rest.filter { !$0.isEmpty })
    }
  }

  package var commands: [Command]
  package var options: [Option]

  /// `dump`: the JSON of `--experimental-dump-help`.
  static func of(_ dump: String) throws -> CommandLineText {
    let read = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8))
    let top = command(read.command)
    return CommandLineText(
      commands: top.commands.filter { $0.name != "help" }, options: top.options)
  }

  private static func command(_ dump: Dump.Command) -> Command {
    Command(
      name: dump.commandName, abstract: dump.abstract ?? "", discussion: dump.discussion ?? "",
      options: (dump.arguments ?? []).filter(\.isShown).map(option),
      commands: (dump.subcommands ?? []).filter { $0.commandName != "help" }.map(command))
  }

  private static func option(_ dump: Dump.Argument) -> Option {
    let names = (dump.names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }
    let value = (dump.valueName ?? "").uppercased()
    let usage: String
    switch dump.kind {
    case "flag": usage = names.joined(separator: ", ")
    case "option": usage = names.joined(separator: ", ") + " \(value)"
    default: usage = value + (dump.isRepeating == true ? " ..." : "")
    }
    var words = dump.abstract ?? ""
    if let standard = dump.defaultValue, dump.kind != "flag" { words += " Standard: \(standard)." }
    return Option(usage: usage, words: words)
  }

  private struct Dump: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }
    struct Argument: Decodable {
      var kind: String
      var shouldDisplay: Bool?
      var isRepeating: Bool?
      var names: [Name]?
      var valueName: String?
      var defaultValue: String?
      var abstract: String?

      /// What every command has is told once.
      var isShown: Bool {
        shouldDisplay != false && valueName != "help" && valueName != "version"
      }
    }
    struct Command: Decodable {
      var commandName: String
      var abstract: String?
      var discussion: String?
      var arguments: [Argument]?
      var subcommands: [Command]?
    }
    var command: Command
  }
}
