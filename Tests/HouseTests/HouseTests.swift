// The style of the house as tests: what a reviewer would say every time, said by a machine.

internal import Foundation
internal import Testing

@Suite struct `The house` {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every Swift and C file below `folder`, by path relative to the root, with its text.
  private static func files(in folder: String, ending: [String] = ["swift"]) throws
    -> [(path: String, text: String)]
  {
    let base = root.appendingPathComponent(folder)
    let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    return try (found?.compactMap { $0 as? URL } ?? [])
      .filter { ending.contains($0.pathExtension) }
      .map {
        ($0.path.replacing(root.path + "/", with: ""), try String(contentsOf: $0, encoding: .utf8))
      }
      .sorted { $0.path < $1.path }
  }

  /// What each room may import beside the standard library and the system (DESIGN, rooms).
  private static let walls: [String: Set<String>] = [
    "TakeoverModel": [],
    "TakeoverPlan": ["TakeoverModel", "Yams"],
    "TakeoverWire": ["TakeoverModel", "CLinux"],
    "TakeoverRemote": ["TakeoverModel", "CLibSSH2", "CLinux"],
    "TakeoverRun": ["TakeoverModel", "TakeoverWire", "Logging"],
    "TakeoverReport": ["TakeoverModel"],
    "TakeoverLab": ["TakeoverModel"],
    "TakeoverKeepalived": ["TakeoverModel"],
    "TakeoverSubnet": ["TakeoverModel"],
    // Plays a lab's cloud subnet; a program of its own, so that no other carries its web server.
    "TakeoverFabric": [
      "TakeoverModel", "TakeoverSubnet", "TakeoverWire", "FlyingFox", "FlyingSocks",
    ],
    "TakeoverLedger": ["TakeoverModel", "TakeoverWire"],
    // Measures the rooms, and libssh2 without them; it is no room that another may lean on.
    "TakeoverBench": [
      "TakeoverModel", "TakeoverWire", "TakeoverRemote", "TakeoverRun", "TakeoverReport",
      "TakeoverLab", "CLibSSH2", "CLinux", "ArgumentParser",
    ],
  ]

  private static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
  ]

  @Test(arguments: walls.keys.sorted()) func `a room imports only what its wall lets through`(
    room: String
  ) throws {
    var allowed = Self.walls[room] ?? []
    if room != "TakeoverModel" { allowed.formUnion(Self.system) }
    let files = try Self.files(in: "Sources/\(room)")
    #expect(!files.isEmpty)
    for file in files {
      for line in file.text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 2, at + 1 < words.count,
          words[..<at].allSatisfy({ $0.hasPrefix("@") || $0 == "package" || $0 == "internal" })
        else { continue }
        #expect(allowed.contains(String(words[at + 1])), "\(file.path): \(line)")
      }
    }
  }

  @Test func `no file is longer than 400 lines, and each says first what it is for`() throws {
    let files =
      try Self.files(in: "Sources", ending: ["swift", "c", "h"]) + Self.files(in: "Tests")
    #expect(files.count > 40)
    for file in files {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 400, "\(file.path) has \(lines.count) lines")
      let opening = lines.first { !$0.isEmpty } ?? ""
      let isDefine = file.path.hasSuffix(".c") && opening.hasPrefix("#define")
      #expect(opening.hasPrefix("//") || isDefine, "\(file.path) opens with: \(opening)")
    }
  }

  @Test func `nothing is public, unfinished, forced or asleep`() throws {
    let marks = [
      "TO" + "DO", "FIX" + "ME", "fatal" + "Error(", "try" + "!", "public ", "@testable",
    ]
    for file in try Self.files(in: "Sources") {
      for mark in marks { #expect(!file.text.contains(mark), "\(file.path) has \(mark)") }
    }
    for file in try Self.files(in: "Tests") where !file.path.contains("EndToEnd") {
      #expect(!file.text.contains("Task.sleep" + "("), "\(file.path) sleeps")
    }
    // It counts the time that a test waits for its turn; Alone has a limit that does not.
    for file in try Self.files(in: "Tests") {
      #expect(!file.text.contains("timeLimit" + "("), "\(file.path) has a limit that waits")
    }
  }

  @Test func `names are the field's, not a junk room's`() throws {
    let junk = ["Manager", "Helper", "Util", "Handler", "Misc"]
    for file in try Self.files(in: "Sources") {
      let name = file.path.split(separator: "/").last ?? ""
      for word in junk { #expect(!name.contains(word), "\(file.path)") }
    }
  }

  @Test func `only the declared files are visible at the top`() throws {
    let visible = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
      .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    #expect(
      Set(visible).isSubset(of: [
        "Package.swift", "Sources", "Tests", "Plans", "Reports", "README.md",
      ]))
  }

  @Test func `continuous integration runs the README's test command word for word`() throws {
    let read = { (path: String) in
      try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }
    let readme = try read("README.md")
    let commands = readme.split(separator: "\n").filter { $0.contains("swift test") }
    let command = try #require(commands.first, "the README has no test command")
    #expect(try read(".ci/run").contains(command), "not in .ci/run: \(command)")
  }

  @Test func `a kind is in its catalog when it has a file`() throws {
    let catalogs = [
      ("Sources/TakeoverPlan/Faults", "FaultCatalog.swift", ": Fault {"),
      ("Sources/TakeoverReport/Checks", "CheckCatalog.swift", ": Check {"),
      ("Sources/TakeoverReport", "FormatCatalog.swift", ": ReportFormat {"),
    ]
    for (folder, catalog, conformance) in catalogs {
      let files = try Self.files(in: folder)
      let list = try #require(files.first { $0.path.hasSuffix(catalog) }?.text)
      for file in files {
        for line in file.text.split(separator: "\n") where line.contains(conformance) {
          let words = line.split(separator: " ")
          let name = try #require(words.first { $0.hasSuffix(":") }?.dropLast())
          #expect(list.contains(name), "\(name) of \(file.path) is not in \(catalog)")
        }
      }
    }
  }
}
