// Stretches in which the address was answered for and the application behind it was not there: by
// connections beside the questions who has the address.

internal import TakeoverModel

struct ServiceTracking: Sendable {
  let evidence: TrialEvidence
  let window: Window

  func gaps() -> [ServiceGap] {
    evidence.methods.filter { $0.method == .connect }.flatMap { key in
      gaps(of: key, rounds: rounds(beside: key))
    }
  }

  /// Who has the address, as the same vantage point asked, sorted by time.
  private func rounds(beside key: ProbeKey) -> [Probe] {
    evidence.methods.filter {
      $0.method.isWitness && $0.vantage == key.vantage && $0.address == key.address
    }
    .flatMap { evidence.probes[$0, default: []] }
    .filter { $0.wasAsked && $0.trouble.isEmpty }
    .sorted { $0.sent < $1.sent }
  }

  /// A connection failed that was begun between two rounds that were both answered: somebody had the
  /// address. Failures in a row, without a round that nobody answered between them, make a gap.
  ///
  /// It lasted at least from the first failure to the last; at most from the last good connection
  /// before it, or the last unanswered round, to the first after it.
  private func gaps(of key: ProbeKey, rounds: [Probe]) -> [ServiceGap] {
    var gaps: [ServiceGap] = []
    var failures: [Probe] = []
    var begin = window.from
    var index = 0
    func close(by end: Moment) {
      defer { failures = [] }
      guard let first = failures.first, let last = failures.last else { return }
      let least = max(.zero, last.asked.since(first.asked).atLeast)
      let nodes = rounds.filter { $0.sent <= end && $0.asked.latest >= first.sent }.flatMap {
        $0.answers.compactMap { evidence.attribution.owner(of: $0.mac) }
      }
      gaps.append(
        ServiceGap(
          vantage: key.vantage, address: key.address, nodes: Set(nodes).sorted(),
          length: Elapsed(atLeast: least, atMost: max(least, end.since(begin)))))
    }
    for probe in evidence.probes[key, default: []] where probe.wasAsked {
      while index < rounds.count, rounds[index].sent <= probe.sent {
        if !rounds[index].isGood {
          close(by: rounds[index].asked.latest)
          begin = max(begin, rounds[index].sent)
        }
        index += 1
      }
      if let answered = probe.answered {
        if probe.sent >= window.from { close(by: answered.latest) }
        failures = []
        begin = max(window.from, probe.sent)
        continue
      }
      let before = index > 0 && rounds[index - 1].isGood
      let after = index < rounds.count && rounds[index].isGood
      if before, after, probe.sent >= window.from { failures.append(probe) }
    }
    close(by: window.to)
    return gaps
  }
}
