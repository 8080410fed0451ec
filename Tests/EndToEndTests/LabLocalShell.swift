// The local machine for these tests: every command is a program of its own.

import Foundation
import TakeoverModel

struct LabLocalShell: Transport {
  let description = "local"

  func open(within limit: Duration) async throws(TransportError) {}
  func close() async {}

  func run(
    _ command: Command, within limit: Duration
  ) async throws(TransportError) -> CommandResult {
    do {
      return try runs(command)
    } catch {
      throw TransportError(.broken, "\(error)", remedy: "")
    }
  }

  func arm(
    _ command: Command, within limit: Duration
  ) async throws(TransportError) -> any ArmedBlow {
    throw TransportError(.broken, "no blows here", remedy: "")
  }

  func stream(
    _ command: Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(TransportError) -> Int {
    let result = try await run(command, within: .seconds(300))
    onOutput(result.output + result.errorOutput)
    return result.status
  }

  /// Output goes to files, so that a machine left running cannot hold a pipe open.
  func runs(_ command: Command) throws -> CommandResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["out", "err"].map { folder.appending(path: $0).path() }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command.arguments
    process.standardInput = FileHandle.nullDevice
    let handles = try paths.map { path in
      try Data().write(to: URL(filePath: path))
      return try FileHandle(forWritingTo: URL(filePath: path))
    }
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return CommandResult(
      status: Int(process.terminationStatus) + (signalled ? 128 : 0),
      output: Array(try Data(contentsOf: URL(filePath: paths[0]))),
      errorOutput: Array(try Data(contentsOf: URL(filePath: paths[1]))))
  }
}
