// How results.json spells the ledger.

internal import TakeoverModel

extension ResultsWords {
  func ledger(_ course: LedgerCourse, _ blow: Interval?) -> JSONText {
    .object([
      "vantage": .text(course.vantage), "address": .text(course.address.description),
      "acknowledged": number(course.acknowledged), "unanswered": number(course.unanswered),
      "refusals": .object(course.refusals.mapValues(number)),
      "before": .object([
        "rows": number(course.before.rows), "length": .number(course.before.length.nanoseconds),
      ]),
      "pause": course.pause.map { pause($0, blow) } ?? .null,
      "readOnly": .list(course.readOnly.map { span($0, blow) }),
      "databases": .list(course.readings.map(reading)),
      "audit": course.audit.map { audit($0, blow) } ?? .null,
      "auditTrouble": .text(course.auditTrouble),
    ])
  }

  private func pause(_ pause: WritePause, _ blow: Interval?) -> JSONText {
    .object([
      "old": .text(optional: pause.old), "new": .text(optional: pause.new),
      "from": stamp(pause.from, since: blow), "until": stamp(pause.until, since: blow),
      "length": elapsed(pause.length),
    ])
  }

  private func span(_ span: ReadOnlySpan, _ blow: Interval?) -> JSONText {
    .object([
      "node": .text(optional: span.node), "refusals": number(span.refusals),
      "from": stamp(span.from, since: blow), "until": stamp(span.until, since: blow),
      "length": elapsed(span.length),
    ])
  }

  private func reading(_ reading: DatabaseReading) -> JSONText {
    .object([
      "node": .text(reading.node), "server": .text(optional: reading.server),
      "takesWrites": reading.takesWrites.map { .flag($0) } ?? .null,
      "standbys": number(reading.standbys),
      "synchronousStandbys": number(reading.synchronousStandbys),
      "rows": reading.rows.map { rows in number(rows.reduce(0) { $0 + $1.count }) } ?? .null,
      "trouble": .text(reading.trouble),
    ])
  }

  private func audit(_ audit: LedgerAudit, _ blow: Interval?) -> JSONText {
    .object([
      "node": .text(audit.node), "rows": number(audit.rows), "lostCount": number(audit.lostCount),
      "lost": .list(
        audit.lost.map { lost in
          .object([
            "rows": range(lost.rows), "server": .text(lost.server),
            "acknowledged": stamp(lost.acknowledged, since: blow),
          ])
        }),
      "elsewhere": .object(audit.elsewhere.mapValues(number)),
      "unacknowledged": .list(audit.unacknowledged.map(range)),
      "writers": .object(audit.writers.mapValues { .object($0.mapValues(number)) }),
    ])
  }

  private func range(_ range: LedgerRange) -> JSONText {
    .list([.number(range.first), .number(range.last)])
  }

  private func number(_ number: Int) -> JSONText { .number(Int64(number)) }
}
