// Takeover's capture as its observer runs it, on a thread of its own, with its own account.

internal import TakeoverModel
internal import TakeoverWire

struct Listening: Sendable {
  var frames = 0
  var dropped = 0
  /// The capturing thread's.
  var processorSeconds = 0.0
  var seconds = 0.0
  /// From each frame's stamp to the moment at which its batch is in our hands, nanoseconds.
  var delays: [Int64] = []

  /// Captures while `body` runs, and what had come by its end.
  static func during<Value: Sendable>(
    _ point: CapturePoint, filter: PacketFilter,
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> (heard: Listening, value: Value) {
    try await withThrowingTaskGroup(of: Listening.self) { group in
      let (isReady, ready) = AsyncStream<Void>.makeStream()
      group.addTask {
        defer { ready.finish() }
        return try await OwnThread.run { stop in
          let capture = try PacketCapture([point], filter: filter)
          ready.finish()
          return try listen(capture, until: stop)
        }
      }
      for await _ in isReady {}
      let value = try await body()
      group.cancelAll()
      guard let heard = try await group.next() else { throw CancellationError() }
      return (heard, value)
    }
  }

  private static func listen(
    _ capture: PacketCapture, until stop: StopSignal
  ) throws -> Listening {
    var heard = Listening()
    heard.delays.reserveCapacity(1 << 21)
    let began = ContinuousClock.now
    try capture.run(until: stop, every: 100_000_000) { batch in
      let now = Realtime.nanoseconds()
      heard.frames += batch.count
      for sighting in batch { heard.delays.append(now - sighting.frame.stamp) }
    } onTick: {
    }
    heard.seconds = (ContinuousClock.now - began).seconds
    heard.processorSeconds = Processor.thread
    heard.dropped = try capture.states()[0].dropped
    return heard
  }
}
