// What another machine's kernel knows of the addresses: the messages that its program hears, from
// lines to entries on the run's axis. Pure: lines and the bracket of that machine's clock in,
// observations out.

import TakeoverModel
import TakeoverWire

/// Lines: `W index` all entries are asked for, at the interface of that number; `T from to message` a
/// message (rtnetlink(7), in hexadecimal digits) that came between two looks, by the machine's clock.
struct RemoteNeighbours {
  private struct Waiting {
    /// By the machine's clock; `to` is the end of what its last digit may mean.
    var from: Int64
    var to: Int64
    var said: Said
    var heard: Moment
  }

  private enum Said {
    /// All entries of the interface of this number were asked for.
    case question(Int32)
    case messages([NetlinkMessage])
  }

  private let vantage: String
  private let addresses: [IPAddress]
  private var record: NeighbourRecord?
  private var waiting: [Waiting] = []

  init(_ vantage: VantagePoint, addresses: [IPAddress]) {
    self.vantage = vantage.name
    self.addresses = addresses
  }

  /// `words`: a line without its first word.
  mutating func takeQuestion(_ words: ArraySlice<Substring>, at now: Moment) {
    guard let index = words.first.flatMap({ Int32($0) }) else { return }
    waiting.append(Waiting(from: .min, to: .min, said: .question(index), heard: now))
  }

  mutating func takeMessage(_ words: ArraySlice<Substring>, at now: Moment) {
    let words = Array(words)
    guard words.count == 3, let from = NodeClock.reading(String(words[0])),
      let to = NodeClock.reading(String(words[1])), let bytes = Self.bytes(words[2])
    else { return }
    waiting.append(
      Waiting(
        from: from.nanoseconds, to: to.nanoseconds.saturatingPlus(to.resolution),
        said: .messages(NetlinkMessage.all(in: bytes)), heard: now))
  }

  private static func bytes(_ digits: Substring) -> [UInt8]? {
    let values = digits.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard values.count.isMultiple(of: 2), !values.contains(nil) else { return nil }
    let nibbles = values.compactMap { $0.map(UInt8.init) }
    return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }

  /// The changes whose place is as good as it will get, in their order; with `all`, every one.
  mutating func settle(by bracket: ClockBracket, at now: Moment, all: Bool) -> [Observation] {
    var done: [Observation] = []
    while let first = waiting.first {
      let messages: [NetlinkMessage]
      switch first.said {
      case .question(let index):
        if record == nil {
          record = NeighbourRecord(vantage: vantage, addresses: addresses, interface: index)
        }
        record?.asked()
        waiting.removeFirst()
        continue
      case .messages(let some): messages = some
      }
      let isRipe =
        all || bracket.isBracketed(first.to) || now.since(first.heard) > RemoteAsking.patience
      guard isRipe, let from = bracket.when(first.from)?.when, let to = bracket.when(first.to)?.when
      else { break }
      waiting.removeFirst()
      for entry in record?.take(messages) ?? [] {
        done.append(
          Observation(
            when: Interval(from.earliest, to.latest), source: "\(vantage)/neighbour-table",
            event: .neighbour(entry)))
      }
    }
    return done
  }
}
