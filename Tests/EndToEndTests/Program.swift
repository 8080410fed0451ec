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
    try files.copyItem(atPath: root.path() + "Plans", toPath: folder + "/Plans")
    let path = folder + "/Plans/labs/keepalived-pair.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try edit(text.replacing("lab: keepalived-pair", with: "lab: \(unique)"))
      .write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// A workplace around `body`: its lab and its folder go away, whatever happens.
  static func with(
    lab edit: (String) -> String = { $0 }, _ body: (Workplace) async throws -> Void
  ) async throws {
    let place = try Workplace(lab: edit)
    var failure: (any Error)?
    do { try await body(place) } catch { failure = error }
    if FileManager.default.fileExists(atPath: "/run/takeover/labs/\(place.lab)") {
      _ = try? await place.run("lab", "down", "keepalived-pair")
    }
    try? FileManager.default.removeItem(atPath: place.folder)
    if let failure { throw failure }
  }

  /// The binary beside the tests that run now.
  private static let binary: String = {
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

  /// The trials of Reports/latest/results.json.
  func trials() throws -> [[String: Any]] {
    let results = try JSONSerialization.jsonObject(with: try bytes("Reports/latest/results.json"))
    return try #require((results as? [String: Any])?["trials"] as? [[String: Any]])
  }
}

/// A program that runs, whose messages can be waited for.
final class Running: Sendable {
  private struct State: Sendable {
    var output = Data()
    var messages = Data()
  }

  private let process: Process
  private let state = Mutex(State())
  private let pipes = (output: Pipe(), messages: Pipe())

  var identifier: Int32 { process.processIdentifier }

  init(
    _ program: String, _ words: [String], in folder: String, environment: [String: String] = [:]
  ) throws {
    process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = words
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipes.output
    process.standardError = pipes.messages
    pipes.output.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      self?.state.withLock { $0.output += data }
    }
    pipes.messages.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      self?.state.withLock { $0.messages += data }
    }
    try process.run()
  }

  var messages: String { state.withLock { String(decoding: $0.messages, as: UTF8.self) } }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits until a message contains `text`; false when the program ended or a minute passed.
  func says(_ text: String) async throws -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(60)
    while !messages.contains(text) {
      guard process.isRunning, clock.now < deadline else { return messages.contains(text) }
      try await Task.sleep(for: .milliseconds(20))
    }
    return true
  }

  /// Waits for the end; a program that has not ended by then is killed, so that no test hangs.
  func wait(atMost limit: Duration = .seconds(240)) async throws -> Workplace.Ended {
    let deadline = ContinuousClock().now + limit
    while process.isRunning, ContinuousClock().now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    if process.isRunning { signal(SIGKILL) }
    process.waitUntilExit()
    for handle in [pipes.output.fileHandleForReading, pipes.messages.fileHandleForReading] {
      handle.readabilityHandler = nil
    }
    // What came between the last callback and the end is still in the pipes.
    let rest = (
      try? pipes.output.fileHandleForReading.readToEnd(),
      try? pipes.messages.fileHandleForReading.readToEnd()
    )
    return state.withLock { state in
      Workplace.Ended(
        status: process.terminationReason == .exit
          ? process.terminationStatus : 128 + process.terminationStatus,
        output: String(decoding: state.output + (rest.0 ?? Data()), as: UTF8.self),
        messages: String(decoding: state.messages + (rest.1 ?? Data()), as: UTF8.self))
    }
  }
}
