// The files for a nightly job, and the README's way to it, name commands as they are.

import ArgumentParser
import Foundation
import Testing

@testable import TakeoverCommand

@Suite struct `The way to a nightly job` {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// What stands behind `takeover` in a line, up to whatever a shell or a list ends it with.
  private static func commands(in text: String) -> [[String]] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split { " '".contains($0) }.map(String.init)
      guard let at = words.firstIndex(where: { $0 == "takeover" || $0.hasSuffix("/bin/takeover") }),
        // A comment speaks about commands; a line of a list, of a script or of a unit is one.
        !line.drop(while: { $0 == " " }).hasPrefix("#"), !line.hasPrefix("//")
      else { return nil }
      let own = words[(at + 1)...].prefix { !["&&", "|", ">", "#", "\\"].contains($0) }
      return own.isEmpty ? nil : Array(own)
    }
  }

  @Test(arguments: [
    ("Plans/ci/github-actions.yml", 3), ("Plans/ci/gitlab-ci.yml", 3), ("Plans/ci/Jenkinsfile", 3),
    ("Plans/ci/takeover-nightly.service", 3),
  ]) func `has commands that are read`(path: String, count: Int) throws {
    let commands = Self.commands(in: try Self.text(path))
    #expect(commands.count == count, "\(commands)")
    for words in commands {
      #expect(throws: Never.self, "\(path): \(words)") { try Takeover.parseAsRoot(words) }
    }
    #expect(commands.contains { $0.first == "doctor" })
    #expect(
      commands.contains { $0.first == "run" && $0.contains("--yes") && $0.contains("--no-input") })
    #expect(commands.contains { $0.first == "heal" }, "whatever happens, the pair is healed")
  }

  @Test func `is told in the README step by step, with files that are there`() throws {
    let readme = try Self.text("README.md")
    let start = try #require(readme.range(of: "## From nothing to a nightly job"))
    let end = readme[start.upperBound...].range(of: "\n## ")?.lowerBound ?? readme.endIndex
    let section = readme[start.upperBound..<end]
    let blocks = section.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }
      .map(\.element)
    let commands = Self.commands(in: blocks.joined(separator: "\n"))
    #expect(commands.map { $0[0] }.contains("init"))
    for words in commands {
      #expect(throws: Never.self, "\(words)") { try Takeover.parseAsRoot(words) }
    }
    for file in try FileManager.default.contentsOfDirectory(
      atPath: Self.root.appending(path: "Plans/ci").path())
    {
      #expect(section.contains("Plans/ci/\(file)"), "\(file)")
    }
  }
}
