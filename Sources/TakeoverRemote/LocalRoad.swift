// Shells on this machine: children with a socket for their input and a pipe for each output.

internal import TakeoverModel

final class LocalRoad: Road {
  let description = "local sh"
  private(set) var isUp = false
  private let loop: PollLoop
  private var children: [ChildLine] = []

  init(on loop: PollLoop) { self.loop = loop }

  nonisolated(nonsending) func connect(by deadline: Instant) async throws(TransportError) {
    isUp = true
  }

  nonisolated(nonsending)
    func startShell(for listener: any Listener, by deadline: Instant)
    async throws(TransportError) -> any Line
  {
    children.removeAll(where: \.isReaped)
    let child = try ChildLine("/bin/sh", ["sh"], on: loop, listener: listener)
    children.append(child)
    return child
  }

  nonisolated(nonsending) func disconnect() async {
    isUp = false
    for child in children { child.hangUp(forcibly: false) }
    for child in children { await child.reaped() }
    children = []
  }
}
