// The command line as it describes itself: examples first everywhere, and nothing that the manual leaves out.

import ArgumentParser
import Foundation
import Testing

@testable import TakeoverCommand

@Suite struct `The command line's own words` {
  private static func all() throws -> [(path: String, command: CommandLineText.Command)] {
    func below(
      _ path: String, _ commands: [CommandLineText.Command]
    ) -> [(String, CommandLineText.Command)] {
      commands.flatMap { [(path + " " + $0.name, $0)] + below(path + " " + $0.name, $0.commands) }
    }
    return below("takeover", try CommandLineText.of(Takeover._dumpHelp()).commands)
  }

  @Test func `begin with examples in the help of every command`() throws {
    let commands = try Self.all()
    #expect(commands.count > 20)
    for (path, command) in commands {
      #expect(command.discussion.hasPrefix("EXAMPLES\n"), "\(path)")
      #expect(!command.abstract.isEmpty, "\(path)")
      for line in command.examples.lines {
        let known = ["takeover ", "generate-plan | takeover "]
        #expect(known.contains { line.hasPrefix($0) }, "\(path): \(line)")
      }
      for option in command.options {
        #expect(!option.usage.isEmpty && !option.words.isEmpty, "\(path) \(option.usage)")
      }
    }
  }

  /// A terminal of 80 columns would break it in the middle of an example.
  @Test func `fit into a terminal as they stand`() throws {
    let commands = try Self.all().map { ($0.path, $0.command.discussion) }
    for (path, words) in commands + [("takeover", Takeover.configuration.discussion)] {
      for line in words.split(separator: "\n") {
        #expect(line.count < 80, "\(path): \(line)")
      }
    }
  }

  @Test func `name in their examples only commands and options that there are`() throws {
    let commands = try Self.all()
    let paths = Set(commands.map(\.path))
    let options = Set(
      commands.flatMap(\.command.options).flatMap { $0.usage.split(separator: " ") }
        .map { $0.filter { $0 != "," } }.filter { $0.hasPrefix("-") })
    for (path, command) in commands {
      for line in command.examples.lines {
        let words = line.split(separator: "  ").first?.split(separator: " ").map(String.init) ?? []
        guard let at = words.firstIndex(of: "takeover"), at + 1 < words.count else { continue }
        #expect(paths.contains("takeover \(words[at + 1])"), "\(path): \(line)")
        for word in words.drop(while: { $0 != "takeover" }).prefix(while: {
          $0 != "--" && $0 != "|"
        })
        where word.hasPrefix("--") {
          let name = word.prefix { $0 != "=" }
          #expect(options.contains(String(name)), "\(path): \(word)")
        }
      }
    }
  }

  @Test func `keep examples and paragraphs apart`() throws {
    let command = CommandLineText.Command(
      name: "c", abstract: "",
      discussion: "EXAMPLES\n  takeover c\n    more\n\nOne\ntwo.\n\nEXIT\n  0 well",
      options: [], commands: [])
    #expect(command.examples.lines == ["takeover c", "  more"])
    #expect(command.examples.rest == ["One two.", "EXIT 0 well"])
  }

  @Test func `lose --no-color before they are read, but not another's`() {
    #expect(Terminal.heeding(["run", "a"]) == ["run", "a"])
    #expect(Terminal.heeding(["kinds", "--no-color"]) == ["kinds"])
    #expect(
      Terminal.heeding(["lab", "exec", "l", "a", "--", "ls", "--no-color"])
        == ["lab", "exec", "l", "a", "--", "ls", "--no-color"])
  }

  @Test func `name every command in the README's table`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let table = readme.split(separator: "\n").filter { $0.hasPrefix("| `takeover ") }.joined()
    for command in try CommandLineText.of(Takeover._dumpHelp()).commands {
      #expect(table.contains("`takeover \(command.name)"), "\(command.name)")
    }
  }
}
