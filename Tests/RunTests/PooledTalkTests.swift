// A client with a pool of connections, with moments turned by hand: which requests fail, and which are
// sent again.

import TakeoverModel
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite struct `A pool of connections` {
  private static let address = IPAddress.v4(1)
  private static let good = HTTPAnswer(status: 200, via: "a", server: "web1", keepsOpen: true)

  private static func at(_ milliseconds: Int64) -> Moment {
    Moment(nanoseconds: milliseconds * 1_000_000)
  }

  private struct Stage {
    var talk = PooledTalk(
      to: [address], from: "client", every: .milliseconds(20), limit: .seconds(1),
      at: `A pool of connections`.at(0))

    mutating func due(_ now: Int64) -> [KeptDoing] { talk.due(at: at(now)) { _ in true } }

    mutating func take(_ happening: KeptHappening, _ number: Int, _ from: Int64, _ to: Int64)
      -> [KeptDoing]
    {
      talk.take(happening, of: number, within: Interval(at(from), at(to)))
    }

    /// One connection, on which one request was answered.
    static func served() -> Stage {
      var stage = Stage()
      _ = stage.due(0)
      _ = stage.take(.opened, 1, 0, 1)
      _ = stage.take(.answered(good, at: at(2)), 1, 1, 2)
      _ = stage.talk.observations()
      return stage
    }

    var requests: [RequestSeen] {
      mutating get {
        talk.observations().compactMap {
          if case .request(let seen) = $0.event { seen } else { nil }
        }
      }
    }
  }

  @Test func `keeps one for the next request`() {
    var stage = Stage()
    #expect(stage.due(0) == [.open(1, Self.address)])
    #expect(stage.take(.opened, 1, 0, 1) == [.send(1)])
    #expect(stage.talk.isWaiting)
    #expect(stage.take(.answered(Self.good, at: Self.at(2)), 1, 1, 2) == [])
    #expect(!stage.talk.isWaiting)
    #expect(stage.due(20) == [.send(1)])
    #expect(stage.take(.answered(Self.good, at: Self.at(21)), 1, 20, 22) == [])
    let requests = stage.requests
    #expect(requests.map(\.sequence) == [0, 1])
    #expect(requests.map(\.sent) == [Self.at(0), Self.at(20)])
    #expect(requests.allSatisfy { $0.isGood && $0.isRetried == nil && $0.by == "a/web1" })
  }

  @Test func `begins a request by the return of the first call for it`() {
    var stage = Stage()
    _ = stage.due(0)
    stage.talk.begun(on: 1, by: Self.at(3))
    _ = stage.take(.opened, 1, 3, 8)
    stage.talk.begun(on: 1, by: Self.at(9))
    _ = stage.take(.answered(Self.good, at: Self.at(12)), 1, 9, 12)
    stage.talk.begun(on: 1, by: Self.at(15))
    #expect(stage.requests.map(\.asked) == [Interval(Self.at(0), Self.at(3))])

    // The kernel had the answer before the call was back.
    _ = stage.due(20)
    stage.talk.begun(on: 1, by: Self.at(25))
    _ = stage.take(.answered(Self.good, at: Self.at(22)), 1, 20, 26)
    let seen = stage.requests.first
    #expect(seen?.asked == Interval(Self.at(20), Self.at(25)))
    #expect(seen?.until == Interval(at: Self.at(22)))
  }

  @Test func `sent again, a request began when it was sent first`() {
    var stage = Stage.served()
    _ = stage.due(20)
    stage.talk.begun(on: 1, by: Self.at(21))
    _ = stage.take(.ended(.reset, hasBegun: false), 1, 21, 25)
    stage.talk.begun(on: 2, by: Self.at(27))
    _ = stage.take(.opened, 2, 27, 28)
    _ = stage.take(.answered(Self.good, at: Self.at(29)), 2, 28, 29)
    #expect(stage.requests.map(\.asked) == [Interval(Self.at(20), Self.at(21))])
  }

  @Test func `makes another where the first is busy, for a late answer delays nobody`() {
    var stage = Stage.served()
    #expect(stage.due(20) == [.send(1)])
    #expect(stage.due(40) == [.open(2, Self.address)])
    #expect(stage.take(.opened, 2, 40, 41) == [.send(2)])
    #expect(stage.take(.answered(Self.good, at: Self.at(42)), 2, 41, 42) == [])
    #expect(stage.due(60) == [.send(2)])
  }

  @Test func `sends again what died with a connection that had been kept`() {
    var stage = Stage.served()
    #expect(stage.due(20) == [.send(1)])
    #expect(
      stage.take(.ended(.reset, hasBegun: false), 1, 20, 25) == [.open(2, Self.address), .drop(1)])
    #expect(stage.requests.isEmpty)
    #expect(stage.take(.opened, 2, 25, 26) == [.send(2)])
    _ = stage.take(.answered(Self.good, at: Self.at(27)), 2, 26, 27)
    let requests = stage.requests
    #expect(requests.map(\.isRetried) == [true])
    #expect(requests.first?.sent == Self.at(20))
    #expect(requests.first?.isGood == true)
  }

  @Test func `sends nothing again twice, nor what had begun to be answered, nor on a new one`() {
    var stage = Stage.served()
    _ = stage.due(20)
    _ = stage.take(.ended(.reset, hasBegun: false), 1, 20, 25)
    #expect(stage.take(.ended(.refused, hasBegun: false), 2, 25, 26) == [.drop(2)])
    #expect(stage.requests.map(\.fate) == [.refused])

    var begun = Stage.served()
    _ = begun.due(20)
    #expect(begun.take(.ended(.closed, hasBegun: true), 1, 20, 25) == [.drop(1)])
    #expect(begun.requests.map(\.fate) == [.closed])

    var new = Stage()
    _ = new.due(0)
    _ = new.take(.opened, 1, 0, 1)
    #expect(new.take(.ended(.reset, hasBegun: false), 1, 1, 3) == [.drop(1)])
    let requests = new.requests
    #expect(requests.map(\.fate) == [.reset])
    #expect(requests.first?.until == Interval(Self.at(1), Self.at(3)))
  }

  @Test func `gives a request up after its limit, with its connection`() {
    var stage = Stage.served()
    #expect(stage.due(20) == [.send(1)])
    let doings = stage.due(1_020)
    #expect(doings.first == .drop(1))
    let requests = stage.requests
    #expect(requests.map(\.fate) == [.timeout])
    #expect(requests.first?.until == Interval(at: Self.at(1_020)))
    #expect(requests.first?.isAcknowledged == true)
    #expect(stage.take(.answered(Self.good, at: Self.at(1_030)), 1, 1_020, 1_030) == [])
  }

  @Test func `forgets one that ends while it is idle`() {
    var stage = Stage.served()
    #expect(stage.take(.ended(.closed, hasBegun: false), 1, 5, 10) == [.drop(1)])
    #expect(stage.due(20) == [.open(2, Self.address)])
    #expect(stage.requests.isEmpty)
  }

  @Test func `does not hold more than a process may have open`() {
    var slow = PooledTalk(
      to: [Self.address], from: "client", every: .milliseconds(1), limit: .seconds(10),
      at: Self.at(0))
    var open = 0
    for time in 0..<Int64(1_000) {
      open += slow.due(at: Self.at(time)) { _ in nil }.count
    }
    #expect(open == 300)
    let unsent = slow.observations().count {
      if case .request(let seen) = $0.event { seen.fate == .unsent } else { false }
    }
    #expect(unsent == 700)
  }
}
