// Another machine's probes without a machine: lines in, probes out, by a clock two hours off.

import TakeoverModel
import Testing

@testable import TakeoverRun

@Suite struct `Probes from elsewhere` {
  private static let origin: Int64 = 1_700_000_000_000_000_000
  private static let ahead: Int64 = -7_200_000_000_000
  private let vip = IPAddress.v4(0xac10_0064)

  private func asking() -> RemoteAsking {
    var asking = RemoteAsking(
      VantagePoint(name: "far", interface: "eth0", through: "desk"), of: [vip],
      Probing(arp: .milliseconds(20), echo: .milliseconds(10), connect: .milliseconds(10)))
    asking.add(sample(at: 0))
    return asking
  }

  /// Read in the middle of a round trip of 200 µs.
  private func sample(at microseconds: Int64) -> ClockBracket.Sample {
    let at = microseconds * 1_000
    return ClockBracket.Sample(
      sent: Moment(nanoseconds: at), node: Self.origin + Self.ahead + at + 100_000,
      received: Moment(nanoseconds: at + 200_000))
  }

  private func stamp(_ microseconds: Int64) -> String {
    let time = (Self.origin + Self.ahead) / 1_000 + microseconds
    let digits = String(time % 1_000_000)
    return "\(time / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private func at(_ microseconds: Int64) -> Moment { Moment(nanoseconds: microseconds * 1_000) }

  private func probes(_ observations: [Observation]) -> [Probe] {
    observations.compactMap { if case .probe(let probe) = $0.event { probe } else { nil } }
  }

  @Test func `an answer lies between a question not too late and its coming not too early`() throws
  {
    var asking = asking()
    let lines = "Q echo \(vip) 7 \(stamp(1_000))\nA echo \(vip) 7 \(stamp(1_300)) - ok\n"
    for piece in [lines.prefix(20), lines.dropFirst(20)] {
      asking.feed(Array(piece.utf8), at: at(1_500))
    }
    #expect(asking.hasBegun)
    #expect(asking.settle(at: at(1_600)) == [], "no reading after it is known")
    asking.add(sample(at: 2_000))
    let settled = asking.settle(at: at(2_300))
    #expect(settled.map(\.source) == ["far/echo"])
    let probe = try #require(probes(settled).first)
    #expect(probe.isGood && probe.sequence == 7 && probe.period == 10_000_000)
    #expect(probe.asked.contains(at(1_000)))
    #expect(probe.asked.width <= .microseconds(203))
    let answer = try #require(probe.answers.first)
    #expect(answer.at >= at(1_300) && answer.at < at(1_504))
    #expect(asking.settle(at: at(9_000)) == [], "once")
  }

  @Test func `everybody's answers to one round belong together, with their MACs`() throws {
    var asking = asking()
    let text = """
      Q arp \(vip) 1 \(stamp(0))
      A arp \(vip) 1 \(stamp(300)) 02:00:00:00:00:0a ok
      A arp \(vip) 1 \(stamp(400)) 02:00:00:00:00:0b ok
      Q arp \(vip) 2 \(stamp(20_000))
      Q arp \(vip) 5 \(stamp(80_000))

      """
    asking.feed(Array(text.utf8), at: at(80_100))
    asking.add(sample(at: 90_000))
    let found = probes(asking.settle(at: at(90_300)))
    #expect(found.map(\.sequence) == [1], "the others' answers may yet come")
    #expect(
      found.first?.answers.map(\.mac) == [
        MACAddress(bits: 0x0200_0000_000a), .init(bits: 0x0200_0000_000b),
      ])
    asking.feed(Array("Q arp \(vip) 6 \(stamp(100_000))\n".utf8), at: at(100_100))
    asking.add(sample(at: 100_200))
    let silent = probes(asking.settle(at: at(100_500)))
    #expect(silent.map(\.sequence) == [2])
    #expect(silent.first?.answers == [] && silent.first?.trouble == "")
  }

