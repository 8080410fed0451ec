// What another machine's client with kept connections says, from its program's lines to observations on
// the run's axis. Pure: pieces of the stream and the bracket of that machine's clock in.

import TakeoverModel

struct RemoteKept {
  private struct Waiting {
    /// By the machine's clock, the ends of what their last digits may mean included.
    var sent: (from: Int64, to: Int64)?
    var from: Int64?
    var to: Int64
    var heard: Moment
    var event: Event
  }

  private let vantage: String
  private let probing: Probing
  private var rest: [UInt8] = []
  private var waiting: [Waiting] = []
  /// Why the program cannot go on.
  private(set) var refusal: String?

  init(_ vantage: VantagePoint, _ probing: Probing) {
    self.vantage = vantage.name
    self.probing = probing
  }

  /// What is no line of the program's is left out.
  mutating func feed(_ bytes: [UInt8], at now: Moment) {
    rest += bytes
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return }
    for line in rest[..<end].split(separator: UInt8(ascii: "\n")) {
      take(String(decoding: line, as: UTF8.self).split(separator: " "), at: now)
    }
    rest.removeFirst(end + 1)
  }

  private mutating func take(_ words: [Substring], at now: Moment) {
    switch words.first {
    case "E": refusal = refusal ?? words.dropFirst().joined(separator: " ")
    case "C" where words.count >= 7: takeConnection(words, at: now)
    case "R" where words.count == 14: takeRequest(words, at: now)
    default: break
    }
  }

  private mutating func takeConnection(_ words: [Substring], at now: Moment) {
    guard let keeping = Keeping(rawValue: String(words[1])), let address = IPAddress(words[2]),
      let number = Int(words[3]), let from = Self.stamp(words[4]), let to = Self.stamp(words[5])
    else { return }
    let end = Fate(rawValue: String(words[6]))
    guard end != nil || words[6] == "-" else { return }
    waiting.append(
      Waiting(
        sent: nil, from: from.from, to: to.to, heard: now,
        event: .connection(
          ConnectionSeen(
            vantage: vantage, keeping: keeping, address: address, connection: number, end: end,
            trouble: words[7...].joined(separator: " ")))))
  }

  private mutating func takeRequest(_ words: [Substring], at now: Moment) {
    guard let keeping = Keeping(rawValue: String(words[1])), let address = IPAddress(words[2]),
      let connection = Int(words[3]), let sequence = Int(words[4]),
      let sent = Self.stamp(words[5]), let to = Self.stamp(words[7]),
      let fate = Fate(rawValue: String(words[8]))
    else { return }
    let from = Self.stamp(words[6])?.from
    guard (from == nil) == (fate == .pending) else { return }
    let period = keeping == .held ? probing.held : probing.requests
    let isAcknowledged: Bool? = words[12] == "1" ? true : words[12] == "0" ? false : nil
    waiting.append(
      Waiting(
        sent: sent, from: from, to: to.to, heard: now,
        event: .request(
          RequestSeen(
            vantage: vantage, keeping: keeping, address: address, connection: connection,
            sequence: sequence, sent: .began, period: period?.nanoseconds ?? 0, fate: fate,
            status: Int(words[9]), via: Self.name(words[10]), server: Self.name(words[11]),
            isAcknowledged: isAcknowledged, isRetried: words[13] == "1" ? true : nil))))
  }

  private static func stamp(_ word: Substring) -> (from: Int64, to: Int64)? {
    NodeClock.reading(String(word)).map {
      ($0.nanoseconds, $0.nanoseconds.saturatingPlus($0.resolution))
    }
  }

  private static func name(_ word: Substring) -> String? { word == "-" ? nil : String(word) }

  /// Those whose stamps have their place, in their order; with `all`, every one.
  mutating func settle(by bracket: ClockBracket, at now: Moment, all: Bool) -> [Observation] {
    var done: [Observation] = []
    while let first = waiting.first {
      let isRipe =
        all || bracket.isBracketed(first.to) || now.since(first.heard) > RemoteAsking.patience
      guard isRipe, let observation = observation(first, bracket) else { break }
      waiting.removeFirst()
      done.append(observation)
    }
    return done
  }

  private func observation(_ line: Waiting, _ bracket: ClockBracket) -> Observation? {
    guard let to = bracket.when(line.to)?.when.latest,
      let from = bracket.when(line.from ?? line.to)?.when.earliest
    else { return nil }
    switch line.event {
    case .request(var seen):
      guard let sent = line.sent, let first = bracket.when(sent.from)?.when.earliest,
        let last = bracket.when(sent.to)?.when.latest
      else { return nil }
      seen.sent = first
      seen.slack = last.since(first).nanoseconds
      let until = Interval(max(first, from), max(first, to))
      seen.until = seen.fate == .pending ? nil : until
      return Observation(
        when: Interval(first, until.latest), source: KeptVoice.name(seen.keeping, from: vantage),
        event: .request(seen))
    case .connection(let seen):
      return Observation(
        when: Interval(from, to), source: KeptVoice.name(seen.keeping, from: vantage),
        event: line.event)
    default: return nil
    }
  }
}
