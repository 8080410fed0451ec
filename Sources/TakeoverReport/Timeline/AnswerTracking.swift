// Which answers came from a node that was not the holder when it gave them.

internal import TakeoverModel

struct AnswerTracking: Sendable {
  let evidence: TrialEvidence
  let window: Window
  let holderBefore: String?
  let transitions: [Transition]

  /// An answer that tells who gave it.
  private struct Named {
    var node: String
    var when: Interval
  }

  /// Where it was asked, and how.
  private struct Place: Hashable, Comparable {
    var vantage: String
    var means: String
    var address: IPAddress

    static func < (left: Self, right: Self) -> Bool {
      (left.vantage, left.means, left.address) < (right.vantage, right.means, right.address)
    }
  }

  /// The wrong ones, and how many there were that tell who gave them.
  func wrong() -> ([WrongAnswers], named: Int) {
    let all = named()
    let found = all.sorted { $0.key < $1.key }.flatMap { place, answers in
      wrong(answers, at: place)
    }
    return (found, all.values.reduce(0) { $0 + $1.count })
  }

  private func wrong(_ answers: [Named], at place: Place) -> [WrongAnswers] {
    var own: [String: WrongAnswers] = [:]
    for answer in answers {
      guard let turn = turn(at: answer.when), turn.holder != answer.node else { continue }
      let since = answer.when.since(turn.since)
      var wrong =
        own[answer.node]
        ?? WrongAnswers(
          vantage: place.vantage, means: place.means, address: place.address, node: answer.node,
          holder: turn.holder, count: 0, length: Elapsed(exactly: .zero))
      wrong.count += 1
      if since.atLeast > wrong.length.atLeast { wrong.holder = turn.holder }
      wrong.length = Elapsed(
        atLeast: max(wrong.length.atLeast, since.atLeast),
        atMost: max(wrong.length.atMost, since.atMost))
      own[answer.node] = wrong
    }
    return own.values.sorted { $0.node < $1.node }
  }

  private func named() -> [Place: [Named]] {
    var named: [Place: [Named]] = [:]
    for key in evidence.methods {
      let place = Place(vantage: key.vantage, means: key.method.rawValue, address: key.address)
      for probe in evidence.probes[key, default: []] where probe.sent >= window.from {
        for answer in probe.answers where answer.at <= window.to {
          guard let node = evidence.attribution.owner(of: answer.mac) else { continue }
          named[place, default: []].append(
            Named(node: node, when: Interval(probe.sent, answer.at)))
        }
      }
    }
    for told in evidence.namedRequests
    where told.when.earliest >= window.from && told.when.latest <= window.to {
      let place = Place(
        vantage: told.vantage, means: TrialEvidence.NamedRequest.means, address: told.address)
      named[place, default: []].append(Named(node: told.node, when: told.when))
    }
    return named
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
