// One connection to each address, held for as long as it lives, with a request on it once a period. A
// silent one is watched on, beside the next one, until it is known whether it recovers.

import TakeoverModel
import TakeoverWire

struct HeldTalk: KeptTalk {
  /// A connection that cannot be made in this time is tried anew: a kernel sends its first segment again
  /// after a second (RFC 6298, 2), and would be a second late.
  static let openingLimit = ConnectProbe.wait
  /// A client that waits so long has a second connection made, for others to be served.
  static let patience = Duration.seconds(5)
  /// So long a silent one is watched beside it: a kernel that gets no acknowledgement sends the same again,
  /// at distances that double (RFC 6298, 5.5), so that it hears of a holder's return up to a minute late.
  static let watch = Duration.seconds(120)
  /// How often it is told that a request is not answered yet.
  static let telling = Duration.milliseconds(500)
  private static let mostSilent = 4

  private enum State: Hashable {
    case opening(since: Moment)
    case idle
    case waiting(sequence: Int, sent: Interval, told: Moment)
  }

  private struct Line {
    var address: IPAddress
    var state: State
    /// Whether it is the one on which the next request is sent; the others are watched.
    var isCurrent = true
  }

  /// Per address: which request comes next, and when.
  private struct Course {
    var sequence = 0
    var next: Moment
  }

  private let voice: KeptVoice
  private let addresses: [IPAddress]
  private var courses: [IPAddress: Course]
  private var lines: [Int: Line] = [:]
  private var opened = 0
  private var seen: [Observation] = []

  /// The addresses are asked one after the other within a period.
  init(
    to addresses: [IPAddress], from vantage: String, every period: Duration, at start: Moment
  ) {
    voice = KeptVoice(vantage: vantage, keeping: .held, period: period)
    self.addresses = addresses
    courses = [:]
    for (index, address) in addresses.enumerated() {
      courses[address] = Course(next: start + period * index / addresses.count)
    }
  }

  /// Also for the end of a connection on which nothing is asked.
  var isWaiting: Bool { !lines.isEmpty }

  var nextMoment: Moment {
    let dues = addresses.compactMap { address -> Moment? in
      guard let line = current(to: address) else { return courses[address]?.next }
      return lines[line]?.state == .idle ? courses[address]?.next : nil
    }
    let ends = lines.values.compactMap { line -> Moment? in
      switch line.state {
      case .opening(let since): since + Self.openingLimit
      case .idle: nil
      case .waiting(_, _, let told): told + Self.telling
      }
    }
    return (dues + ends).min() ?? Moment(nanoseconds: .max)
  }

  mutating func observations() -> [Observation] {
    defer { seen = [] }
    return seen
  }

  mutating func due(at now: Moment, isAcknowledged: (Int) -> Bool?) -> [KeptDoing] {
    var doings: [KeptDoing] = []
    for (number, line) in lines.sorted(by: { $0.key < $1.key }) {
      switch line.state {
      case .opening(let since) where now.since(since) >= Self.openingLimit:
        seen.append(
          voice.connection(number, to: line.address, .timeout, within: Interval(since, now)))
        doings.append(contentsOf: end(number, at: now))
      case .waiting(let sequence, let sent, let told) where now.since(told) >= Self.telling:
        seen.append(
          voice.request(
            sequence, to: line.address, on: number, sent: sent, .pending, until: nil, told: now,
            isAcknowledged: isAcknowledged(number)))
        lines[number]?.state = .waiting(sequence: sequence, sent: sent, told: now)
        doings.append(contentsOf: outlasted(number, since: sent.earliest, at: now))
      default: break
      }
    }
    for address in addresses {
      guard var course = courses[address], course.next <= now else { continue }
      if let number = current(to: address) {
        guard lines[number]?.state == .idle else { continue }
        lines[number]?.state = .waiting(
          sequence: course.sequence, sent: Interval(at: now), told: now)
        doings.append(.send(number))
        course.sequence += 1
      } else {
        opened += 1
        lines[opened] = Line(address: address, state: .opening(since: now))
        doings.append(.open(opened, address))
      }
      course.next = later(course.next, now)
      courses[address] = course
    }
    return doings
  }

  mutating func begun(on number: Int, by moment: Moment) {
    guard case .waiting(let sequence, let sent, let told) = lines[number]?.state else { return }
    lines[number]?.state = .waiting(
      sequence: sequence, sent: Interval(sent.earliest, max(sent.earliest, moment)), told: told)
  }

  mutating func take(
    _ happening: KeptHappening, of number: Int, within when: Interval
  ) -> [KeptDoing] {
    guard let line = lines[number] else { return [] }
    switch happening {
    case .opened:
      guard case .opening(let since) = line.state else { return [] }
      seen.append(
        voice.connection(
          number, to: line.address, nil, within: Interval(since, max(since, when.latest))))
      lines[number]?.state = .idle
      return []
    case .answered(let answer, let at):
      guard case .waiting(let sequence, let sent, _) = line.state else { return [] }
      seen.append(
        voice.request(
          sequence, to: line.address, on: number, sent: sent, .answered,
          until: Interval(at: max(sent.earliest, at)), told: when.latest, answer: answer))
      lines[number]?.state = .idle
      // Recovered: another has taken its place by now.
      if answer.keepsOpen, line.isCurrent { return [] }
      if !answer.keepsOpen {
        seen.append(voice.connection(number, to: line.address, .closed, within: when))
      }
      return end(number, at: when.latest)
    case .ended(let fate, _, let trouble):
      var within = when
      switch line.state {
      case .opening(let since): within = Interval(since, max(since, when.latest))
      case .idle: break
      case .waiting(let sequence, let sent, _):
        within = Interval(
          max(sent.earliest, when.earliest), max(sent.earliest, when.latest))
        seen.append(
          voice.request(
            sequence, to: line.address, on: number, sent: sent, fate, until: within,
            told: when.latest))
      }
      seen.append(
        voice.connection(number, to: line.address, fate, within: within, trouble: trouble))
      return end(number, at: when.latest)
    }
  }

  /// The slot after this one; slots that were missed are left out.
  private func later(_ slot: Moment, _ now: Moment) -> Moment {
    let period = max(voice.period.nanoseconds, 1)
    let missed = max(0, now.since(slot).nanoseconds / period)
    return slot + .nanoseconds((missed + 1) * period)
  }

  private func current(to address: IPAddress) -> Int? {
    lines.first { $0.value.address == address && $0.value.isCurrent }?.key
  }

  /// A new one is made at the next slot.
  private mutating func end(_ number: Int, at now: Moment) -> [KeptDoing] {
    lines[number] = nil
    return [.drop(number)]
  }

  /// What a silence that lasts leads to.
  private mutating func outlasted(_ number: Int, since sent: Moment, at now: Moment) -> [KeptDoing]
  {
    guard let address = lines[number]?.address else { return [] }
    if now.since(sent) >= Self.patience { lines[number]?.isCurrent = false }
    let silent = lines.filter { $0.value.address == address && !$0.value.isCurrent }.keys.sorted()
    guard now.since(sent) >= Self.watch || silent.count > Self.mostSilent,
      let oldest = silent.first, case .waiting(let sequence, let sent, _) = lines[oldest]?.state
    else { return [] }
    let when = Interval(at: now)
    seen.append(
      voice.request(
        sequence, to: address, on: oldest, sent: sent, .abandoned, until: when, told: now))
    seen.append(voice.connection(oldest, to: address, .abandoned, within: when))
    return end(oldest, at: now)
  }
}
