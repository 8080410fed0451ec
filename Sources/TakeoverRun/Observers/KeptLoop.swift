// The thread of a client with kept connections: opens, sends and reads as its talk says, and says when
// what happened may have happened.

import Glibc
import TakeoverModel
import TakeoverWire

struct KeptLoop<Talk: KeptTalk> {
  /// While something is waited for, what happens is known to this, whatever wakes the thread.
  private static var tick: Duration { .milliseconds(10) }

  private struct Line {
    var connection: KeptConnection
    var address: IPAddress
    var stands = false
    var reader = HTTPAnswerReader()
    var isAsked = false
  }

  private var talk: Talk
  private let vantage: VantagePoint
  private let probing: Probing
  private let port: UInt16
  private let journal: any Journal
  private let origin: Int64
  private var lines: [Int: Line] = [:]
  /// Nothing had happened to a connection by then that is not known.
  private var looked: Moment

  init(
    _ talk: Talk, from vantage: VantagePoint, _ probing: Probing, port: UInt16,
    journal: any Journal, clock: any RunClock
  ) {
    self.talk = talk
    self.vantage = vantage
    self.probing = probing
    self.port = port
    self.journal = journal
    origin = clock.origin
    looked = Moment(nanoseconds: Realtime.nanoseconds() &- origin)
  }

  private var now: Moment { Moment(nanoseconds: Realtime.nanoseconds() &- origin) }

  mutating func run(until stop: StopSignal) throws {
    while true {
      let connections = lines.mapValues(\.connection)
      let doings = talk.due(at: now) { connections[$0]?.isAcknowledged }
      carryOut(doings)
      write()
      let begun = now
      let next = talk.isWaiting ? min(talk.nextMoment, begun + Self.tick) : talk.nextMoment
      let deadline = next.nanoseconds == .max ? Int64.max : next.nanoseconds &+ origin
      let numbers = lines.keys.sorted()
      let watched = numbers.compactMap { number in
        lines[number].map { $0.stands ? $0.connection.incoming : $0.connection.opening }
      }
      let ready = try Watched.wait(for: [stop.watched] + watched, until: deadline)
      if ready.first ?? true { return }
      let when = Interval(looked, now)
      for (number, isReady) in zip(numbers, ready.dropFirst()) where isReady {
        look(at: number, within: when)
      }
      looked = begun
      write()
    }
  }

  private mutating func write() {
    for observation in talk.observations() { journal.record(observation) }
  }

  private mutating func carryOut(_ doings: [KeptDoing]) {
    for doing in doings {
      switch doing {
      case .open(let number, let address): open(number, to: address)
      case .send(let number): send(on: number)
      case .drop(let number): lines[number] = nil
      }
    }
  }

  private mutating func happened(
    _ happening: KeptHappening, to number: Int, within when: Interval
  ) {
    let doings = talk.take(happening, of: number, within: when)
    carryOut(doings)
  }

  private mutating func open(_ number: Int, to address: IPAddress) {
    let begun = now
    do throws(SystemFailure) {
      let connection = try KeptConnection(
        to: address, port: port, interface: vantage.interface, namespace: vantage.namespace)
      lines[number] = Line(connection: connection, address: address)
      talk.begun(on: number, by: now)
    } catch {
      happened(
        Self.end(error.code, otherwise: .unsent), to: number, within: Interval(begun, now))
    }
  }

  private mutating func send(on number: Int) {
    guard let line = lines[number] else { return }
    let begun = now
    lines[number]?.reader = HTTPAnswerReader()
    lines[number]?.isAsked = true
    let code = line.connection.send(request(to: line.address))
    let ended = now
    talk.begun(on: number, by: ended)
    if code != 0 { happened(Self.end(code), to: number, within: Interval(begun, ended)) }
  }

  private func request(to address: IPAddress) -> [UInt8] {
    let name = address.isV4 ? "\(address)" : "[\(address)]"
    let host = probing.host ?? (port == 80 ? name : "\(name):\(port)")
    return Array(
      "GET \(probing.path ?? "/") HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: takeover\r\n\r\n".utf8)
  }

  private mutating func look(at number: Int, within when: Interval) {
    guard let line = lines[number] else { return }
    guard line.stands else {
      let code = line.connection.outcome()
      if code == 0 { lines[number]?.stands = true }
      return happened(code == 0 ? .opened : Self.end(code), to: number, within: when)
    }
    while let line = lines[number] {
      switch line.connection.receive() {
      case .nothing: return
      case .bytes(let bytes, let stamp): take(bytes, stamp &- origin, on: number, within: when)
      case .end:
        if line.isAsked, let answer = lines[number]?.reader.end() {
          return happened(.answered(answer, at: when.latest), to: number, within: when)
        }
        return happened(
          .ended(.closed, hasBegun: line.isAsked && line.reader.hasBegun), to: number, within: when)
      case .failure(let code):
        return happened(
          Self.end(code, hasBegun: line.isAsked && line.reader.hasBegun), to: number, within: when)
      }
    }
  }

  private mutating func take(
    _ bytes: [UInt8], _ stamp: Int64, on number: Int, within when: Interval
  ) {
    // Nobody asked: it is what a server says before it hangs up, and that is what counts.
    guard lines[number]?.isAsked == true else { return }
    do throws(HTTPAnswerReader.Defect) {
      guard let answer = try lines[number]?.reader.feed(bytes) else { return }
      lines[number]?.isAsked = false
      happened(.answered(answer, at: Moment(nanoseconds: stamp)), to: number, within: when)
    } catch {
      happened(
        .ended(.failed, hasBegun: true, trouble: "what came is no HTTP"), to: number, within: when)
    }
  }

  /// What an errno means to the connection.
  private static func end(
    _ code: Int32, hasBegun: Bool = false, otherwise: Fate = .failed
  ) -> KeptHappening {
    switch code {
    case ECONNREFUSED: .ended(.refused, hasBegun: hasBegun)
    case ECONNRESET, EPIPE: .ended(.reset, hasBegun: hasBegun)
    case ETIMEDOUT: .ended(.timeout, hasBegun: hasBegun)
    case EHOSTUNREACH, ENETUNREACH: .ended(.unreachable, hasBegun: hasBegun)
    default: .ended(otherwise, hasBegun: hasBegun, trouble: SystemFailure.text(code))
    }
  }
}
