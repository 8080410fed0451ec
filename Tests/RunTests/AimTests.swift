// When blows are fired: spread over the interval, or aimed at a part of it.

internal import TakeoverModel
internal import TakeoverRun
internal import Testing

@Suite struct `The aim of a blow` {
  private func at(_ milliseconds: Int64) -> Moment { Moment(nanoseconds: milliseconds * 1_000_000) }

  @Test func `every tenth of an interval gets its share of a hundred trials`() {
    for phase in [Phase.stratified, .any] {
      var tenths = [Int](repeating: 0, count: 10)
      for repetition in 1...100 {
        let part =
          phase.aim(repetition: repetition)
          ?? Double(Aim.delay(of: repetition, within: .seconds(1)).nanoseconds) / 1e9
        tenths[Int(part * 10)] += 1
      }
      #expect(tenths.allSatisfy { (8...12).contains($0) }, "\(phase): \(tenths)")
    }
  }

  @Test func `no trial waits for ever`() {
    #expect(Aim.delay(of: 2, within: .seconds(255)) < .seconds(10))
    #expect(Aim.delay(of: 2, within: .zero) == .zero)
  }

  @Test func `an aimed blow falls after the last advertisement, or a whole interval later`() {
    let aim = { now in Aim.moment(0.25, after: at(1000), every: .milliseconds(100), from: at(now)) }
    #expect(aim(1001) == at(1025))
    #expect(aim(1023) == at(1025))
    #expect(aim(1024) == at(1125), "too near to be waited for")
    #expect(aim(1026) == at(1125))
    #expect(aim(1524) == at(1625))
  }

  @Test func `a phase is any, stratified, or a part below one`() {
    #expect(Phase("any") == .any)
    #expect(Phase("stratified") == .stratified)
    #expect(Phase("0.25") == .part(0.25))
    #expect(Phase("0") == .part(0))
    for text in ["1", "-0.1", "1.5", "nan", "0x0", "", "some", "."] { #expect(Phase(text) == nil) }
  }
}
