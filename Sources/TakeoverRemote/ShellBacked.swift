// How a transport that is made of shells answers for the protocol that every room sees.

package import TakeoverModel

package protocol ShellBacked: Transport {
  var shells: ShellTransport { get }
}

extension ShellBacked {
  package var description: String { shells.description }

  package func open(within limit: Duration) async throws(TransportError) {
    try await shells.open(within: limit)
  }

  package func run(
    _ command: Command, within limit: Duration
  ) async throws(TransportError) -> CommandResult {
    try await shells.run(command, within: limit)
  }

  package func arm(
    _ command: Command, within limit: Duration
  ) async throws(TransportError) -> any ArmedBlow {
    try await shells.arm(command, within: limit)
  }

  package func stream(
    _ command: Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(TransportError) -> Int {
    try await shells.stream(command, onOutput: onOutput)
  }

  package func close() async { await shells.close() }
}
