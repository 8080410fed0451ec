// report.md in a job's summary: a timeline in letters, within the bytes that there are.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `A job's summary` {
  private static func markdown(_ report: Report, most: Int = 900_000) -> String {
    String(decoding: MarkdownReport(most: most).render(report), as: UTF8.self)
  }

  /// The lines of the first block of code.
  private static func timeline(_ scenario: Scenario) throws -> [Substring] {
    let lines = markdown(try scenario.judged()).split(
      separator: "\n", omittingEmptySubsequences: false)
    let begin = try #require(lines.firstIndex(of: "```text"))
    let end = try #require(lines[begin...].firstIndex(of: "```"))
    return Array(lines[(begin + 1)..<end])
  }

  @Test func `a crash in letters`() throws {
    let lines = try Self.timeline(Scenario.crash(.takeoverWithin(.seconds(4))))
    #expect(lines.joined(separator: "\n") == Golden.timeline)
  }

  @Test(arguments: 0..<4) func `no line is wider than its names and columns`(story: Int) throws {
    let stories = [
      Scenario.gracefulStop(.takeoverWithin(.milliseconds(700))), Scenario.linkDown(),
      Scenario.failback(), Scenario.noTakeover(),
    ]
    var scenario = stories[story]
    scenario.fault = "a-fault-with-a-name-that-is-longer-than-any-line-of-this-picture-could-be"
    let lines = try Self.timeline(scenario)
    #expect(lines.count > 8)
    for line in lines.dropLast() { #expect(line.count <= 21 + 56 + 6, "\(line)") }
  }

  @Test func `names cannot end the block or look like a tag`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.fault = "```\n<b>|x|"
    let lines = try Self.timeline(scenario)
    #expect(lines.contains { $0.contains("''' ‹b›¦x¦ on a") }, "\(lines)")
  }

  @Test func `it keeps within the bytes that there are, and says what is left out`() throws {
    var report = try GoldenReports.mixed()
    report.trials = (0..<1_000).map { report.trials[[0, 2, 3][$0 % 3]] }
    for most in [5_000, 40_000, MarkdownReport.mostOfSummary] {
      let text = Self.markdown(report, most: most)
      #expect(text.utf8.count <= most)
      #expect(text.hasPrefix("# FAIL: of 1000 trials on lab.pair"))
      #expect(text.contains("more rows are in `results.json`.") == (most < 100_000))
      #expect(text.contains("more trials are in `results.json`."))
    }
  }
}
