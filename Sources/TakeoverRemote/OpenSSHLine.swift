// A shell on the OpenSSH client's connection: a child of its own, and the question what its end means.

internal import TakeoverModel

/// Lives on its loop's thread.
final class OpenSSHLine: Line, Listener {
  private var child: ChildLine?
  private weak var listener: (any Listener)?
  private weak var road: OpenSSHRoad?

  init(on road: OpenSSHRoad, listener: any Listener) {
    self.road = road
    self.listener = listener
  }

  func start(_ program: String, _ words: [String], on loop: PollLoop) throws(TransportError) {
    child = try ChildLine(program, words, on: loop, listener: self)
  }

  var isReaped: Bool { child?.isReaped ?? true }

  nonisolated(nonsending) func reaped() async { _ = await child?.reaped() }

  func send(_ bytes: [UInt8]) { child?.send(bytes) }

  /// The child would take a byte even when nobody is left to carry it to the node.
  func sendNow(_ bytes: [UInt8]) -> Int64? {
    guard road?.isUp ?? false else { return nil }
    return child?.sendNow(bytes)
  }

  func hangUp(forcibly: Bool) {
    listener = nil
    child?.hangUp(forcibly: forcibly)
  }

  func heard(_ bytes: [UInt8], on stream: OutputStream, at time: Int64) {
    listener?.heard(bytes, on: stream, at: time)
  }

  /// The child ends alike when its shell was killed and when the connection was lost. Whoever hears
  /// of it shall find the road as it is: the other shells may still be asked, or they may not.
  func ended(_ reason: TransportError) {
    guard let road else { return tell(reason) }
    road.settleWhetherItStands { [self] in tell(reason) }
  }

  private func tell(_ reason: TransportError) {
    let listener = self.listener
    self.listener = nil
    listener?.ended(reason)
  }
}
