// takeover.prom: the run's numbers for a monitoring system, as OpenMetrics 1.0 and as the text format
// that node_exporter's textfile collector reads, which knows fewer types: everything is a gauge.

package import TakeoverModel

package struct MetricsReport: ReportFormat {
  package static let fileName = "takeover.prom"

  package init() {}

  package func render(_ report: Report) -> [UInt8] {
    var text = ""
    for family in MetricFamily.all(of: report) { family.write(into: &text) }
    return Array((text + "# EOF\n").utf8)
  }
}

/// The samples of one name.
struct MetricFamily: Sendable {
  typealias Labels = [(name: String, value: String)]

  var name: String
  var help: String
  var unit = ""
  var samples: [(labels: Labels, value: String)] = []

  mutating func add(_ labels: Labels, _ value: String) { samples.append((labels, value)) }

  /// Both bounds of what was measured: a number without its uncertainty is none.
  mutating func add(_ labels: Labels, _ elapsed: Elapsed?) {
    guard let elapsed else { return }
    add(labels + [("bound", "least")], Self.seconds(elapsed.atLeast))
    add(labels + [("bound", "most")], Self.seconds(elapsed.atMost))
  }

  func write(into text: inout String) {
    guard !samples.isEmpty else { return }
    text += "# TYPE \(name) gauge\n"
    if !unit.isEmpty { text += "# UNIT \(name) \(unit)\n" }
    text += "# HELP \(name) \(help)\n"
    for sample in samples {
      text += name
      for (index, label) in sample.labels.enumerated() {
        text += "\(index == 0 ? "{" : ",")\(label.name)=\"\(Self.escaped(label.value))\""
      }
      text += (sample.labels.isEmpty ? "" : "}") + " \(sample.value)\n"
    }
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in CleanText.line(value).unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Exact to the nanosecond.
  private static func seconds(_ duration: Duration) -> String {
    let nanoseconds = duration.nanoseconds
    let rest = String(nanoseconds.magnitude % 1_000_000_000)
    let padded = String(repeating: "0", count: 9 - rest.count) + rest
    return "\(nanoseconds < 0 ? "-" : "")\(nanoseconds.magnitude / 1_000_000_000).\(padded)"
  }
}

extension MetricFamily {
  static func all(of report: Report) -> [MetricFamily] {
    let site: Labels = [("site", report.header.site.name)]
    var run = MetricFamily(
      name: "takeover_run", help: "1: the run, its version, and what came of it.")
    run.add(
      site + [
        ("run", report.header.run), ("version", report.header.version),
        ("outcome", report.outcome.rawValue), ("end", report.end?.reason.rawValue ?? "killed"),
      ], "1")
    var began = MetricFamily(
      name: "takeover_run_start_timestamp_seconds", help: "When the run began, since 1970.",
      unit: "seconds")
    began.add(site, seconds(.nanoseconds(report.header.origin)))
    var healed = MetricFamily(
      name: "takeover_run_healed", help: "0: a node could not be healed, or the run was killed.")
    healed.add(site, report.end?.healed == true ? "1" : "0")
    var trials = MetricFamily(name: "takeover_trials", help: "How many trials came to what.")
    for (name, count) in counts(report) { trials.add(site + [("outcome", name)], "\(count)") }
    return [run, began, healed, trials] + measured(report, site)
  }

  private static func counts(_ report: Report) -> [(String, Int)] {
    let judged = report.trials.filter { !$0.isLeftOut }
    return Outcome.allCases.map { outcome in
      (outcome.rawValue, judged.count { $0.outcome == outcome })
    } + [
      ("skipped", report.trials.count { $0.state == .skipped }),
      ("unreached", report.trials.count { $0.state == .unreached }),
    ]
  }

  private static func measured(_ report: Report, _ site: Labels) -> [MetricFamily] {
    var passed = MetricFamily(
      name: "takeover_trial_passed",
      help: "1: every expectation was met. 0: one was not, or is open.")
    var taken = MetricFamily(
      name: "takeover_trial_takeover_seconds", help: "From the blow until another node had it.",
      unit: "seconds")
    var outage = MetricFamily(
      name: "takeover_trial_outage_seconds", help: "The longest time without a good answer.",
      unit: "seconds")
    var together = MetricFamily(
      name: "takeover_trial_two_holders_seconds", help: "Two nodes held one address.",
      unit: "seconds")
    var names: Set<[String]> = []
    for trial in report.trials where !trial.isLeftOut {
      var labels =
        site + [
          ("plan", trial.plan), ("trial", trial.name), ("repetition", "\(trial.repetition)"),
        ]
      // A second trial of one name would be the same series.
      var count = 1
      while !names.insert(labels.map { CleanText.line($0.value) }).inserted {
        count += 1
        labels[2].value = "\(trial.name) (\(count))"
      }
      passed.add(labels, trial.outcome == .pass ? "1" : "0")
      taken.add(labels, trial.timeline.takeoverTime)
      outage.add(labels, trial.timeline.longestOutage)
      together.add(labels, trial.timeline.overlaps.map(\.length).max { $0.atMost < $1.atMost })
    }
    return [passed, taken, outage, together]
  }
}

extension TrialTimeline {
  /// nil: nobody asked, or one did not end within sight, so that only its least is known.
  fileprivate var longestOutage: Elapsed? {
    guard outages.allSatisfy({ $0.until != nil }) else { return nil }
    return outages.map(\.length).max { $0.atMost < $1.atMost }
  }
}
