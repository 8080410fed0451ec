// Another machine's kept connections without a machine: lines in, observations out, by a clock two hours
// off.

import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `Kept connections from elsewhere` {
  private static let origin: Int64 = 1_700_000_000_000_000_000
  private static let ahead: Int64 = -7_200_000_000_000
  private static let vip = IPAddress.v4(0xac10_0064)

  private func kept() -> RemoteKept {
    RemoteKept(
      VantagePoint(name: "far", interface: "eth0", through: "desk"),
      Probing(held: .milliseconds(100), requests: .milliseconds(20)))
  }

  /// Readings in the middle of round trips of 200 µs, at these times.
  private func bracket(_ microseconds: Int64...) -> ClockBracket {
    var bracket = ClockBracket()
    for at in microseconds.map({ $0 * 1_000 }) {
      bracket.add(
        ClockBracket.Sample(
          sent: Moment(nanoseconds: at), node: Self.origin + Self.ahead + at + 100_000,
          received: Moment(nanoseconds: at + 200_000)))
    }
    return bracket
  }

  private func stamp(_ microseconds: Int64) -> String {
    let time = (Self.origin + Self.ahead) / 1_000 + microseconds
    let digits = String(time % 1_000_000)
    return "\(time / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private func at(_ microseconds: Int64) -> Moment { Moment(nanoseconds: microseconds * 1_000) }

  private var lines: [UInt8] {
    let (from, to) = (stamp(2_000), stamp(2_500))
    return Array(
      """
      C held \(Self.vip) 1 \(stamp(1_000)) \(stamp(1_400)) -
      R held \(Self.vip) 1 7 \(stamp(1_500)) \(from) \(to) answered 200 a web1 - -
      R held \(Self.vip) 1 8 \(stamp(3_000)) - \(stamp(503_000)) pending - - - 0 -
      R pooled \(Self.vip) 4 9 \(stamp(3_000)) \(stamp(3_500)) \(stamp(3_600)) reset - - - - 1
      C held \(Self.vip) 1 \(stamp(3_500)) \(stamp(3_600)) failed No buffer space

      """.utf8)
  }

  @Test func `are placed by the readings around them, and in their order`() throws {
    var kept = kept()
    kept.feed(lines, at: at(600_000))
    #expect(kept.settle(by: bracket(0), at: at(600_100), all: false) == [])
    let seen = kept.settle(by: bracket(0, 700_000), at: at(700_300), all: false)
    #expect(
      seen.map(\.source) == [
        "far/held", "far/held", "far/held", "far/requests", "far/held",
      ])
    guard case .connection(let stands) = seen[0].event, case .request(let good) = seen[1].event,
      case .request(let pending) = seen[2].event, case .request(let lost) = seen[3].event,
      case .connection(let broken) = seen[4].event
    else {
      Issue.record("\(seen)")
      return
    }
    #expect(stands.end == nil && stands.connection == 1)
    #expect(seen[0].when.contains(Interval(at(1_000), at(1_400))))
    #expect(good.isGood && good.by == "a/web1" && good.sequence == 7 && good.period == 100_000_000)
    #expect(good.asked.contains(at(1_500)) && good.asked.width < .microseconds(400))
    #expect(try #require(good.until).contains(Interval(at(2_000), at(2_500))))
    #expect(pending.until == nil && pending.isAcknowledged == false)
    #expect(seen[2].when.latest >= at(503_000))
    #expect(lost.keeping == .pooled && lost.fate == .reset && lost.isRetried == true)
    #expect(lost.period == 20_000_000 && lost.isAcknowledged == nil)
    #expect(broken.end == .failed && broken.trouble == "No buffer space")
    #expect(kept.settle(by: bracket(0, 700_000), at: at(900_000), all: true) == [], "once")
  }

  @Test func `come in pieces as they come at once, and wait for no reading for ever`() {
    var whole = kept()
    whole.feed(lines, at: at(600_000))
    let expected = whole.settle(by: bracket(0), at: at(9_000_000), all: false)
    #expect(expected.count == 5)
    for cut in lines.indices {
      var kept = kept()
      for piece in [lines[..<cut], lines[cut...]] { kept.feed(Array(piece), at: at(600_000)) }
      #expect(kept.settle(by: bracket(0), at: at(9_000_000), all: false) == expected, "\(cut)")
    }
  }

  @Test func `that cannot be are told, and noise is none`() {
    var kept = kept()
    kept.feed(Array("E there is no socket\nE again\n".utf8), at: at(0))
    #expect(kept.refusal == "there is no socket")
    var random = SystemRandomNumberGenerator()
    let words = lines.split(separator: UInt8(ascii: " ")).map(Array.init)
    for _ in 0..<2_000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        text += words.randomElement(using: &random) ?? []
        text.append(
          [0x20, 0x0a, 0x2d, .random(in: .min ... .max, using: &random)]
            .randomElement(using: &random) ?? 0)
      }
      kept.feed(text + [0x0a], at: at(0))
      for seen in kept.settle(by: bracket(0), at: at(9_000_000), all: true) {
        #expect(seen.when.earliest <= seen.when.latest)
      }
    }
  }
}
