// Requests on an open schedule, each on a connection that is kept from the one before, or on a new one:
// what the users of a pool of connections see. Late answers do not delay the next request.

import TakeoverModel
import TakeoverWire

struct PooledTalk: KeptTalk {
  /// Each is an open file, of which a process usually has 1024.
  private static let mostOpen = 300
  /// So many idle ones are kept for each address; a pool is as small as the traffic lets it be.
  private static let mostIdle = 4

  private struct Request: Hashable {
    var question: ProbeSchedule.Question
    var sent: Moment
    /// When it had begun; nil: the call by which it does has not returned.
    var begun: Moment?
    var isRetried = false
  }

  private struct Line {
    var address: IPAddress
    var stands = false
    /// How many answers came on it.
    var answers = 0
    var request: Request?
    var since: Moment
  }

  private let voice: KeptVoice
  private var schedule: ProbeSchedule
  private var lines: [Int: Line] = [:]
  /// The connections without a request, the one used last at the end.
  private var idle: [IPAddress: [Int]] = [:]
  /// Which connection carries a request.
  private var carriers: [ProbeSchedule.Question: Int] = [:]
  private var opened = 0
  private var seen: [Observation] = []

  init(
    to addresses: [IPAddress], from vantage: String, every period: Duration, limit: Duration,
    at start: Moment
  ) {
    voice = KeptVoice(vantage: vantage, keeping: .pooled, period: period)
    schedule = ProbeSchedule(
      addresses: addresses, period: period.nanoseconds, wait: limit.nanoseconds, from: start)
  }

  var isWaiting: Bool { !carriers.isEmpty }
  var nextMoment: Moment { schedule.nextMoment }

  mutating func observations() -> [Observation] {
    defer { seen = [] }
    return seen
  }

  mutating func due(at now: Moment, isAcknowledged: (Int) -> Bool?) -> [KeptDoing] {
    var doings: [KeptDoing] = []
    for open in schedule.closeExpired(at: now) {
      guard let number = carriers[open.question], let request = lines[number]?.request else {
        continue
      }
      // The answer would be to a question that nobody asks any more.
      let acknowledged = lines[number]?.stands == true ? isAcknowledged(number) : nil
      decide(
        request, on: number, .timeout,
        within: Interval(at: open.sent + .nanoseconds(schedule.wait)),
        isAcknowledged: acknowledged)
      doings += leave(number)
    }
    for question in schedule.due(at: now) {
      doings += begin(Request(question: question, sent: now), at: now)
    }
    return doings
  }

  /// What is sent on a connection that had to be opened, or again, had begun before.
  mutating func begun(on number: Int, by moment: Moment) {
    guard let request = lines[number]?.request, request.begun == nil else { return }
    lines[number]?.request?.begun = max(request.sent, moment)
  }

  mutating func take(
    _ happening: KeptHappening, of number: Int, within when: Interval
  ) -> [KeptDoing] {
    guard let line = lines[number] else { return [] }
    switch happening {
    case .opened:
      lines[number]?.stands = true
      seen.append(
        voice.connection(
          number, to: line.address, nil, within: Interval(line.since, max(line.since, when.latest)))
      )
      return line.request == nil ? [] : [.send(number)]
    case .answered(let answer, let at):
      guard let request = line.request else { return [] }
      decide(
        request, on: number, .answered, within: Interval(at: max(request.sent, at)),
        answer: answer)
      lines[number]?.answers += 1
      lines[number]?.request = nil
      guard answer.keepsOpen, idle[line.address, default: []].count < Self.mostIdle else {
        return leave(number)
      }
      idle[line.address, default: []].append(number)
      return []
    case .ended(let fate, let hasBegun, let trouble):
      var doings: [KeptDoing] = []
      let from = line.stands ? when.earliest : line.since
      let within = Interval(min(from, when.latest), when.latest)
      seen.append(
        voice.connection(number, to: line.address, fate, within: within, trouble: trouble))
      idle[line.address]?.removeAll { $0 == number }
      if var request = line.request {
        carriers[request.question] = nil
        lines[number]?.request = nil
        if line.answers > 0, !hasBegun, !request.isRetried {
          request.isRetried = true
          doings += onNew(request, at: when.latest)
        } else {
          decide(
            request, on: number, fate,
            within: Interval(max(request.sent, within.earliest), max(request.sent, within.latest)))
        }
      }
      return doings + leave(number)
    }
  }

  private mutating func begin(_ request: Request, at now: Moment) -> [KeptDoing] {
    let address = request.question.address
    if let number = idle[address]?.popLast() {
      schedule.asked(request.question, at: request.sent)
      carriers[request.question] = number
      lines[number]?.request = request
      return [.send(number)]
    }
    return onNew(request, at: now)
  }

  private mutating func onNew(_ request: Request, at now: Moment) -> [KeptDoing] {
    guard lines.count < Self.mostOpen else {
      decide(request, on: 0, .unsent, within: Interval(request.sent, max(request.sent, now)))
      return []
    }
    opened += 1
    let address = request.question.address
    if !request.isRetried { schedule.asked(request.question, at: request.sent) }
    carriers[request.question] = opened
    lines[opened] = Line(address: address, request: request, since: now)
    return [.open(opened, address)]
  }

  private mutating func decide(
    _ request: Request, on number: Int, _ fate: Fate, within when: Interval,
    answer: HTTPAnswer? = nil, isAcknowledged: Bool? = nil
  ) {
    carriers[request.question] = nil
    schedule.close(request.question)
    seen.append(
      voice.request(
        request.question.sequence, to: request.question.address, on: number,
        sent: Interval(request.sent, request.begun ?? request.sent), fate, until: when,
        told: when.latest, answer: answer, isAcknowledged: isAcknowledged,
        isRetried: request.isRetried))
  }

  private mutating func leave(_ number: Int) -> [KeptDoing] {
    guard lines.removeValue(forKey: number) != nil else { return [] }
    return [.drop(number)]
  }
}
