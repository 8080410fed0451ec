// How the pair behaved in the window of one trial: each finding has a file of its own.

internal import TakeoverModel

struct ConductFinding: Sendable {
  let evidence: TrialEvidence
  let window: Window
  let mastership: Mastership
  let holderBefore: String?
  let transitions: [Transition]

  func conduct() -> Conduct {
    var conduct = Conduct()
    let announced = Dictionary(
      grouping: evidence.used.filter {
        $0.form == .announcement && $0.when.latest >= window.from
      }, by: \.address)
    conduct.lastWords = lastWords(announced)
    conduct.advertising = mastership.spans.filter {
      $0.first.earliest <= window.to && $0.last.latest >= window.from
    }.map { Advertising(node: $0.node, first: $0.first, last: $0.last) }
    conduct.cadences = Pace.cadences(of: evidence.advertised, in: window)
    conduct.bursts = evidence.site.addresses.compactMap {
      Pace.burst(of: announced[$0.address, default: []], about: $0.address)
    }
    let service = ServiceTracking(evidence: evidence, window: window)
    conduct.serviceGaps = service.gaps()
    let answers = AnswerTracking(
      evidence: evidence, window: window, holderBefore: holderBefore, transitions: transitions)
    (conduct.wrongAnswers, conduct.namedAnswers) = answers.wrong()
    conduct.comparisons = StateTracking(
      evidence: evidence, window: window, mastership: mastership
    ).comparisons()
    conduct.strangers = strangers()
    conduct.daemons = DaemonTracking(evidence: evidence, window: window).records()
    return conduct
  }

  private func lastWords(_ announced: [IPAddress: [Used]]) -> [LastWord] {
    evidence.site.addresses.map(\.address).flatMap { address in
      Dictionary(
        announced[address, default: []].map { ($0.node, $0.when) },
        uniquingKeysWith: { $0.latest < $1.latest ? $1 : $0 }
      ).map { LastWord(address: address, node: $0, at: $1) }
        .sorted { ($0.at.latest, $0.node) < ($1.at.latest, $1.node) }
    }
  }

  /// A virtual router's MAC is any node's; whoever has another one and no name is no node.
  private func strangers() -> [Stranger] {
    let nodes = Set(evidence.site.nodes.map(\.name))
    func isStranger(_ name: String) -> Bool {
      !nodes.contains(name) && MACAddress(name[...]).map { !$0.isShared } ?? true
    }
    let advertising = (evidence.advertised + evidence.foreign).map { ($0.node, $0.when) }
    let using = evidence.used.map { ($0.node, $0.when) }
    let answering = evidence.methods.filter(\.method.isWitness).flatMap { key in
      evidence.probes[key, default: []].flatMap { round in
        round.answers.compactMap { answer in
          evidence.attribution.owner(of: answer.mac).map { ($0, Interval(round.sent, answer.at)) }
        }
      }
    }
    let signs: [(Stranger.Doing, [(String, Interval)])] = [
      (.advertises, advertising), (.claims, using + answering),
    ]
    return signs.flatMap { doing, signs in
      let own = signs.filter { isStranger($0.0) && $0.1.reaches(into: window) }
      return Dictionary(grouping: own, by: \.0).compactMap { name, signs in
        signs.map(\.1).min { $0.earliest < $1.earliest }
          .map { Stranger(name: name, doing: doing, count: signs.count, first: $0) }
      }.sorted { $0.name < $1.name }
    }
  }
}
