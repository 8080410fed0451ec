// daemon-stays: no process of a service dies or begins but those that the fault hit. A daemon that
// crashes and is started again at once is not well, though every probe is answered.

package import TakeoverModel

package struct DaemonStays: Check {
  package static let declaration = CheckDeclaration(
    name: "daemon-stays", forms: [.choice(["spared", "everywhere"])],
    summary: "no service's processes change: on the nodes that were spared, or everywhere")

  private let word: String

  package init(_ value: ParameterValue) { word = value.description }

  package func judge(_ trial: TrialTimeline) -> Finding {
    var finding = Finding(
      check: Self.declaration.name, outcome: .unknown, sentence: "",
      expected: "\(Self.declaration.name) \(word)")
    let records = trial.conduct.daemons
    guard !records.isEmpty else {
      finding.sentence = "Nobody looked at the services' processes."
      return finding
    }
    // Where the fault hit, only that everything runs again is asked for.
    let judged = records.filter { word == "everywhere" || !trial.targets.contains($0.node) }
    let changes = judged.flatMap { record in record.events.map { (record: record, event: $0) } }
    // What lies between a look before the blow and one after it may have been before the blow.
    let sure = changes.filter { $0.event.at.earliest >= trial.window?.from ?? .began }
    let first = (sure.isEmpty ? changes : sure).min { $0.event.at.latest < $1.event.at.latest }
    if let (record, event) = first {
      finding.outcome = sure.isEmpty ? .unknown : .fail
      finding.sentence =
        "Process \(event.process) of \(record.node)'s \(record.service) \(words(event, trial))"
        + (changes.count > 1 ? " (\(changes.count) such changes in all)." : ".")
      return finding
    }
    if let gone = records.first(where: { $0.ranBefore == true && $0.runsAfter == false }) {
      finding.outcome = .fail
      finding.sentence =
        "\(gone.node)'s \(gone.service) ran when the blow fell, and does not at the trial's end."
      return finding
    }
    if let untold = records.first(where: { $0.ranBefore == nil || $0.runsAfter == nil }) {
      finding.sentence =
        "Whether \(untold.node)'s \(untold.service) runs was not known "
        + (untold.ranBefore == nil ? "when the blow fell." : "at the trial's end.")
      return finding
    }
    finding.outcome = .pass
    let nodes = Set(judged.map(\.node)).sorted().joined(separator: " and ")
    finding.sentence =
      judged.isEmpty
      ? "Every service that ran when the blow fell runs at the trial's end; no node was spared."
      : "No process of the services of \(nodes) died or began."
    return finding
  }

  private func words(_ event: DaemonRecord.Event, _ trial: TrialTimeline) -> String {
    let what = event.change == .went ? "went away" : "began"
    return trial.sinceBlow(event.at).map { "\(what) \($0) after the blow" } ?? what
  }
}
