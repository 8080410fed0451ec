// Gathers what became of rows until it is worth a line in the journal: what fared alike within a moment
// is one entry. Pure: answers and moments in, observations out.

internal import TakeoverModel

/// How a row, or an attempt to connect, fared.
struct Fate: Hashable, Sendable {
  var outcome: LedgerEntry.Outcome
  var server: String?
  var code = ""
}

struct LedgerBook {
  /// An entry tells the times of its first and its last answer; what lies between is known to this.
  static let length = Duration.milliseconds(50)

  private struct Page {
    var rows: [Int64] = []
    var count = 0
    var first: LedgerEntry.Answer
    var last: LedgerEntry.Answer
    var begun: Moment
  }

  private let vantage: String
  private let address: IPAddress
  private var pages: [Fate: Page] = [:]

  init(vantage: String, address: IPAddress) {
    self.vantage = vantage
    self.address = address
  }

  /// `row`: nil for an attempt to connect.
  mutating func add(_ row: Int64?, _ fate: Fate, _ answer: LedgerEntry.Answer, at now: Moment) {
    var page = pages[fate] ?? Page(first: answer, last: answer, begun: now)
    if let row { page.rows.append(row) }
    page.count += 1
    // Connections are read one after the other, and arrivals are stamped by the kernel.
    if answer.arrived.latest < page.first.arrived.latest { page.first = answer }
    if answer.arrived.latest >= page.last.arrived.latest { page.last = answer }
    pages[fate] = page
  }

  /// The entries that are long enough, or all of them.
  mutating func due(at now: Moment, all: Bool = false) -> [Observation] {
    let full = pages.filter { all || now.since($0.value.begun) >= Self.length }
    for fate in full.keys { pages[fate] = nil }
    return full.sorted { one, other in
      let (left, right) = (one.value.first.arrived.latest, other.value.first.arrived.latest)
      return (left, one.key.outcome.rawValue, one.key.code)
        < (right, other.key.outcome.rawValue, other.key.code)
    }.map { observation(of: $0.key, $0.value) }
  }

  private func observation(of fate: Fate, _ page: Page) -> Observation {
    Observation(
      when: Interval(page.first.arrived.earliest, page.last.arrived.latest),
      source: "\(vantage)/ledger",
      event: .ledger(
        LedgerEntry(
          vantage: vantage, address: address, outcome: fate.outcome, server: fate.server,
          code: fate.code, rows: Self.ranges(of: page.rows), count: page.count,
          first: page.first, last: page.last)))
  }

  /// Numbers that follow each other, together.
  static func ranges(of rows: [Int64]) -> [LedgerRange] {
    var ranges: [LedgerRange] = []
    for row in rows.sorted() {
      if let last = ranges.last, row <= last.last.saturatingPlus(1) {
        ranges[ranges.count - 1] = LedgerRange(last.first, max(last.last, row))
      } else {
        ranges.append(LedgerRange(row, row))
      }
    }
    return ranges
  }
}

/// When the next row is due: what was missed is not made up for, for a burst would say nothing about the
/// time that is gone.
struct Pace {
  private static let mostMissed = Duration.milliseconds(20)

  private let period: Duration
  private var next: Moment

  init(rate: Int, from start: Moment) {
    period = .nanoseconds(1_000_000_000 / Int64(max(rate, 1)))
    next = start
  }

  /// How many are due now.
  mutating func due(at now: Moment) -> Int {
    if now.since(next) > Self.mostMissed { next = now }
    var count = 0
    while next <= now {
      next = next + period
      count += 1
    }
    return count
  }
}
