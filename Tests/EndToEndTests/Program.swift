// The program as a user runs it: the built binary, in a folder of its own, with a lab of its own.

import Foundation
import Synchronization
import Testing

/// A folder with a copy of `Plans/`, whose lab has a name that nobody else uses.
final class Workplace: Sendable {
  let folder: String
  let lab: String

  /// `edit` may change the lab file's text, for instance to ask for another first process.
  private init(lab edit: (String) -> String) throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let unique = "e2e-\(String(UInt32.random(in: .min ... .max), radix: 36))"
    lab = unique
    folder = NSTemporaryDirectory() + "takeover-\(unique)"
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.copy(root.path() + "Plans", to: folder + "/Plans")
    let path = folder + "/Plans/labs/keepalived-pair.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try edit(text.replacing("lab: keepalived-pair", with: "lab: \(unique)"))
      .write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Texts and whether they are programs, not their owners: whoever runs the tests need not own the
  /// checkout.
  private static func copy(_ tree: String, to place: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: place, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: tree) {
      var isFolder: ObjCBool = false
      _ = unsafe files.fileExists(atPath: "\(tree)/\(name)", isDirectory: &isFolder)
      if isFolder.boolValue {
        try copy("\(tree)/\(name)", to: "\(place)/\(name)")
      } else {
        try Data(contentsOf: URL(filePath: "\(tree)/\(name)"))
          .write(to: URL(filePath: "\(place)/\(name)"))
        let mode = files.isExecutableFile(atPath: "\(tree)/\(name)") ? 0o755 : 0o644
        try files.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(place)/\(name)")
      }
    }
  }

  /// A workplace around `body`: its lab and its folder go away, whatever happens.
  static func with(
    lab edit: (String) -> String = { $0 }, _ body: (Workplace) async throws -> Void
  ) async throws {
    let place = try Workplace(lab: edit)
    var failure: (any Error)?
    do { try await body(place) } catch { failure = error }
    if FileManager.default.fileExists(atPath: "/run/takeover/labs/\(place.lab)") {
      // A task of its own: a test that was cancelled at its limit must not leave its lab behind.
      await Task { _ = try? await place.run("lab", "down", "keepalived-pair") }.value
    }
    try? FileManager.default.removeItem(atPath: place.folder)
    if let failure { throw failure }
  }

  /// The binary beside the tests that run now.
  static let binary: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? own
    let start = URL(filePath: bundle.contains(".build") ? bundle : #filePath)
    var folder = start
    while folder.path() != "/" {
      folder.deleteLastPathComponent()
      for candidate in ["takeover", ".build/debug/takeover"] {
        let path = folder.appending(path: candidate).path()
        var isFolder: ObjCBool = false
        if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
          !isFolder.boolValue
        {
          return path
        }
      }
    }
    return "takeover"
  }()

  struct Ended {
    var status: Int32
    var output: String
    var messages: String
  }

  /// Runs the program to its end.
  @discardableResult
  func run(_ words: String..., environment: [String: String] = [:]) async throws -> Ended {
    try await start(words, environment: environment).wait()
  }

  func start(_ words: [String], environment: [String: String] = [:]) throws -> Running {
    try Running(Self.binary, words, in: folder, environment: environment)
  }

  var labText: String {
    (try? String(contentsOfFile: folder + "/Plans/labs/keepalived-pair.yaml", encoding: .utf8))
      ?? ""
  }

  /// A file's bytes below the folder.
  func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
  }

  /// The trials of Reports/latest/results.json, or of another run's.
  func trials(of run: String = "latest") throws -> [[String: Any]] {
    let results = try JSONSerialization.jsonObject(with: try bytes("Reports/\(run)/results.json"))
    return try #require((results as? [String: Any])?["trials"] as? [[String: Any]])
  }

  /// The names of the runs, in their order.
  func runs() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/Reports")
      .filter { $0 != "latest" }.sorted()
  }

  /// Gives every lab of the folder the name that nobody else uses; a run makes one at a time.
  func renameLabs() throws {
    let labs = folder + "/Plans/labs"
    for file in try FileManager.default.contentsOfDirectory(atPath: labs)
    where file.hasSuffix(".yaml") {
      let path = "\(labs)/\(file)"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let named = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("lab: ") ? "lab: \(lab)" : String($0) }
      try named.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}

/// A program that runs, whose messages can be waited for.
final class Running: Sendable {
  private let program: ChildProgram

  var identifier: Int32 { program.identifier }

  init(
    _ path: String, _ words: [String], in folder: String, environment: [String: String] = [:]
  ) throws {
    program = try ChildProgram(path, words, in: folder, environment: environment)
  }

  var messages: String { String(decoding: program.messagesData, as: UTF8.self) }
  var output: String { String(decoding: program.outputData, as: UTF8.self) }

  func signal(_ number: Int32) { program.signal(number) }

  /// Waits until the output contains `text`; false when the program ended or a minute passed.
  func tells(_ text: String) async throws -> Bool {
    let deadline = ContinuousClock().now + .seconds(60)
    while !output.contains(text) {
      guard program.isRunning, ContinuousClock().now < deadline else {
        return output.contains(text)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    return true
  }

  /// Waits until a message contains `text`; false when the program ended or a minute passed.
  func says(_ text: String) async throws -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(60)
    while !messages.contains(text) {
      guard program.isRunning, clock.now < deadline else { return messages.contains(text) }
      try await Task.sleep(for: .milliseconds(20))
    }
    return true
  }

  /// Waits for the end; a program that has not ended by then is killed, so that no test hangs.
  func wait(atMost limit: Duration = .seconds(240)) async throws -> Workplace.Ended {
    let deadline = ContinuousClock().now + limit
    while program.isRunning, ContinuousClock().now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    signal(SIGKILL)
    return Workplace.Ended(
      status: try await program.ended(),
      output: String(decoding: program.outputData, as: UTF8.self), messages: messages)
  }
}
