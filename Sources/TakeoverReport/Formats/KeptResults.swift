// How results.json spells kept connections and the requests on them.

internal import TakeoverModel

extension ResultsWords {
  func held(_ one: HeldConnection, _ blow: Interval?) -> JSONText {
    .object([
      "vantage": .text(one.vantage), "address": .text(one.address.description),
      "connection": .number(Int64(one.number)), "stoodBefore": .flag(one.stoodBefore),
      "made": stamp(one.made, since: blow), "by": .text(optional: one.by),
      "end": one.end.map { end in
        .object(["fate": .text(end.fate.rawValue), "at": stamp(end.at, since: blow)])
      } ?? .null,
      "longestWait": wait(one.longest, blow), "pendingWait": wait(one.pending, blow),
    ])
  }

  private func wait(_ silence: HeldConnection.Silence?, _ blow: Interval?) -> JSONText {
    guard let silence else { return .null }
    return .object([
      "since": stamp(silence.since, since: blow), "length": elapsed(silence.length),
      "fate": .text(silence.fate.rawValue),
      "acknowledged": silence.isAcknowledged.map { .flag($0) } ?? .null,
    ])
  }

  func requests(_ one: RequestRecord) -> JSONText {
    let failures = one.failures.map { ($0.kind, JSONText.number(Int64($0.count))) }
    return .object([
      "vantage": .text(one.vantage), "address": .text(one.address.description),
      "period": .number(one.period.nanoseconds), "asked": .number(Int64(one.asked)),
      "good": .number(Int64(one.good)), "failed": .number(Int64(one.failed)),
      "failures": .object(Dictionary(failures) { first, _ in first }),
      "failing": elapsed(one.failing), "sentAgain": .number(Int64(one.retried)),
      "unsent": .number(Int64(one.unsent)), "slowest": elapsed(one.slowest),
      "servers": .object(one.servers.mapValues { .number(Int64($0)) }),
    ])
  }
}
