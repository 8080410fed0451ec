// How held connections and pooled requests fared in the window of a trial.

internal import TakeoverModel

/// A line of the journal about a request, and when it was told.
struct RequestTold: Hashable, Sendable {
  var told: Moment
  var seen: RequestSeen
}

struct KeptTracking: Sendable {
  /// Served within so long before the blow, a connection stood when it fell.
  private static let recently = Duration.seconds(1)

  let evidence: TrialEvidence
  let window: Window

  private struct Key: Hashable, Comparable {
    var vantage: String
    var address: IPAddress
    var number = 0

    static func < (left: Self, right: Self) -> Bool {
      (left.vantage, left.address, left.number) < (right.vantage, right.address, right.number)
    }
  }

  // MARK: Held connections

  func held() -> [HeldConnection] {
    let requests = Dictionary(grouping: evidence.requests.filter { $0.seen.keeping == .held }) {
      Key(vantage: $0.seen.vantage, address: $0.seen.address, number: $0.seen.connection)
    }
    return requests.sorted { $0.key < $1.key }.compactMap { key, told in
      connection(key, decided(told))
    }
  }

  /// nil: it was over before the blow, or was not served since.
  private func connection(_ key: Key, _ requests: [RequestTold]) -> HeldConnection? {
    let answered = requests.filter { $0.seen.fate == .answered }
    let life = evidence.connections.filter {
      $0.seen.keeping == .held && $0.seen.vantage == key.vantage
        && $0.seen.connection == key.number
    }
    let ended = life.first { $0.seen.end != nil }
    if let ended, ended.when.latest < window.from { return nil }
    let before = answered.last { ($0.seen.until?.latest ?? .began) <= window.from }
    let stoodBefore =
      before.flatMap(\.seen.until).map { window.from.since($0.latest) <= recently(requests) }
      ?? false
    guard stoodBefore || answered.contains(where: { $0.seen.sent >= window.from }) else {
      return nil
    }
    var connection = HeldConnection(
      vantage: key.vantage, address: key.address, number: key.number, stoodBefore: stoodBefore,
      made: life.first { $0.seen.end == nil }?.when, by: answered.last?.seen.by)
    if let ended, let fate = ended.seen.end, fate != .abandoned, ended.when.earliest <= window.to {
      connection.end = HeldConnection.End(fate: fate, at: ended.when)
    }
    let silences = requests.filter { $0.decided.latest >= window.from }.map(silence)
    connection.longest = silences.filter { $0.fate != .pending }
      .max { $0.length.atMost < $1.length.atMost }
    connection.pending = silences.last { $0.fate == .pending }
    return connection
  }

  private func recently(_ requests: [RequestTold]) -> Duration {
    max(Self.recently, .nanoseconds(requests.last?.seen.period ?? 0) * 3)
  }

  /// What is not decided lasted at least until that was told.
  private func silence(of request: RequestTold) -> HeldConnection.Silence {
    let asked = request.seen.asked
    let least = request.decided.earliest.since(asked.latest)
    let most = request.decided.latest.since(asked.earliest)
    return HeldConnection.Silence(
      since: asked, length: Elapsed(atLeast: max(.zero, least), atMost: max(.zero, most)),
      fate: request.seen.fate == .abandoned ? .pending : request.seen.fate,
      isAcknowledged: request.seen.isAcknowledged)
  }

  // MARK: Requests

  func requests() -> [RequestRecord] {
    let pooled = Dictionary(grouping: evidence.requests.filter { $0.seen.keeping == .pooled }) {
      Key(vantage: $0.seen.vantage, address: $0.seen.address)
    }
    return pooled.sorted { $0.key < $1.key }.map { key, told in
      record(key, decided(told).filter { $0.decided.latest >= window.from })
    }
  }

  private func record(_ key: Key, _ requests: [RequestTold]) -> RequestRecord {
    var record = RequestRecord(
      vantage: key.vantage, address: key.address,
      period: .nanoseconds(requests.last?.seen.period ?? 0))
    var failures: [String: Int] = [:]
    var failed: [RequestTold] = []
    for request in requests {
      let seen = request.seen
      guard seen.fate != .unsent else {
        record.unsent += 1
        continue
      }
      record.asked += 1
      guard seen.isGood else {
        let kind = seen.fate == .answered ? seen.status.map { "\($0)" } ?? "" : seen.fate.rawValue
        failures[kind, default: 0] += 1
        failed.append(request)
        continue
      }
      record.good += 1
      if seen.isRetried == true { record.retried += 1 }
      let length = silence(of: request).length
      if length.atMost > record.slowest?.atMost ?? .zero { record.slowest = length }
      if let by = seen.by { record.servers[by, default: 0] += 1 }
    }
    record.failures = failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { .init(kind: $0.key, count: $0.value) }
    if let first = failed.first,
      let last = failed.max(by: { $0.decided.latest < $1.decided.latest })
    {
      record.failing = last.decided.since(first.seen.asked)
    }
    return record
  }

  /// The last that was told of each request, in the order of their sending.
  private func decided(_ told: [RequestTold]) -> [RequestTold] {
    let last = Dictionary(told.map { ($0.seen.sequence, $0) }) { $0.told <= $1.told ? $1 : $0 }
    return last.values.sorted {
      ($0.seen.sent, $0.seen.sequence) < ($1.seen.sent, $1.seen.sequence)
    }
  }
}

extension RequestTold {
  /// When it was decided; while it is not, when that was told last.
  fileprivate var decided: Interval { seen.until ?? Interval(at: max(told, seen.sent)) }
}
