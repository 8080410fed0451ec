// Which answers came from a node that was not the holder when it gave them.

internal import TakeoverModel

struct AnswerTracking: Sendable {
  let evidence: TrialEvidence
  let window: Window
  let holderBefore: String?
  let transitions: [Transition]

  /// The wrong ones, and how many there were that tell who gave them.
  func wrong() -> ([WrongAnswers], named: Int) {
    var named = 0
    var found: [WrongAnswers] = []
    for key in evidence.methods {
      var own: [String: WrongAnswers] = [:]
      for probe in evidence.probes[key, default: []] where probe.sent >= window.from {
        for answer in probe.answers where answer.at <= window.to {
          guard let node = evidence.attribution.owner(of: answer.mac) else { continue }
          named += 1
          let when = Interval(probe.sent, answer.at)
          guard let turn = turn(at: when), turn.holder != node else { continue }
          let since = when.since(turn.since)
          var wrong =
            own[node]
            ?? WrongAnswers(
              vantage: key.vantage, method: key.method, address: key.address, node: node,
              holder: turn.holder, count: 0, length: Elapsed(exactly: .zero))
          wrong.count += 1
          if since.atLeast > wrong.length.atLeast { wrong.holder = turn.holder }
          wrong.length = Elapsed(
            atLeast: max(wrong.length.atLeast, since.atLeast),
            atMost: max(wrong.length.atMost, since.atMost))
          own[node] = wrong
        }
      }
      found += own.values.sorted { $0.node < $1.node }
    }
    return (found, named)
  }

  /// Who was the holder all the while, and since when; nil: it may have changed meanwhile.
  private func turn(at when: Interval) -> (holder: String, since: Interval)? {
    guard
      !transitions.contains(where: {
        $0.at.earliest <= when.latest && when.earliest <= $0.at.latest
      })
    else { return nil }
    if let last = transitions.last(where: { $0.at.latest < when.earliest }) {
      return (last.to, last.at)
    }
    return holderBefore.map { ($0, Interval(at: window.from)) }
  }
}
