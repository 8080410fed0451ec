// What a cloud subnet did, in words: the same in every format that people read.

internal import TakeoverModel

enum SubnetWords {
  /// Why an address was not reached, for a finding that did not pass; empty: nothing is known of it.
  static func hint(_ trial: TrialTimeline) -> String {
    guard let subnet = trial.subnet else { return "" }
    let lags = subnet.parts.isEmpty ? [] : subnet.lags.map(lag)
    let words = (subnet.reasons + lags).joined(separator: "; ")
    return words.isEmpty ? "" : words.sentence
  }

  /// `the subnet bound 172.17.16.3 to b 500.3 ms ± 20 µs after b had announced it`
  static func lag(_ lag: BindingLag) -> String {
    if lag.length.atMost == .zero {
      return "the subnet had \(lag.address) bound to \(lag.node) before \(lag.node) announced it"
    }
    let way = lag.isCalled ? ", by a call of the control plane," : ""
    return "the subnet bound \(lag.address) to \(lag.node)\(way) \(lag.length) after \(lag.node) "
      + "had announced it"
  }

  /// The parts of an outage, below it.
  static func rows(_ trial: TrialTimeline) -> [MarkRow] {
    guard let subnet = trial.subnet else { return [] }
    var rows = subnet.lags.map { lag in
      MarkRow(
        mark: "",
        words: "the subnet's lag for \(lag.address), from t3 to its binding to \(lag.node)",
        value: lag.length.description)
    }
    for part in subnet.parts {
      let place = "\(part.outage.vantage)/\(part.outage.method.rawValue), \(part.outage.address)"
      for (words, value) in [
        ("takeover (t3 − t0)", part.takeover), ("the subnet's lag", part.lag), ("rest", part.rest),
      ] {
        rows.append(
          MarkRow(mark: "", words: "of the outage at \(place): \(words)", value: value.description))
      }
    }
    return rows
  }

  /// `172.17.16.3: a, then b at 1.2 s ± 20 µs`
  static func bindings(_ trial: TrialTimeline) -> [String] {
    guard let subnet = trial.subnet else { return [] }
    return trial.addresses.compactMap { address in
      let all = subnet.bindings(of: address)
      guard !all.isEmpty else { return nil }
      let words = all.enumerated().map { index, binding in
        let name = binding.node ?? "nobody"
        guard let blow = trial.marks.blow, index > 0 || binding.from.earliest > blow.latest else {
          return name
        }
        let way = binding.isCalled ? " by a call" : ""
        return "\(name)\(way) at \(binding.from.since(blow))"
      }
      return "\(address): \(words.joined(separator: ", then "))"
    }
  }

  /// `the subnet refused 5 announcements of 172.17.16.3 by b: b is not in the association set`
  static func refusals(_ trial: TrialTimeline) -> [String] {
    (trial.subnet?.refusals ?? []).map { one in
      "the subnet refused \(one.count) announcement\(one.count == 1 ? "" : "s") of \(one.address) "
        + "by \(one.node ?? "a machine without a name")"
        + (one.reason.isEmpty ? "" : ": \(one.reason)")
    }
  }
}

extension String {
  /// With a capital first and a stop last.
  var sentence: String {
    prefix(1).uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }
}
