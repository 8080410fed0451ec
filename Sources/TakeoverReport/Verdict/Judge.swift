// From observations to the verdict: pure, so that a journal judged a year later gives the same bytes.

package import TakeoverModel

package struct Judge: Sendable {
  /// More repetitions of one trial than this are not believed.
  private static let mostRepetitions = 100_000

  private let checks: Catalog<any Check.Type>

  package init(checks: Catalog<any Check.Type> = CheckCatalog.checks) { self.checks = checks }

  package func judge(_ observations: [Observation]) throws(Complaint) -> Report {
    guard case .runBegan(let header)? = observations.first?.event else {
      throw Complaint(
        "the journal does not begin with its run",
        remedy: "judge a run folder that \"takeover run\" wrote")
    }
    var nodes: [NodeDescription] = []
    var end: RunEnd?
    for observation in observations {
      if case .nodeDescribed(let node) = observation.event {
        nodes.removeAll { $0.node == node.node }
        nodes.append(node)
      }
      if case .runEnded(let ended) = observation.event { end = ended }
    }
    var timelines: [TrialHeader: TrialTimeline] = [:]
    for timeline in TimelineBuilder(header: header, observations: observations).timelines() {
      timelines[timeline.header] = timelines[timeline.header] ?? timeline
    }
    var trials = planned(header).map { which, plan, trial in
      timelines[which].map { result(of: $0, plan: plan, end: end) }
        ?? unreached(which, plan: plan, trial: trial, end: end)
    }
    // To a CI, cases that were all skipped are no fault at all.
    if !trials.isEmpty, trials.allSatisfy(\.isLeftOut) {
      trials[0].reason =
        trials[0].state == .skipped
        ? "Nothing could be struck. \(trials[0].reason)"
        : "The run did not come to its first trial: \(Self.words(for: end))."
      trials[0].state = .broken
    }
    return Report(
      header: header, nodes: nodes,
      clocks: ClockFinding.offsets(observations, origin: header.origin), trials: trials, end: end,
      outcome: .worst(trials.filter { $0.state != .skipped }.map(\.outcome)))
  }

  /// Every trial of every plan, in the plans' order.
  private func planned(_ header: RunHeader) -> [(TrialHeader, Plan, Trial)] {
    header.plans.enumerated().flatMap { index, plan in
      plan.trials.enumerated().flatMap { place, trial in
        (0..<min(max(trial.repetitions, 1), Self.mostRepetitions)).map { repetition in
          let which = TrialHeader(plan: index, trial: place, repetition: repetition + 1)
          return (which, plan, trial)
        }
      }
    }
  }

  private func unreached(
    _ which: TrialHeader, plan: Plan, trial: Trial, end: RunEnd?
  ) -> TrialResult {
    TrialResult(
      plan: plan.name, name: trial.name, repetition: which.repetition, state: .unreached,
      reason: "The trial was not reached: \(Self.words(for: end)).", outcome: .unknown,
      findings: [], timeline: TrialTimeline(header: which, trial: trial))
  }

  private func result(of timeline: TrialTimeline, plan: Plan, end: RunEnd?) -> TrialResult {
    let findings = timeline.trial.expectations.map { finding(for: $0, timeline) }
    var result = TrialResult(
      plan: plan.name, name: timeline.trial.name, repetition: timeline.header.repetition,
      state: .judged, outcome: .worst(findings.map(\.outcome)), findings: findings,
      timeline: timeline)
    if timeline.window == nil, let lack = timeline.skipped {
      result.state = .skipped
      result.reason = "Skipped: \(lack)."
    } else if timeline.window == nil {
      let reasons = timeline.doubts.isEmpty ? [Self.words(for: end)] : timeline.doubts
      result.state = .broken
      result.reason = "There was no blow: \(reasons.joined(separator: "; "))."
    } else if findings.isEmpty {
      result.reason = "The trial expects nothing, so there is nothing to judge."
    } else if timeline.doubts.contains(TrialTimeline.cutShort) {
      result.state = .broken
      result.reason = "The trial was not watched to its end: \(Self.words(for: end))."
    }
    return result
  }

  /// The check's finding, and what may not be said in spite of it.
  private func finding(for expectation: Expectation, _ timeline: TrialTimeline) -> Finding {
    var finding = Finding(
      check: expectation.check, outcome: .unknown, sentence: "",
      expected: "\(expectation.check) \(expectation.value)")
    guard let kind = checks.kinds.first(where: { $0.declaration.name == expectation.check }) else {
      finding.sentence = "This version knows no check \"\(expectation.check)\"."
      return finding
    }
    guard timeline.window != nil else {
      finding.sentence = "No verdict: there was no blow."
      return finding
    }
    finding = kind.init(expectation.value).judge(timeline)
    if timeline.blowConfirmed != .pass {
      // Whatever was measured, it is not known to be this fault's work.
      finding.outcome = .unknown
      finding.sentence =
        "No verdict: the blow on \(timeline.targets.joined(separator: " and ")) was not shown to be "
        + "in force. (\(finding.sentence))"
    } else if finding.outcome == .pass, !timeline.doubts.isEmpty {
      finding.outcome = .unknown
      finding.sentence += " No verdict: \(timeline.doubts.joined(separator: "; "))."
    }
    return finding
  }

  private static func words(for end: RunEnd?) -> String {
    guard let end else { return "the journal stops before the run's end" }
    let detail = end.detail.isEmpty ? "" : " (\(end.detail))"
    return switch end.reason {
    case .completed: "the run ended\(detail)"
    case .interrupted: "the run was interrupted\(detail)"
    case .stopped: "the run stopped\(detail)"
    }
  }
}
