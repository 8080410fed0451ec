// Checks that come late or cannot make up their mind: three runs, one every 2 s, ended after 500 ms.

import TakeoverKeepalived
import TakeoverModel
import Testing

@Suite struct `A prediction of checks` {
  @Test func `a delay beyond the timeout is a check that hangs`() throws {
    let pair = Prediction.pair()
    let slow = try pair.promise(
      of: .checkSlow("/etc/check", by: .milliseconds(600)), striking: .holder)
    #expect(slow == (try pair.promise(of: .checkHangs("/etc/check"), striking: .holder)))
    #expect(
      pair.silence(of: .checkSlow("/etc/check", by: .milliseconds(200)), striking: .holder)
        == "how much of the 300ms that are left to it the check itself takes is not known")
    #expect(
      try pair.promise(of: .checkSlow("/etc/other", by: .seconds(9)), striking: .holder).taker
        == nil)
    #expect(
      try pair.promise(of: .checkSlow("/etc/check", by: .seconds(9)), striking: .standby).taker
        == nil)
  }

  @Test func `a check that flaps fails in its first period, if that is long enough`() throws {
    let pair = Prediction.pair()
    func flaps(_ period: Duration) -> Consequence { .checkFlaps("/etc/check", every: period) }
    #expect(try pair.promise(of: flaps(.seconds(3)), striking: .holder).taker == nil)
    #expect(pair.silence(of: flaps(.seconds(5)), striking: .holder) != nil)
    let long = try pair.promise(of: flaps(.seconds(6)), striking: .holder)
    #expect(long == (try pair.promise(of: .checkFails("/etc/check"), striking: .holder)))
  }

  @Test func `a weight has to last until the standby has waited`() throws {
    let pair = Prediction.pair { a, b in
      a.checks[0].priorityLeft = 70
      b.preempts = true
    }
    #expect(
      pair.silence(of: .checkFlaps("/etc/check", every: .seconds(8)), striking: .holder) != nil)
    #expect(
      try pair.promise(of: .checkFlaps("/etc/check", every: .seconds(11)), striking: .holder).taker
        == "b")
  }
}
