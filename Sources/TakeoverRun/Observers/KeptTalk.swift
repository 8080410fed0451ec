// How a client talks on kept connections, as a pure machine: what happened goes in with its time, what is
// to be done and what is to be written down comes out.

import TakeoverModel
import TakeoverWire

/// What the thread is to do with a connection; they are numbered from 1.
enum KeptDoing: Hashable, Sendable {
  case open(Int, IPAddress)
  case send(Int)
  case drop(Int)
}

/// What it saw of one.
enum KeptHappening: Hashable, Sendable {
  case opened
  case answered(HTTPAnswer, at: Moment)
  /// `hasBegun`: part of an answer had come.
  case ended(Fate, hasBegun: Bool, trouble: String = "")
}

protocol KeptTalk {
  /// When there is something to do next, if nothing happens.
  var nextMoment: Moment { get }
  /// Whether something is waited for whose moment is to be known well.
  var isWaiting: Bool { get }
  /// What is to be done now. `isAcknowledged` asks the kernel about what was sent on a connection.
  mutating func due(at now: Moment, isAcknowledged: (Int) -> Bool?) -> [KeptDoing]
  /// A call by which something was opened or sent on a connection has returned: what is asked on it had begun
  /// by then.
  mutating func begun(on connection: Int, by moment: Moment)
  /// Something happened to a connection, within `when`.
  mutating func take(_ happening: KeptHappening, of connection: Int, within when: Interval)
    -> [KeptDoing]
  /// What is to be written down since the last call.
  mutating func observations() -> [Observation]
}

/// Who talks, and what every observation of it says.
struct KeptVoice: Hashable, Sendable {
  let vantage: String
  let keeping: Keeping
  let period: Duration

  /// `client/held`, `client/requests`
  var source: String { Self.name(keeping, from: vantage) }

  static func name(_ keeping: Keeping, from vantage: String) -> String {
    "\(vantage)/\(keeping == .held ? "held" : "requests")"
  }

  func connection(
    _ number: Int, to address: IPAddress, _ end: Fate?, within when: Interval, trouble: String = ""
  ) -> Observation {
    Observation(
      when: when, source: source,
      event: .connection(
        ConnectionSeen(
          vantage: vantage, keeping: keeping, address: address, connection: number, end: end,
          trouble: trouble)))
  }

  /// `until`: when it was decided; `told`: when that is told, for one that is not decided yet.
  func request(
    _ sequence: Int, to address: IPAddress, on connection: Int, sent: Interval, _ fate: Fate,
    until: Interval?, told: Moment, answer: HTTPAnswer? = nil, isAcknowledged: Bool? = nil,
    isRetried: Bool = false
  ) -> Observation {
    Observation(
      when: Interval(sent.earliest, max(sent.earliest, until?.latest ?? told)), source: source,
      event: .request(
        RequestSeen(
          vantage: vantage, keeping: keeping, address: address, connection: connection,
          sequence: sequence, sent: sent.earliest,
          slack: sent.width == .zero ? nil : sent.width.nanoseconds, period: period.nanoseconds,
          fate: fate, until: until,
          status: answer?.status, via: answer?.via, server: answer?.server,
          isAcknowledged: isAcknowledged, isRetried: isRetried ? true : nil)))
  }
}
