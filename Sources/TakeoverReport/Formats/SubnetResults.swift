// How results.json spells what a cloud subnet did.

internal import TakeoverModel

extension ResultsWords {
  func subnet(_ subnet: SubnetRecord, since blow: Interval?) -> JSONText {
    .object([
      "bindings": .list(
        subnet.bindings.map { binding in
          .object([
            "address": .text(binding.address.description), "node": .text(optional: binding.node),
            "from": stamp(binding.from == .longAgo ? nil : binding.from, since: blow),
            "called": .flag(binding.isCalled),
            "witness": .text(binding.witness.rawValue),
          ])
        }),
      "elsewhere": .list(subnet.misbindings.map { misbinding($0, blow) }),
      "refused": .list(
        subnet.refusals.map { one in
          .object([
            "address": .text(one.address.description), "node": .text(optional: one.node),
            "reason": .text(one.reason), "count": .number(Int64(one.count)),
            "first": stamp(one.first, since: blow),
          ])
        }),
      "promisedLag": subnet.promisedLag.map { .number($0.nanoseconds) } ?? .null,
      "lags": .list(
        subnet.lags.map { lag in
          .object([
            "address": .text(lag.address.description), "node": .text(lag.node),
            "length": elapsed(lag.length), "called": .flag(lag.isCalled),
          ])
        }),
      "outages": .list(subnet.parts.map(parts)),
      "reasons": .list(subnet.reasons.map { .text($0) }),
    ])
  }

  private func misbinding(_ one: Misbinding, _ blow: Interval?) -> JSONText {
    .object([
      "address": .text(one.address.description), "holder": .text(one.holder),
      "node": .text(optional: one.bound), "from": stamp(one.from, since: blow),
      "until": stamp(one.until, since: blow), "length": elapsed(one.length),
    ])
  }

  private func parts(_ parts: OutageParts) -> JSONText {
    .object([
      "vantage": .text(parts.outage.vantage), "method": .text(parts.outage.method.rawValue),
      "address": .text(parts.outage.address.description),
      "length": elapsed(parts.outage.length), "takeover": elapsed(parts.takeover),
      "lag": elapsed(parts.lag), "rest": elapsed(parts.rest),
    ])
  }
}
