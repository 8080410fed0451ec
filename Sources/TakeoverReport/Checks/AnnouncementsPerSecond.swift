// announcements-per-second: how often an address may be announced. Two masters that hear each other
// argue by announcing, and every client and switch has to listen.

package import TakeoverModel

package struct AnnouncementsPerSecond: Check {
  package static let declaration = CheckDeclaration(
    name: "announcements-per-second", forms: [.count(1...100_000)],
    summary: "the most announcements of one address, by all nodes together, in any second")

  private let limit: Int

  package init(_ value: ParameterValue) {
    if case .count(let count) = value { limit = count } else { limit = 0 }
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(limit)")
    guard
      let worst = trial.conduct.bursts.max(by: {
        ($0.atLeast, $0.atMost) < ($1.atLeast, $1.atMost)
      })
    else {
      finding.outcome = .pass
      finding.sentence = "Nobody announced \(trial.addressText); allowed is \(limit) in a second."
      return finding
    }
    let most = trial.conduct.bursts.map(\.atMost).max() ?? worst.atMost
    if worst.atLeast > limit {
      finding.outcome = .fail
    } else if most <= limit {
      finding.outcome = .pass
    }
    let count = most == worst.atLeast ? "\(most)" : "\(worst.atLeast) to \(most)"
    let times = most == 1 ? "time" : "times"
    finding.sentence =
      "\(worst.nodes.joined(separator: " and ")) announced \(worst.address) \(count) \(times) in "
      + "one second\(when(worst, trial)); allowed is \(limit)."
    return finding
  }

  private func when(_ burst: Burst, _ trial: TrialTimeline) -> String {
    trial.sinceBlow(burst.from).map { ", from \($0) after the blow" } ?? ""
  }
}
