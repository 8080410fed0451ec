// The probes' schedule, with moments turned by hand.

import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `The probe schedule` {
  private let one = IPAddress.v4(1)
  private let two = IPAddress.v4(2)

  private func schedule(_ addresses: [IPAddress]? = nil) -> ProbeSchedule {
    ProbeSchedule(addresses: addresses ?? [one], period: 10, wait: 35, from: at(100))
  }

  private func at(_ nanoseconds: Int64) -> Moment { Moment(nanoseconds: nanoseconds) }

  @Test func `a question is due once a period, whatever became of the ones before`() {
    var schedule = schedule()
    #expect(schedule.due(at: at(99)) == [])
    var sequences: [Int] = []
    for moment in stride(from: Int64(100), through: 150, by: 5) {
      for question in schedule.due(at: at(moment)) {
        schedule.asked(question, at: at(moment))
        sequences.append(question.sequence)
      }
    }
    #expect(sequences == [0, 1, 2, 3, 4, 5])
  }

  @Test func `several addresses are asked one after the other within a period`() {
    var schedule = schedule([one, two])
    #expect(schedule.due(at: at(100)) == [.init(address: one, sequence: 0)])
    #expect(schedule.nextMoment == at(105))
    #expect(schedule.due(at: at(105)) == [.init(address: two, sequence: 0)])
    #expect(schedule.due(at: at(110)) == [.init(address: one, sequence: 1)])
  }

  @Test func `a thread that was late leaves out what it missed and does not catch up in a burst`() {
    var schedule = schedule([one, two])
    _ = schedule.due(at: at(105))
    let questions = schedule.due(at: at(1_003))
    #expect(questions.count <= 3)
    #expect(questions.allSatisfy { $0.sequence >= 89 })
    #expect(schedule.nextMoment > at(1_003))
  }

  @Test func `a question without an answer is given up when its wait is over, and not before`() {
    var schedule = schedule()
    let question = schedule.due(at: at(100))[0]
    schedule.asked(question, at: at(101))
    #expect(schedule.closeExpired(at: at(135)) == [])
    #expect(schedule.closeExpired(at: at(136)) == [.init(question: question, sent: at(101))])
    #expect(schedule.closeExpired(at: at(500)) == [])
  }

  @Test func `the next moment is the next question's or the end of the oldest wait`() {
    var schedule = ProbeSchedule(addresses: [one], period: 100, wait: 35, from: at(0))
    let question = schedule.due(at: at(0))[0]
    schedule.asked(question, at: at(2))
    #expect(schedule.nextMoment == at(37))
    _ = schedule.closeExpired(at: at(37))
    #expect(schedule.nextMoment == at(100))
  }

  @Test func `an answer that comes after the wait is none`() {
    var schedule = schedule()
    let question = schedule.due(at: at(100))[0]
    schedule.asked(question, at: at(100))
    #expect(schedule.answered(question, .init(at: at(136), mac: nil)) == nil)
    #expect(schedule.answered(question, .init(at: at(135), mac: nil))?.answers.count == 1)
    schedule.close(question)
    #expect(schedule.answered(question, .init(at: at(135), mac: nil)) == nil)
    #expect(schedule.closeExpired(at: at(200)) == [])
  }

  @Test func `an answer without a number belongs to the last question before it`() {
    var schedule = schedule([one, two])
    for moment in stride(from: Int64(100), through: 130, by: 5) {
      for question in schedule.due(at: at(moment)) { schedule.asked(question, at: at(moment)) }
    }
    #expect(schedule.latest(to: one, notAfter: at(119))?.sequence == 1)
    #expect(schedule.latest(to: two, notAfter: at(119))?.sequence == 1)
    #expect(schedule.latest(to: two, notAfter: at(104)) == nil)
  }

  @Test func `nothing to ask is nothing to do`() {
    var schedule = schedule([])
    #expect(schedule.due(at: at(1_000_000)) == [])
    #expect(schedule.nextMoment == at(.max))
  }

  @Test func `a long run does not keep what is settled`() {
    var schedule = schedule()
    var expired = 0
    for moment in stride(from: Int64(100), to: 100_100, by: 10) {
      expired += schedule.closeExpired(at: at(moment)).count
      for question in schedule.due(at: at(moment)) { schedule.asked(question, at: at(moment)) }
    }
    #expect(expired == 9_996)
  }
}
