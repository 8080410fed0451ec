// A client that holds a connection, with moments turned by hand: what it does, and what it writes down.

import TakeoverModel
import TakeoverWire
import Testing

@testable import TakeoverRun

@Suite struct `A held connection` {
  private static let address = IPAddress.v4(1)
  private static let good = HTTPAnswer(status: 200, via: "a", server: "web1", keepsOpen: true)

  private static func at(_ milliseconds: Int64) -> Moment {
    Moment(nanoseconds: milliseconds * 1_000_000)
  }

  private static func within(_ from: Int64, _ to: Int64) -> Interval { Interval(at(from), at(to)) }

  private struct Stage {
    var talk = HeldTalk(
      to: [address], from: "client", every: .milliseconds(100), at: `A held connection`.at(0))

    mutating func due(_ now: Int64, acknowledged: Bool? = nil) -> [KeptDoing] {
      talk.due(at: at(now)) { _ in acknowledged }
    }

    mutating func take(_ happening: KeptHappening, _ number: Int, _ from: Int64, _ to: Int64)
      -> [KeptDoing]
    {
      talk.take(happening, of: number, within: within(from, to))
    }

    /// Opened at 1 ms, served at 101 ms.
    static func served() -> Stage {
      var stage = Stage()
      _ = stage.due(0)
      _ = stage.take(.opened, 1, 0, 1)
      _ = stage.due(100)
      _ = stage.take(.answered(good, at: at(101)), 1, 100, 101)
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

  @Test func `is opened once and asked on once a period`() {
    var stage = Stage()
    #expect(stage.due(0) == [.open(1, Self.address)])
    #expect(stage.due(50) == [])
    #expect(stage.take(.opened, 1, 0, 1) == [])
    #expect(stage.talk.nextMoment == Self.at(100))
    #expect(stage.due(100) == [.send(1)])
    #expect(stage.take(.answered(Self.good, at: Self.at(101)), 1, 100, 102) == [])
    #expect(stage.due(150) == [])
    #expect(stage.due(430) == [.send(1)])
    #expect(stage.take(.answered(Self.good, at: Self.at(431)), 1, 430, 432) == [])
    #expect(stage.due(499) == [])
    #expect(stage.due(500) == [.send(1)])
    let seen = stage.talk.observations()
    #expect(seen.count == 3)
    #expect(seen[0].event == .connection(Self.connection(1, nil)))
    #expect(seen[0].when == Self.within(0, 1))
    #expect(
      seen[1].event
        == .request(
          RequestSeen(
            vantage: "client", keeping: .held, address: Self.address, connection: 1, sequence: 0,
            sent: Self.at(100), period: 100_000_000, fate: .answered,
            until: Interval(at: Self.at(101)), status: 200, via: "a", server: "web1")))
    #expect(stage.talk.observations().isEmpty)
  }

  private static func connection(_ number: Int, _ end: Fate?) -> ConnectionSeen {
    ConnectionSeen(
      vantage: "client", keeping: .held, address: address, connection: number, end: end)
  }

  @Test func `is asked by the return of the call that sends`() {
    var stage = Stage.served()
    _ = stage.due(200)
    stage.talk.begun(on: 1, by: Self.at(203))
    _ = stage.due(700, acknowledged: true)
    _ = stage.take(.answered(Self.good, at: Self.at(900)), 1, 890, 901)
    #expect(stage.requests.map(\.asked) == Array(repeating: Self.within(200, 203), count: 2))
    // Nobody asks on it now.
    stage.talk.begun(on: 1, by: Self.at(950))
    _ = stage.due(1_000)
    _ = stage.take(.ended(.reset, hasBegun: false), 1, 1_000, 1_001)
    #expect(stage.requests.map(\.asked) == [Interval(at: Self.at(1_000))])
  }

  @Test func `that is reset under a request ends with it, and a new one is made`() {
    var stage = Stage.served()
    #expect(stage.due(200) == [.send(1)])
    #expect(stage.take(.ended(.reset, hasBegun: false), 1, 190, 620) == [.drop(1)])
    let seen = stage.talk.observations()
    // It cannot have ended before it was asked on.
    #expect(seen.map(\.when) == [Self.within(200, 620), Self.within(200, 620)])
    #expect(seen.last?.event == .connection(Self.connection(1, .reset)))
    #expect(stage.due(621) == [.open(2, Self.address)])
  }

