// refused-announcements-at-most: how many announcements the subnet may refuse, and why it did: for an
// address that is no HAVIP, of a machine that may not bind it, beyond a limit.

package import TakeoverModel

package struct RefusedAnnouncementsAtMost: Check {
  package static let declaration = CheckDeclaration(
    name: "refused-announcements-at-most", forms: [.count(0...1_000_000)],
    summary: "how many announcements a cloud subnet may refuse, from the blow to the trial's end")

  private let limit: Int

  package init(_ value: ParameterValue) {
    if case .count(let count) = value { limit = count } else { limit = 0 }
  }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(limit)")
    let allowed = limit == 0 ? "none may be" : "at most \(limit) may be"
    guard let subnet = trial.subnet, subnet.isRecorded else {
      finding.sentence =
        "The subnet does not write down which announcements it refuses; \(allowed)."
      return finding
    }
    let count = subnet.refusals.reduce(0) { $0.saturatingSum($1.count) }
    finding.outcome = count <= limit ? .pass : .fail
    let words = SubnetWords.refusals(trial).joined(separator: "; ")
    finding.sentence =
      count == 0
      ? "The subnet refused no announcement; \(allowed)."
      : "\(words.sentence.dropLast()); \(allowed)."
    return finding
  }
}
