// What is told in the end: nothing is left to compute for a format.

package struct TrialResult: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Judged: the outcome is the worst finding.
    case judged
    /// Began, but did not come to its end; `reason` says why. What is known is judged all the same.
    case broken
    /// Never began.
    case unreached
    /// A node lacks what the fault needs; `reason` says what. Nothing was touched.
    case skipped
  }

  package var plan: String
  package var name: String
  package var repetition: Int
  package var state: State
  package var reason: String
  package var outcome: Outcome
  package var findings: [Finding]
  package var timeline: TrialTimeline

  /// There is nothing to judge, and nothing went wrong with it.
  package var isLeftOut: Bool { state == .unreached || state == .skipped }

  package init(
    plan: String, name: String, repetition: Int, state: State, reason: String = "",
    outcome: Outcome, findings: [Finding], timeline: TrialTimeline
  ) {
    self.plan = plan
    self.name = name
    self.repetition = repetition
    self.state = state
    self.reason = reason
    self.outcome = outcome
    self.findings = findings
    self.timeline = timeline
  }
}

package struct Report: Hashable, Sendable {
  package var header: RunHeader
  package var nodes: [NodeDescription]
  /// The clocks of other machines that stamped evidence.
  package var clocks: [ClockOffset]
  /// What each node got for each fault, each once, in the order in which they were decided.
  package var procedures: [NodeProcedure] = []
  package var trials: [TrialResult]
  /// nil: the journal stops before the run's end (killed).
  package var end: RunEnd?
  package var outcome: Outcome

  package init(
    header: RunHeader, nodes: [NodeDescription], clocks: [ClockOffset] = [],
    trials: [TrialResult], end: RunEnd?, outcome: Outcome
  ) {
    self.header = header
    self.nodes = nodes
    self.clocks = clocks
    self.trials = trials
    self.end = end
    self.outcome = outcome
  }
}

/// One file of a report.
package protocol ReportFormat: Sendable {
  /// `report.md`
  static var fileName: String { get }
  /// The whole file; pure.
  func render(_ report: Report) throws -> [UInt8]
}