  @Test func `refusals are the holder's answers, the machine's own errors are none`() {
    var asking = asking()
    let text = """
      Q connect \(vip) 1 \(stamp(0))
      A connect \(vip) 1 \(stamp(100)) - refused
      Q connect \(vip) 2 \(stamp(10_000))
      A connect \(vip) 2 \(stamp(10_100)) - No route to host
      Q echo \(vip) 3 \(stamp(20_000))
      N echo \(vip) 3 \(stamp(20_100)) Network is unreachable

      """
    asking.feed(Array(text.utf8), at: at(30_000))
    asking.add(sample(at: 30_000))
    let found = probes(asking.settle(at: at(31_000)))
    #expect(found.map(\.answers.count) == [1, 0, 0])
    #expect(
      found.map(\.trouble)
        == ["refused", "no route to host", "not sent: Network is unreachable"])
    #expect(found.allSatisfy { !$0.isGood })
  }

  @Test func `silence while answers were lost is no proof, and a refusal is heard`() {
    var asking = asking()
    asking.feed(
      Array("Q echo \(vip) 1 \(stamp(0))\nD 3\nQ echo \(vip) 2 \(stamp(1_100_000))\n".utf8),
      at: at(1_100_100))
    asking.add(sample(at: 1_200_000))
    let found = probes(asking.settle(at: at(1_200_300)))
    #expect(found.first?.trouble == "3 answers were lost: the receive buffer was full")
    asking.feed(Array("E there is no interface eth9\n".utf8), at: at(1_300_000))
    #expect(asking.refusal == "there is no interface eth9")
  }

  /// What Linux says of an entry of interface 7 (RTM_NEWNEIGH 28), in hexadecimal
  /// digits: NUD_STALE, and `mac` behind the address.
  private func message(mac: String) -> String {
    let text = """
      30000000 1c00 0000 00000000 00000000 02 000000 07000000 0400 00 01
      08000100 ac100064 0a000200 \(mac) 0000
      """
    return text.filter(\.isHexDigit)
  }

  private let done = "14000000030002000000000000000000" + "00000000"

  @Test func `a neighbour entry changed after one look and before the next`() throws {
    var asking = asking()
    func feed(_ lines: String...) {
      asking.feed(Array((lines.joined(separator: "\n") + "\n").utf8), at: at(21_000))
    }
    let (a, b) = ("02000000000a", "02000000000b")
    for line in ["W 7"] + [message(mac: a), done].map({ "T \(stamp(0)) \(stamp(400)) \($0)" }) {
      feed(line)
    }
    feed("T \(stamp(10_000)) \(stamp(20_000)) \(message(mac: b))")
    #expect(asking.settle(at: at(21_000)) == [], "no reading after it is known")
    asking.add(sample(at: 30_000))
    let settled = asking.settle(at: at(31_000))
    #expect(settled.map(\.source) == ["far/neighbour-table", "far/neighbour-table"])
    let entries = settled.compactMap {
      if case .neighbour(let entry) = $0.event { entry } else { nil }
    }
    #expect(entries.map(\.vantage) == ["far", "far"])
    #expect(entries.map(\.mac?.bits) == [0x0200_0000_000a, 0x0200_0000_000b])
    #expect(entries.map(\.state) == [.stale, .stale])
    let when = try #require(settled.last?.when)
    #expect(when.contains(at(10_000)) && when.contains(at(20_000)))
    #expect(when.width < .microseconds(10_250), "\(when.width)")
    // Asked for again, it is not named: it is gone.
    feed("W 7", "T \(stamp(40_000)) \(stamp(40_100)) \(done)")
    let last = asking.settle(at: at(50_000), all: true).last
    let gone = NeighbourEntry(vantage: "far", address: vip, mac: nil, state: .none)
    #expect(last?.event == .neighbour(gone))
  }

  @Test func `whatever a stream says, nothing traps`() {
    var asking = asking()
    let words = [
      "Q", "A", "N", "D", "E", "arp", "echo", "\(vip)", "::1", "-1", "99999999999999999999",
      "1.5", stamp(0), "-", "ok", "", "W", "T", "7", "0g", message(mac: "02000000000a"), done,
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      let line = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        words.randomElement(using: &generator) ?? ""
      }
      asking.feed(Array((line.joined(separator: " ") + "\n").utf8), at: at(1))
    }
    _ = asking.settle(at: at(99_000_000), all: true)
  }
}
