// TEST-takeover.xml keeps the rules that its readers have, in both dialects, whatever became of the run.

import Foundation
import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `JUnit's rules` {
  /// Every way a run can end.
  static func reports() throws -> [(String, Report)] {
    var killed = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    killed.repetitions = 3
    killed.ends = nil
    killed.runEnd = nil
    var interrupted = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    interrupted.repetitions = 2
    interrupted.runEnd = RunEnd(reason: .interrupted, detail: "SIGTERM")
    var empty = try GoldenReports.healthy()
    empty.header.plans[0].trials = []
    empty.trials = []
    var none = empty
    none.header.plans = []
    var several = try GoldenReports.mixed()
    several.header.plans.append(several.header.plans[0])
    several.header.plans[1].name = "a.b.c"
    for index in several.trials.indices.dropFirst(2) {
      several.trials[index].timeline.header.plan = 1
    }
    var dotted = try GoldenReports.healthy()
    dotted.header.site.name = "...\n. "
    dotted.header.plans[0].name = ""
    return [
      ("healthy", try GoldenReports.healthy()), ("mixed", try GoldenReports.mixed()),
      ("crash", try Scenario.crash(.singleHolder(.zero)).judged()),
      ("killed", try killed.judged()), ("interrupted", try interrupted.judged()),
      ("refused", try Judge().judge(`Hostile text`.refused("no"))),
      ("without trials", empty), ("without plans", none), ("two plans", several),
      ("odd names", dotted),
    ]
  }

  @Test(arguments: JUnitReport.Dialect.allCases) func `every document keeps them`(
    dialect: JUnitReport.Dialect
  ) throws {
    for (name, report) in try Self.reports() {
      for folder in [nil, "Reports/x"] {
        let bytes = JUnitReport(dialect: dialect, folder: folder).render(report)
        let broken = try JUnitRules.broken(bytes, isStrict: dialect == .strict)
        #expect(broken == [], "\(name)")
      }
    }
    for problem in ["", "line 1\nline 2", `Hostile text`.hostile] {
      let bytes = JUnitReport(dialect: dialect)
        .render(unreadable: "Plans/a.b.yaml", problem: problem + ".", began: 1)
      #expect(try JUnitRules.broken(bytes, isStrict: dialect == .strict) == [])
    }
  }

  @Test func `what breaks them is seen`() throws {
    let good = String(decoding: JUnitReport().render(try GoldenReports.mixed()), as: UTF8.self)
    let changes: [(String, String, String)] = [
      ("tests=\"13\"", "tests=\"12\"", "testsuites/@tests is not 13"),
      ("time=\"15.000\"", "time=\"15.0\"", "/@time is 15.0"),
      ("T17:53:33\"", "T17:53:33Z\"", "testsuites/@timestamp is 2026-11-22T17:53:33Z"),
      ("type=\"takeover.", "type=\"", "its type is"),
      ("<failure message=\"", "<failure message=\"x", "its text is another"),
      ("name=\"crash: heal\"", "name=\"crash: single-holder\"", "two cases have one name"),
      ("<system-out>", "<system-out>x\n[[ATTACHMENT|y]]\n", "an attachment is late"),
      (
        "classname=\"takeover.lab", "classname=\"takeover.a.lab",
        "is not takeover, a site and a plan"
      ),
    ]
    for (from, to, sentence) in changes {
      let range = try #require(good.range(of: from), "\(from)")
      let bad = good.replacingCharacters(in: range, with: to)
      let broken = try JUnitRules.broken(Array(bad.utf8), isStrict: false)
      #expect(broken.contains { $0.contains(sentence) }, "\(to): \(broken)")
    }
    // And the standard dialect has what the strict one must not.
    #expect(try !JUnitRules.broken(Array(good.utf8), isStrict: true).isEmpty)
  }

  @Test func `names are the same from run to run, whatever was measured and when`() throws {
    func names(_ change: (inout Scenario) -> Void) throws -> [[String]] {
      var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)), .singleHolder(.zero))
      scenario.repetitions = 3
      change(&scenario)
      var observations = scenario.observations
      if case .runBegan(var header) = observations[0].event {
        header.run = "another-\(observations.count)"
        header.origin += Int64(observations.count) * 86_400_000_000_000
        header.version = "9.9"
        observations[0].event = .runBegan(header)
      }
      let bytes = JUnitReport(folder: "Reports/x").render(try Judge().judge(observations))
      return try XMLTree.parsed(bytes).all("testcase").map {
        [$0.attributes["classname"] ?? "", $0.attributes["name"] ?? ""]
      }
    }
    let usual = try names { _ in }
    #expect(usual.count == 6)
    #expect(try names { $0.announcements = [(node: "b", at: 9700)] } == usual)
    #expect(try names { $0.held = [] } == usual)
    #expect(try names { $0.confirmed = .fail } == usual)
    let killed = try names {
      $0.ends = nil
      $0.runEnd = nil
    }
    #expect(killed.filter { !$0[1].hasSuffix(": heal") } == usual)
  }

  @Test func `a case in flight is an error, one that was not reached is skipped`() throws {
    let killed = try #require(try Self.reports().first { $0.0 == "killed" }?.1)
    let cases = try XMLTree.parsed(JUnitReport().render(killed)).all("testcase")
    let verdicts = cases.map { one in one.children.map(\.name).first { $0 != "properties" } ?? "" }
    #expect(verdicts == ["error", "error", "skipped", "skipped"])
  }

  @Test func `exact values are in the properties, to the nanosecond`() throws {
    let root = try XMLTree.parsed(JUnitReport().render(try GoldenReports.healthy()))
    let first = try #require(root.all("testcase").first)
    let values = first.all("property").map { $0.attributes["value"] }
    #expect(values == ["takeover-within 1s", "688100000", "688500000"])
  }

  /// A bracket too many, and one that U+0D4E, which is prepended, makes a part of a larger Character.
  @Test(arguments: ["[[", "[[[", "\u{D4E}[["])
  func `what a node says attaches no file`(brackets: String) throws {
    var report = try GoldenReports.healthy()
    report.trials[0].timeline.aftermath = ["\(brackets)ATTACHMENT|/etc/passwd]]"]
    let bytes = JUnitReport(folder: "Reports/x").render(report)
    #expect(try JUnitRules.broken(bytes, isStrict: false) == [])
    #expect(String(decoding: bytes, as: UTF8.self).contains("/etc/passwd"))
  }

  @Test func `an output of megabytes is cut, and its attachments stay`() throws {
    var report = try GoldenReports.healthy()
    report.trials[0].timeline.marks.lastAnswers = Dictionary(
      uniqueKeysWithValues: (0..<3_000).map {
        ("vantage \($0) \u{1B}[1m&<>\u{0}", Interval(at: Moment(nanoseconds: 9_000_000_000)))
      })
    for dialect in JUnitReport.Dialect.allCases {
      let bytes = JUnitReport(dialect: dialect, folder: "Reports/x").render(report)
      #expect(try JUnitRules.broken(bytes, isStrict: dialect == .strict) == [])
      let output = try #require(try XMLTree.parsed(bytes).all("system-out").first?.text)
      #expect(output.utf8.count > 60_000 && output.hasPrefix("[[ATTACHMENT|Reports/x/pictures/"))
      #expect(output.hasSuffix("…"))
    }
  }
}
