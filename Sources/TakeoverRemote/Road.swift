// The two nouns between a transport and the way its bytes travel: a road, and a line on it.

internal import TakeoverModel

/// The way to a machine on which shells can be started. Lives on its loop's thread.
protocol Road: AnyObject {
  var description: String { get }
  /// False before `connect` and after the connection was lost or given up.
  var isUp: Bool { get }

  nonisolated(nonsending) func connect(by deadline: Instant) async throws(TransportError)

  /// Starts a `sh` that reads its commands from the line.
  nonisolated(nonsending)
    func startShell(for listener: any Listener, by deadline: Instant)
    async throws(TransportError) -> any Line

  /// Ends every line, then the connection. Safe to call twice.
  nonisolated(nonsending) func disconnect() async
}

/// One running shell's input, and its end.
protocol Line: AnyObject {
  /// Queues bytes for the shell. After the end of the line they go nowhere.
  func send(_ bytes: [UInt8])

  /// Writes a few bytes at once, ahead of everything else.
  /// - Returns: CLOCK_REALTIME just before they were handed to the kernel; nil: not possible.
  func sendNow(_ bytes: [UInt8]) -> Int64?

  /// Ends the shell's input and stops listening. `forcibly`: what it runs shall end too, where
  /// that can be done from here.
  func hangUp(forcibly: Bool)
}

enum OutputStream { case output, errorOutput }

/// Who hears what a shell says.
protocol Listener: AnyObject {
  /// - Parameter time: CLOCK_REALTIME when the bytes were read from the kernel.
  func heard(_ bytes: [UInt8], on stream: OutputStream, at time: Int64)

  /// The line is gone; nothing more will be heard.
  func ended(_ reason: TransportError)
}
