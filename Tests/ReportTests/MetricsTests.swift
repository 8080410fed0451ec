// takeover.prom: what a monitoring system reads, and how little a hostile name can do to it.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `OpenMetrics` {
  private static func lines(_ report: Report) -> [Substring] {
    String(decoding: MetricsReport().render(report), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  private static let labels =
    "site=\"lab.pair\",plan=\"nightly.stop\",trial=\"graceful stop\",repetition=\"1\""

  @Test func `a healthy run`() throws {
    let lines = Self.lines(try GoldenReports.healthy())
    #expect(lines.suffix(2) == ["# EOF", ""])
    for line in [
      "# TYPE takeover_run gauge",
      "takeover_run{site=\"lab.pair\",run=\"20261122-175333\",version=\"0.1\",outcome=\"pass\","
        + "end=\"completed\"} 1",
      "# UNIT takeover_run_start_timestamp_seconds seconds",
      "takeover_run_start_timestamp_seconds{site=\"lab.pair\"} 1795370013.000000000",
      "takeover_run_healed{site=\"lab.pair\"} 1",
      "takeover_trials{site=\"lab.pair\",outcome=\"pass\"} 1",
      "takeover_trials{site=\"lab.pair\",outcome=\"unreached\"} 0",
      "takeover_trial_passed{\(Self.labels)} 1",
      "takeover_trial_takeover_seconds{\(Self.labels),bound=\"least\"} 0.688100000",
      "takeover_trial_takeover_seconds{\(Self.labels),bound=\"most\"} 0.688500000",
      "takeover_trial_outage_seconds{\(Self.labels),bound=\"most\"} 0.720100000",
    ] {
      #expect(lines.contains { $0 == line }, "\(line)")
    }
    #expect(!lines.contains { $0.hasPrefix("takeover_trial_two_holders") })
  }

  @Test func `a run that was killed, or left a node broken, is not healed`() throws {
    var report = try GoldenReports.mixed()
    #expect(Self.lines(report).contains("takeover_run_healed{site=\"lab.pair\"} 0"))
    report.end = nil
    #expect(Self.lines(report).contains("takeover_run_healed{site=\"lab.pair\"} 0"))
    #expect(Self.lines(report).contains { $0.contains("end=\"killed\"} 1") })
  }

  @Test func `an outage whose end was not seen has no number`() throws {
    let report = try Scenario.noTakeover().judged()
    #expect(report.trials[0].timeline.outages.contains { $0.until == nil })
    #expect(!Self.lines(report).contains { $0.hasPrefix("takeover_trial_outage_seconds") })
  }

  @Test func `every series is there once, and every family in one piece`() throws {
    var report = try GoldenReports.mixed()
    report.trials += report.trials + report.trials
    report.trials[0].name = "a \"quoted\" \\ name\n# EOF\n\u{1B}[1m"
    let lines = Self.lines(report).filter { !$0.isEmpty }
    let samples = lines.filter { !$0.hasPrefix("#") }
    let series = samples.compactMap { $0.split(separator: "} ").first }
    #expect(Set(series).count == samples.count)
    #expect(samples.contains { $0.contains("trial=\"a \\\"quoted\\\" \\\\ name # EOF\"") })
    let families = samples.map { $0.prefix { $0 != "{" } }
    var runs: [Substring] = []
    for family in families where runs.last != family { runs.append(family) }
    #expect(Set(runs).count == runs.count)
    #expect(lines.count { $0 == "# EOF" } == 1 && lines.last == "# EOF")
  }

  @Test(arguments: `Hostile text`.indices) func `remote text is no line of its own`(index: Int)
    throws
  {
    func lines(_ text: String) throws -> [Substring] {
      Self.lines(try Judge().judge(`Hostile text`.journals(text)[index]))
    }
    #expect(try lines(`Hostile text`.hostile).count == lines("tame").count)
  }
}
