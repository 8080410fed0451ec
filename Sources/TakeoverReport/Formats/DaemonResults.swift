// How results.json spells what the daemons said of themselves.

internal import TakeoverModel

extension ResultsWords {
  func daemon(_ reading: DaemonReading, _ stamp: JSONText) -> JSONText {
    let view = reading.view
    return .object([
      "stage": .text(reading.stage.rawValue), "when": stamp, "node": .text(view.node),
      "daemon": .text(view.daemon), "means": .text(view.means), "trouble": .text(view.trouble),
      "instances": .list(
        view.instances.map { instance in
          self.instance(
            instance, reading.comparisons.first { $0.instance.name == instance.name })
        }),
    ])
  }

  func refused(_ one: RefusedAdvertisements) -> JSONText {
    .object([
      "node": .text(one.node), "daemon": .text(one.daemon), "vrid": .number(Int64(one.vrid)),
      "reason": .text(one.reason.rawValue), "count": .number(Int64(one.count)),
    ])
  }

  private func instance(
    _ instance: DaemonView.Instance, _ beside: DaemonReading.Comparison?
  ) -> JSONText {
    var parts: [String: JSONText] = [
      "name": .text(instance.name), "interface": .text(instance.interface),
      "vrid": .number(Int64(instance.vrid)), "state": .text(optional: instance.state?.rawValue),
      "priority": number(instance.priority),
      "effectivePriority": number(instance.effectivePriority),
      "addresses": .list(instance.addresses.map { .text($0.description) }),
      "counters": instance.counters.map(counters) ?? .null,
    ]
    if let beside {
      parts["wire"] = .object([
        "advertises": beside.advertises.map { .flag($0) } ?? .null,
        "priority": number(beside.advertisedPriority),
      ])
      parts["kernel"] =
        beside.held.map { held in .list(held.map { .text($0.description) }) } ?? .null
    }
    return .object(parts)
  }

  private func counters(_ counters: DaemonView.Counters) -> JSONText {
    let refused = counters.refused.map { ($0.rawValue, JSONText.number(Int64($1))) }
    return .object([
      "received": .number(Int64(counters.received)), "sent": .number(Int64(counters.sent)),
      "becameMaster": .number(Int64(counters.becameMaster)),
      "releasedMaster": .number(Int64(counters.releasedMaster)),
      "refused": .object(Dictionary(refused) { first, _ in first }),
    ])
  }

  private func number(_ number: Int?) -> JSONText {
    number.map { .number(Int64($0)) } ?? .null
  }
}
