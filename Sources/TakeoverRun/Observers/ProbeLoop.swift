// The thread of a probe: asks on time, takes answers as they come, writes down what became of each
// question.

import TakeoverModel
import TakeoverWire

/// A way of asking whether somebody holds an address.
protocol Asking {
  /// Whether one answer settles a question, or all that come within the wait belong to it.
  var firstAnswerSettles: Bool { get }
  /// What tells of answers.
  var watched: [Watched] { get }
  mutating func ask(_ question: ProbeSchedule.Question) -> Asked
  /// All replies that are there. `ready`: which of `watched` are.
  mutating func replies(ready: ArraySlice<Bool>) throws -> [Reply]
  /// The question is settled or given up.
  mutating func forget(_ question: ProbeSchedule.Question)
  /// Whether it can ask about this address at all.
  func asks(about address: IPAddress) -> Bool
  /// How many answers were lost on the way to us since the last call.
  mutating func lostAnswers() throws -> Int
}

extension Asking {
  func asks(about address: IPAddress) -> Bool { true }
}

enum Asked: Hashable, Sendable {
  case sent
  /// Why it was not.
  case notSent(String)
}

struct Reply: Hashable, Sendable {
  var address: IPAddress
  /// nil: it does not say which question it answers.
  var sequence: Int?
  /// Nanoseconds since 1970, CLOCK_REALTIME.
  var at: Int64
  var mac: MACAddress?
  /// Why it is not a good answer; empty when it is.
  var trouble = ""
  /// False when it is our own kernel that replies: nobody else did.
  var isAnswer = true
}

struct ProbeLoop<Means: Asking> {
  private var means: Means
  private var schedule: ProbeSchedule
  private let vantage: String
  private let method: Probe.Method
  private let journal: any Journal
  private let origin: Int64

  /// `wait`: how long answers are waited for, nanoseconds. Without a `period` nothing is asked.
  init(
    _ means: Means, _ method: Probe.Method, from vantage: VantagePoint, of site: Site,
    period: Duration?, wait: Int64, journal: any Journal, clock: any RunClock
  ) {
    self.means = means
    self.vantage = vantage.name
    self.method = method
    self.journal = journal
    origin = clock.origin
    schedule = ProbeSchedule(
      addresses: period == nil ? [] : site.addresses.map(\.address).filter(means.asks),
      period: period?.nanoseconds ?? 0, wait: wait,
      from: Moment(nanoseconds: Realtime.nanoseconds() &- origin))
  }

  mutating func run(until stop: StopSignal) throws {
    while true {
      let next = schedule.nextMoment.nanoseconds
      let deadline = next == .max ? next : next &+ origin
      let ready = try Watched.wait(for: [stop.watched] + means.watched, until: deadline)
      if ready.first ?? true { return }
      // Read before the answers are taken: what came before it is among them.
      let now = self.now
      for reply in try means.replies(ready: ready.dropFirst()) { take(reply) }
      for open in schedule.closeExpired(at: now) { try giveUp(open) }
      for question in schedule.due(at: now) { ask(question) }
    }
  }

  private var now: Moment { Moment(nanoseconds: Realtime.nanoseconds() &- origin) }

  private mutating func ask(_ question: ProbeSchedule.Question) {
    let sent = now
    switch means.ask(question) {
    case .sent: schedule.asked(question, at: sent)
    case .notSent(let reason):
      record(question, sent: sent, until: now, answers: [], trouble: "not sent: \(reason)")
    }
  }

  private mutating func take(_ reply: Reply) {
    let at = Moment(nanoseconds: reply.at &- origin)
    let found =
      reply.sequence.map { ProbeSchedule.Question(address: reply.address, sequence: $0) }
      ?? schedule.latest(to: reply.address, notAfter: at)
    guard let question = found else { return }
    guard var open = schedule.answered(question, Probe.Answer(at: at, mac: reply.mac)),
      means.firstAnswerSettles
    else { return }
    if !reply.isAnswer { open.answers = [] }
    schedule.close(question)
    means.forget(question)
    record(question, sent: open.sent, until: at, answers: open.answers, trouble: reply.trouble)
  }

  private mutating func giveUp(_ open: ProbeSchedule.Open) throws {
    means.forget(open.question)
    var trouble = ""
    if open.answers.isEmpty {
      // Silence proves nothing when we may have been deaf.
      let lost = try means.lostAnswers()
      if lost > 0 { trouble = "\(lost) answers were lost: the receive buffer was full" }
    }
    record(
      open.question, sent: open.sent,
      until: open.answers.map(\.at).max() ?? open.sent + .nanoseconds(schedule.wait),
      answers: open.answers, trouble: trouble)
  }

  private func record(
    _ question: ProbeSchedule.Question, sent: Moment, until end: Moment,
    answers: [Probe.Answer], trouble: String
  ) {
    journal.record(
      Observation(
        when: Interval(sent, end), source: "\(vantage)/\(method.rawValue)",
        event: .probe(
          Probe(
            vantage: vantage, method: method, address: question.address,
            sequence: question.sequence, sent: sent, period: schedule.period, answers: answers,
            trouble: trouble))))
  }
}
