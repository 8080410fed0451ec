// The local machine for these tests: every command is a program of its own.

import Foundation
import Glibc
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

  func runs(_ command: Command) throws -> CommandResult {
    let program = try ChildProgram("/usr/bin/env", command.arguments)
    while program.isRunning { usleep(1_000) }
    return CommandResult(
      status: Int(program.status ?? -1), output: Array(program.outputData),
      errorOutput: Array(program.messagesData))
  }
}
