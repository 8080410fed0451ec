// Follows the file in which a lab's cloud subnet writes down what it decides, as it grows.

internal import Glibc
package import TakeoverModel
internal import TakeoverWire

package struct FabricDecisionsObserver: Observer {
  /// The lines have stamps of their own: how often is looked makes no number less exact.
  private static let period = Duration.milliseconds(50)

  package let name = "fabric-decisions"
  private let path: String

  package init(following path: String) { self.path = path }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let file = try GrowingFile(path)
    var number = 0
    func read() throws -> [Observation] {
      try file.newLines().map { line in
        number += 1
        guard let decision = FabricDecisionLine(line) else {
          throw Complaint(
            "line \(number) of \(path) is no decision of a subnet",
            remedy: "is it of another version of takeover-fabric?")
        }
        func moment(_ at: Int64) -> Moment {
          Moment(nanoseconds: at.saturatingMinus(clock.origin))
        }
        return Observation(
          when: Interval(moment(decision.since ?? decision.at), moment(decision.at)),
          source: name, event: .fabricDecision(decision.seen))
      }
    }
    for observation in Self.standing(of: try read()) { journal.record(observation) }
    ready()
    do {
      while true {
        try await clock.wait(until: clock.now() + Self.period)
        for observation in try read() { journal.record(observation) }
      }
    } catch is CancellationError {
      // What was decided while the run ended is there already.
      for observation in try read() { journal.record(observation) }
      throw CancellationError()
    }
  }

  /// Of what was decided before the run: where each address led when it began.
  static func standing(of all: [Observation]) -> [Observation] {
    var last: [IPAddress: Int] = [:]
    for (index, observation) in all.enumerated() {
      guard case .fabricDecision(let seen) = observation.event else { continue }
      switch seen.decision {
      case .bound, .released, .moved: last[seen.address] = index
      case .believed, .refused: break
      }
    }
    return last.values.sorted().map { all[$0] }
  }
}

/// A file that only grows; lines are read when they are whole.
private final class GrowingFile {
  private let descriptor: Int32
  private let path: String
  private var rest: [UInt8] = []

  init(_ path: String) throws(Complaint) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Complaint(
        "\(path) cannot be read: \(SystemFailure.text(errno))",
        remedy: "the lab's takeover-fabric writes it: takeover lab up")
    }
  }

  deinit { close(descriptor) }

  func newLines() throws(Complaint) -> [[UInt8]] {
    var room = [UInt8](repeating: 0, count: 65_536)
    while true {
      let length = unsafe Glibc.read(descriptor, &room, room.count)
      if length < 0, errno == EINTR { continue }
      guard length >= 0 else {
        throw Complaint("\(path) cannot be read: \(SystemFailure.text(errno))", remedy: "")
      }
      if length == 0 { break }
      rest += room[..<length]
    }
    var lines: [[UInt8]] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      if end > 0 { lines.append(Array(rest[..<end])) }
      rest.removeFirst(end + 1)
    }
    return lines
  }
}
