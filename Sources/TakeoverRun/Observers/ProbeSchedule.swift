// When which question is asked, and which are still open. Pure: moments in, questions out.

import TakeoverModel

/// An open schedule: a late answer never delays the next question. Every address is asked once a
/// period; several addresses are asked one after the other within it.
struct ProbeSchedule {
  struct Question: Hashable, Sendable {
    var address: IPAddress
    /// Counts the periods since the start, from 0; a slot that was missed leaves a gap.
    var sequence: Int
  }

  struct Open: Hashable, Sendable {
    var question: Question
    var sent: Moment
    var answers: [Probe.Answer] = []
  }

  /// More answers to one question say nothing new.
  private static let mostAnswers = 16

  let period: Int64
  let wait: Int64
  private let addresses: [IPAddress]
  private let start: Moment
  /// Which slot comes next: addresses.count slots make a period.
  private var slot = 0
  private var open: [Question: Open] = [:]
  /// The open questions in the order they were sent, closed ones among them, from `oldest` on.
  private var order: [(question: Question, sent: Moment)] = []
  private var oldest = 0

  /// `period` and `wait` in nanoseconds.
  init(addresses: [IPAddress], period: Int64, wait: Int64, from start: Moment) {
    self.addresses = addresses
    self.period = max(period, 1)
    self.wait = wait
    self.start = start
  }

  /// When there is something to do next: a question to ask, or one to give up.
  var nextMoment: Moment {
    let expiry = oldest < order.count ? order[oldest].sent.nanoseconds &+ wait : .max
    return Moment(nanoseconds: min(addresses.isEmpty ? .max : due(slot), expiry))
  }

  /// The questions to be asked now. Slots that were missed by more than a period are left out: a
  /// burst of questions would say nothing about the time that is gone.
  mutating func due(at now: Moment) -> [Question] {
    guard !addresses.isEmpty else { return [] }
    let late = now.nanoseconds &- due(slot)
    if late > period { slot += Int(late / period) * addresses.count }
    var questions: [Question] = []
    while due(slot) <= now.nanoseconds {
      questions.append(
        Question(address: addresses[slot % addresses.count], sequence: slot / addresses.count))
      slot += 1
    }
    return questions
  }

  mutating func asked(_ question: Question, at sent: Moment) {
    open[question] = Open(question: question, sent: sent)
    order.append((question, sent))
  }

  /// The open question that an answer without a number belongs to: the last one asked before it.
  func latest(to address: IPAddress, notAfter moment: Moment) -> Question? {
    order[oldest...].last {
      $0.question.address == address && $0.sent <= moment && open[$0.question] != nil
    }?.question
  }

  /// Returns the question with its answers; nil when it is not open, or the answer came too late.
  @discardableResult
  mutating func answered(_ question: Question, _ answer: Probe.Answer) -> Open? {
    guard var entry = open[question], answer.at.nanoseconds <= entry.sent.nanoseconds &+ wait,
      entry.answers.count < Self.mostAnswers
    else { return nil }
    entry.answers.append(answer)
    open[question] = entry
    return entry
  }

  @discardableResult
  mutating func close(_ question: Question) -> Open? { open.removeValue(forKey: question) }

  /// Closes the questions whose wait is over, the oldest first.
  mutating func closeExpired(at now: Moment) -> [Open] {
    var expired: [Open] = []
    while oldest < order.count {
      let (question, sent) = order[oldest]
      guard open[question] == nil || sent.nanoseconds &+ wait <= now.nanoseconds else { break }
      if let entry = open.removeValue(forKey: question) { expired.append(entry) }
      oldest += 1
    }
    if oldest > 1_000, oldest * 2 > order.count {
      order.removeFirst(oldest)
      oldest = 0
    }
    return expired
  }

  private func due(_ slot: Int) -> Int64 {
    let (round, place) = slot.quotientAndRemainder(dividingBy: addresses.count)
    return start.nanoseconds &+ Int64(round) &* period
      &+ Int64(place) &* period / Int64(addresses.count)
  }
}