  @Test func `that ends while nobody asks loses no request`() {
    var stage = Stage.served()
    #expect(stage.take(.ended(.closed, hasBegun: false), 1, 150, 160) == [.drop(1)])
    #expect(
      stage.talk.observations().map(\.event) == [.connection(Self.connection(1, .closed))])
    #expect(stage.due(200) == [.open(2, Self.address)])
  }

  @Test func `whose server wants it closed is closed after the answer`() {
    var stage = Stage.served()
    _ = stage.due(200)
    let last = HTTPAnswer(status: 200, via: nil, server: nil, keepsOpen: false)
    #expect(stage.take(.answered(last, at: Self.at(201)), 1, 200, 202) == [.drop(1)])
    #expect(stage.talk.observations().last?.event == .connection(Self.connection(1, .closed)))
  }

  @Test func `that is silent is told of twice a second, with what the kernel knows`() {
    var stage = Stage.served()
    _ = stage.due(200)
    #expect(stage.due(699) == [])
    #expect(stage.requests == [])
    #expect(stage.due(700, acknowledged: true) == [])
    let pending = stage.requests
    #expect(pending.map(\.fate) == [.pending])
    #expect(pending.first?.isAcknowledged == true)
    #expect(pending.first?.until == nil)
    #expect(pending.first?.sent == Self.at(200))
    #expect(stage.talk.nextMoment == Self.at(1_200))
  }

  @Test func `that recovers goes on as if nothing had been`() {
    var stage = Stage.served()
    _ = stage.due(200)
    for time in stride(from: Int64(700), through: 4_700, by: 500) { #expect(stage.due(time) == []) }
    #expect(stage.take(.answered(Self.good, at: Self.at(4_800)), 1, 4_790, 4_801) == [])
    #expect(stage.requests.last?.until == Interval(at: Self.at(4_800)))
    #expect(stage.due(4_900) == [.send(1)])
  }

  @Test func `that stays silent is watched beside the next one, until it recovers`() {
    var stage = Stage.served()
    _ = stage.due(200)
    for time in stride(from: Int64(700), to: 5_200, by: 500) { #expect(stage.due(time) == []) }
    #expect(stage.due(5_200) == [.open(2, Self.address)])
    #expect(stage.take(.opened, 2, 5_200, 5_201) == [])
    #expect(stage.due(5_300) == [.send(2)])
    _ = stage.take(.answered(Self.good, at: Self.at(5_301)), 2, 5_300, 5_302)
    _ = stage.talk.observations()
    #expect(stage.take(.answered(Self.good, at: Self.at(7_000)), 1, 6_990, 7_000) == [.drop(1)])
    #expect(stage.requests.map(\.connection) == [1])
  }

  @Test func `that never says anything again is given up in the end`() {
    var stage = Stage.served()
    _ = stage.due(200)
    var doings: [KeptDoing] = []
    for time in stride(from: Int64(700), through: 120_200, by: 500) {
      for doing in stage.due(time) {
        doings.append(doing)
        if case .open(let number, _) = doing {
          _ = stage.take(.ended(.refused, hasBegun: false), number, time, time)
        }
      }
    }
    #expect(doings.contains(.drop(1)))
    let fates = stage.requests.filter { $0.connection == 1 }.map(\.fate)
    #expect(fates.last == .abandoned)
    #expect(Set(fates.dropLast()) == [.pending])
  }

  @Test func `that cannot be made is tried once a period, and not waited for longer than a second`()
  {
    var stage = Stage()
    #expect(stage.due(0) == [.open(1, Self.address)])
    #expect(stage.take(.ended(.refused, hasBegun: false), 1, 0, 1) == [.drop(1)])
    #expect(stage.due(100) == [.open(2, Self.address)])
    #expect(stage.due(999) == [])
    #expect(stage.due(1_000) == [.drop(2), .open(3, Self.address)])
    let ends = stage.talk.observations().compactMap {
      if case .connection(let seen) = $0.event { seen.end } else { nil }
    }
    #expect(ends == [.refused, .timeout])
  }

  @Test func `to each of several addresses is asked on at a time of its own`() {
    var talk = HeldTalk(
      to: [.v4(1), .v4(2)], from: "client", every: .milliseconds(100), at: Self.at(0))
    #expect(talk.due(at: Self.at(0)) { _ in nil } == [.open(1, .v4(1))])
    #expect(talk.nextMoment == Self.at(50))
    #expect(talk.due(at: Self.at(50)) { _ in nil } == [.open(2, .v4(2))])
  }
}
