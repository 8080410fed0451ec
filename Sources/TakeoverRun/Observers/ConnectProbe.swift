// Connects to the addresses by TCP, as a client of the service would, and hangs up at once.

import Glibc
package import TakeoverModel
import TakeoverWire

package struct ConnectProbe: Observer {
  /// Shorter than the second after which a kernel sends its SYN again (RFC 6298, 2): an answer to that one
  /// says nothing of the moment of asking, and would be a good answer at any time within the second.
  static let wait = Duration.milliseconds(900)

  package let vantage: VantagePoint
  package var name: String { "\(vantage.name)/connect" }

  package init(from vantage: VantagePoint) { self.vantage = vantage }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let vantage = vantage
    guard let port = UInt16(exactly: site.probing.port), port > 0 else {
      throw Complaint(
        "\(site.probing.port) is not a TCP port", remedy: "give a port from 1 to 65535")
    }
    try await OwnThread.run { stop in
      var loop = ProbeLoop(
        Asker(port: port, vantage: vantage), .connect, from: vantage, of: site,
        period: site.probing.connect, wait: Self.wait.nanoseconds, journal: journal,
        clock: clock)
      ready()
      try loop.run(until: stop)
    }
  }

  private struct Asker: Asking {
    /// Each is an open file, of which a process usually has 1024. Two addresses at 10 ms and a wait
    /// of 1 s make 200.
    private static let mostOpen = 400

    private let port: UInt16
    private let vantage: VantagePoint
    private var attempts: [(question: ProbeSchedule.Question, attempt: ConnectAttempt)] = []

    init(port: UInt16, vantage: VantagePoint) {
      self.port = port
      self.vantage = vantage
    }

    var firstAnswerSettles: Bool { true }
    var watched: [Watched] { attempts.map(\.attempt.watched) }

    mutating func ask(_ question: ProbeSchedule.Question) -> Asked {
      guard attempts.count < Self.mostOpen else {
        return .notSent("\(attempts.count) connections are waiting already")
      }
      do throws(SystemFailure) {
        let attempt = try ConnectAttempt(
          to: question.address, port: port, interface: vantage.interface,
          namespace: vantage.namespace)
        attempts.append((question, attempt))
        return .sent
      } catch {
        return .notSent(SystemFailure.text(error.code))
      }
    }

    func replies(ready: ArraySlice<Bool>) -> [Reply] {
      let now = Realtime.nanoseconds()
      return zip(attempts, ready).compactMap { entry, isReady in
        guard isReady else { return nil }
        let code = entry.attempt.outcome()
        return Reply(
          address: entry.question.address, sequence: entry.question.sequence, at: now, mac: nil,
          trouble: Self.trouble(code),
          // A refusal comes from the holder; that a host is unreachable, from our own kernel.
          isAnswer: code == 0 || code == ECONNREFUSED || code == ECONNRESET)
      }
    }

    mutating func forget(_ question: ProbeSchedule.Question) {
      attempts.removeAll { $0.question == question }
    }

    func lostAnswers() -> Int { 0 }

    private static func trouble(_ code: Int32) -> String {
      switch code {
      case 0: ""
      case ECONNREFUSED: "refused"
      case EHOSTUNREACH, ENETUNREACH: "unreachable"
      default: SystemFailure.text(code)
      }
    }
  }
}
