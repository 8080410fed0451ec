// The one door to a node, as every room sees it.

/// Carries commands to one node. Every operation has a deadline; a command that may have run is
/// never tried again by a transport.
package protocol Transport: Sendable {
  /// How it reaches the node, in words: `ssh (libssh2 1.10.0) root@10.0.0.1:22`.
  var description: String { get }

  /// Connects, checks who is there, and starts the long-lived shell. Call once.
  func open(within limit: Duration) async throws(TransportError)

  /// Runs one command in the long-lived shell (one at a time; concurrent callers queue).
  func run(_ command: Command, within limit: Duration) async throws(TransportError) -> CommandResult

  /// Stages a command in a long-lived shell: parsed and blocked on `read`. One armed blow at a time.
  func arm(_ command: Command, within limit: Duration) async throws(TransportError) -> any ArmedBlow

  /// Runs a command on a fresh channel and hands over its output as it comes, until it ends or the
  /// task is cancelled. Returns its exit status. Does not disturb `run`.
  func stream(
    _ command: Command, onOutput: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(TransportError) -> Int

  /// Ends the shell and the connection. Safe to call twice, and before `open`.
  func close() async
}

/// A command that waits on the node for one byte.
package protocol ArmedBlow: Sendable {
  /// Sends the byte and waits for the acknowledgement. Call `fire` or `disarm`, once.
  func fire(within limit: Duration) async throws(TransportError) -> Blow

  /// Lets the staged shell go without running the command.
  func disarm() async
}

/// What firing showed. The command took effect between `sent` and `acknowledged`.
package struct Blow: Sendable {
  /// CLOCK_REALTIME, nanoseconds since 1970, just before the byte was handed to the kernel.
  package var sent: Int64
  /// The same clock when the acknowledgement was read; nil when none came (the blow may have cut
  /// the road).
  package var acknowledged: Int64?
  package var result: CommandResult?

  package init(sent: Int64, acknowledged: Int64?, result: CommandResult?) {
    self.sent = sent
    self.acknowledged = acknowledged
    self.result = result
  }
}

package struct TransportError: Explained, Hashable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case refused, noRoute, timedOut, nameNotFound, unknownHostKey, changedHostKey, keyNotAccepted
    case cannotNegotiate, closed, deadlinePassed, missingPrivilege, misconfigured, broken
  }

  package let kind: Kind
  package let problem: String
  package let remedy: String

  package init(_ kind: Kind, _ problem: String, remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }
}
