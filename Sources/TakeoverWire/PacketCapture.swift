// Captures at several points at once, on the thread that calls it.

import Glibc
package import TakeoverModel

/// Not thread-safe: belongs to the thread that runs it.
package final class PacketCapture {
  /// How one point is doing.
  package struct State: Hashable, Sendable {
    /// What the kernel let in and what it lost since the capture began.
    package var received = 0
    package var dropped = 0
    /// What made the capture doubtful since `states` was asked for the last time, sorted.
    package var trouble: [String] = []
    /// How often each trouble came.
    package var counts: [String: Int] = [:]
  }

  package struct Sighting: Hashable, Sendable {
    /// The point's place in `points`.
    package var point: Int
    package var frame: CapturedFrame

    package init(point: Int, frame: CapturedFrame) {
      self.point = point
      self.frame = frame
    }
  }

  /// So many frames are taken from one point before the others are looked at again.
  private static let burst = 256
  /// A socket that fails so often without a frame in between is given up.
  private static let mostFailures = 100

  package let points: [CapturePoint]
  private let sockets: [PacketSocket]
  /// The states as `states` saw them last.
  package private(set) var totals: [State]
  private var troubles: [[String: Int]]
  private var failures: [Int]

  /// Opens all points; from here on no frame is missed. `receiveBuffer`: bytes per point; a frame
  /// of 60 bytes takes about 800.
  package init(
    _ points: [CapturePoint], filter: PacketFilter, receiveBuffer: Int32 = 16 << 20
  ) throws(SystemFailure) {
    self.points = points
    var sockets: [PacketSocket] = []
    for point in points {
      // A bridge's port hears everything as it is; a plain interface has to be told.
      sockets.append(
        try PacketSocket(
          interface: point.interface, namespace: point.namespace, filter: filter,
          promiscuous: point.node == nil, receiveBuffer: receiveBuffer))
    }
    self.sockets = sockets
    totals = points.map { _ in State() }
    troubles = points.map { _ in [:] }
    failures = points.map { _ in 0 }
    inspect()
  }

  /// Hands over frames as they come, sorted by stamp within a batch, and calls `onTick` about every
  /// `period` nanoseconds, until `stop` is raised and what had come by then is handed over.
  package func run(
    until stop: StopSignal, every period: Int64, onFrames: ([Sighting]) throws -> Void,
    onTick: () throws -> Void
  ) throws {
    let watched = sockets.map(\.watched) + [stop.watched]
    var tick = Realtime.nanoseconds() &+ period
    while true {
      let ready = try Watched.wait(for: watched, until: tick)
      let isStopping = ready.last ?? true
      // Sockets whose interface went down are ready too: reading them tells.
      var batch = try take(from: sockets.indices.filter { isStopping || ready[$0] })
      while isStopping, !batch.isEmpty {
        try onFrames(batch)
        batch = try take(from: Array(sockets.indices))
      }
      if !batch.isEmpty { try onFrames(batch) }
      if isStopping { return }
      let now = Realtime.nanoseconds()
      // A clock that was set back must not stop the ticking.
      if now >= tick || now < tick &- period &- period {
        inspect()
        try onTick()
        tick = now &+ period
      }
    }
  }

  /// Says beside `point` that something makes its frames doubtful.
  package func note(_ trouble: String, at point: Int) {
    troubles[point][trouble, default: 0] += 1
  }

  /// The states of all points; trouble is reported once.
  package func states() throws(SystemFailure) -> [State] {
    var states: [State] = []
    for (index, socket) in sockets.enumerated() {
      let loss = try socket.loss()
      totals[index].received += loss.received
      totals[index].dropped += loss.dropped
      totals[index].trouble = troubles[index].keys.sorted()
      totals[index].counts = troubles[index]
      troubles[index] = [:]
      states.append(totals[index])
    }
    return states
  }

  private func take(from ready: [Int]) throws -> [Sighting] {
    var batch: [Sighting] = []
    for point in ready {
      do throws(SystemFailure) {
        for _ in 0..<Self.burst {
          guard let frame = try sockets[point].receive() else { break }
          batch.append(Sighting(point: point, frame: frame))
          failures[point] = 0
        }
      } catch {
        // What it lost is not known; what it gets from now on may be good again.
        failures[point] += 1
        if failures[point] > Self.mostFailures { throw error }
        let isDown = [ENETDOWN, ENXIO, ENODEV].contains(error.code)
        note(isDown ? PacketSocket.Condition.down.rawValue : error.problem, at: point)
      }
    }
    // Two processors may queue a socket's frames in another order than they stamped them.
    batch.sort { $0.frame.stamp < $1.frame.stamp }
    return batch
  }

  private func inspect() {
    for (index, socket) in sockets.enumerated() {
      let condition = socket.inspect()
      // Behind a node's port the carrier goes with the node's link, which a fault may have cut: then
      // nothing comes in because nothing is sent. On a shared segment others go unheard.
      if condition == .unplugged, points[index].node != nil { continue }
      if condition != .up { note(condition.rawValue, at: index) }
    }
  }
}
