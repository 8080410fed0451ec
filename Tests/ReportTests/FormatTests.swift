// The formats: golden where every byte counts, rules where hostile text comes in.

internal import TakeoverModel
internal import TakeoverReport
internal import Testing

@Suite struct FormatTests {
  private func text(_ format: some ReportFormat, _ report: Report) throws -> String {
    String(decoding: try format.render(report), as: UTF8.self)
  }

  @Test func `report.md of a healthy run`() throws {
    #expect(try text(MarkdownReport(), GoldenReports.healthy()) == Golden.markdown)
  }

  @Test func `TEST-takeover.xml of a healthy run`() throws {
    #expect(try text(JUnitReport(), GoldenReports.healthy()) == Golden.junit)
  }

  @Test func `what the terminal shows at the end`() throws {
    let lines = TerminalSummary().lines(try GoldenReports.mixed())
    #expect(lines.joined(separator: "\n") + "\n" == Golden.terminal)
  }

  @Test func `the same report is the same bytes, and ends with a line end`() throws {
    for format in FormatCatalog.formats().kinds {
      let once = try format.render(GoldenReports.mixed())
      let again = try format.render(GoldenReports.mixed())
      #expect(once == again)
      #expect(once.last == UInt8(ascii: "\n"))
    }
  }

  @Test func `markdown leads with the verdict, shows failures and folds passes`() throws {
    let lines = try text(MarkdownReport(), GoldenReports.mixed()).split(separator: "\n")
    #expect(lines[0].hasPrefix("# FAIL: of 4 trials on lab.pair, 1 missed an expectation"))
    let fold = try #require(lines.firstIndex(of: "<details>"))
    let failure = try #require(lines.firstIndex(of: "## FAIL: crash"))
    #expect(failure < fold)
    #expect(lines[fold...].contains { $0.contains("PASS: graceful stop") })
    #expect(!lines[fold...].contains { $0.contains("FAIL") })
  }

  @Test func `remote text is no markup, no mention and no row`() throws {
    let markdown = try text(MarkdownReport(), GoldenReports.mixed())
    #expect(!markdown.contains("<b>"))
    #expect(!markdown.contains("@all"))
    #expect(!markdown.contains("\u{1B}"))
    #expect(markdown.contains("&lt;b&gt;\\|gone\\|&lt;/b&gt; ::error::&#64;all \\#x01"))
    #expect(!markdown.contains("\n::error"))
  }

  @Test func `the strict dialect has nothing that its schema does not know`() throws {
    let xml = try text(JUnitReport(dialect: .strict), GoldenReports.mixed())
    for word in [" file=", " line=", "atMost.ns", "<testsuites name=\"takeover\" skipped"] {
      #expect(!xml.contains(word), "\(word)")
    }
    let root = try #require(xml.split(separator: "\n").dropFirst().first)
    #expect(!root.contains("skipped=") && !root.contains("timestamp="))
  }

  @Test func `every kind of case stands for what happened`() throws {
    let xml = try text(JUnitReport(), GoldenReports.mixed())
    #expect(xml.contains("tests=\"13\" failures=\"2\" errors=\"4\" skipped=\"3\""))
    #expect(xml.contains("<failure message=\"a and b both held"))
    #expect(xml.contains("name=\"crash: heal\""))
    #expect(xml.contains("type=\"takeover.heal\""))
    #expect(xml.contains("type=\"takeover.unreached\""))
    #expect(xml.contains("name=\"graceful stop #2: takeover-within\""))
    #expect(xml.contains("&lt;doubt&gt; &amp; &quot;more&quot;: single-holder"))
  }

  @Test func `a run that was killed gives errors and skipped cases, never nothing`() throws {
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.repetitions = 2
    scenario.ends = nil
    scenario.runEnd = nil
    let xml = try text(JUnitReport(), scenario.judged())
    #expect(xml.contains("tests=\"3\" failures=\"0\" errors=\"2\" skipped=\"1\""))
    #expect(xml.contains("name=\"graceful stop #1: heal\""))
    #expect(xml.contains("type=\"takeover.broken\""))
    #expect(xml.contains("type=\"takeover.unreached\""))
  }

  @Test func `a plan that cannot be read is one error`() {
    let bytes = JUnitReport(dialect: .strict).render(
      unreadable: "Plans/a.b.yaml", problem: "line 3: \u{1B}[31mbad\u{1B}[0m <x> & \"y\"",
      began: 0)
    let xml = String(decoding: bytes, as: UTF8.self)
    #expect(xml.contains("tests=\"1\" failures=\"0\" errors=\"1\""))
    #expect(xml.contains("classname=\"takeover.plan.Plans/a_b_yaml\""))
    #expect(xml.contains("message=\"line 3: bad &lt;x&gt; &amp; &quot;y&quot;\""))
    #expect(xml.contains("timestamp=\"1970-01-01T00:00:00\""))
  }

  @Test func `with several plans each suite has its counts, and a property stands once`() throws {
    var report = try GoldenReports.healthy()
    report.header.plans.append(report.header.plans[0])
    var other = report.trials[0]
    other.timeline.header.plan = 1
    report.trials.append(other)
    let lines = try text(JUnitReport(), report).split(separator: "\n")
    #expect(lines.filter { $0.contains("<testsuite ") && $0.contains("tests=\"3\"") }.count == 2)
    #expect(lines.filter { $0.contains("name=\"takeover.run\"") }.count == 1)
    #expect(lines[1].contains("tests=\"6\""))
  }

  @Test func `attachments come first in the output`() throws {
    let report = try GoldenReports.healthy()
    let xml = try text(JUnitReport(attachments: ["timeline.png"]), report)
    #expect(xml.contains("<system-out>[[ATTACHMENT|timeline.png]]\nt0  "))
  }

  @Test func `two trials of one name stay apart, and long names are cut`() throws {
    var report = try GoldenReports.healthy()
    let long = String(repeating: "x", count: 2000)
    for name in ["twin", "twin", long, long] {
      var one = report.trials[0]
      one.name = name
      report.trials.append(one)
    }
    let xml = try text(JUnitReport(), report)
    let names = xml.split(separator: "\n").filter { $0.contains("<testcase") }
      .compactMap { $0.split(separator: "\"").dropFirst(3).first }
    #expect(names.count == 15)
    #expect(Set(names).count == 15)
    #expect(names.allSatisfy { $0.count <= 512 })
    #expect(names.contains("twin: takeover-within (2)"))
  }

  @Test func `results.json has each mark in three ways`() throws {
    let json = try text(ResultsReport(), GoldenReports.healthy())
    #expect(json.contains("\"axis\": [8688000000, 8688000000]"))
    #expect(json.contains("\"sinceBlow\": [687600000, 688000000]"))
    #expect(json.contains("\"wall\": [1795370021688000000, 1795370021688000000]"))
  }

  @Test func `live lines tell each mark as it happens`() {
    var live = MarkLine()
    let lines = Scenario.gracefulStop().observations.flatMap { live.see($0) }
    #expect(
      lines == [
        "a: Linux 6.1 by ssh (libssh2 1.10.0) root@a:22",
        "b: Linux 6.1 by ssh (libssh2 1.10.0) root@b:22",
        "graceful stop (1 of 1): stop-service on holder",
        "  a holds; standing by: b",
        "  t0  0.0 ms ± 200 µs     stop-service on a",
        "  in force on a",
        "      4.8 ms ± 200 µs     client/arp 172.17.16.3: no answer",
        "      9.8 ms ± 200 µs     client/echo 172.17.16.3: no answer",
        "  t2  687.8 ms ± 200 µs   b advertises, priority 100",
        "  t3  688.3 ms ± 200 µs   b announces 172.17.16.3",
        "  t5  689.9 ms ± 300 µs   client/echo 172.17.16.3: answers again",
        "  t5  704.9 ms ± 250 µs   client/arp 172.17.16.3: answers again",
        "  healing a",
        "  healed a",
        "  redundant again: b holds",
      ])
  }

  @Test func `a further blow stands at its own time`() {
    var scenario = Scenario.gracefulStop()
    let further = BlowStruck(
      node: "b", fault: FaultUse(kind: "freeze-process", arguments: Arguments()), command: "true",
      status: 0)
    scenario.extra = [Scenario.run(9000, .blow(further))]
    var live = MarkLine()
    let lines = scenario.observations.flatMap { live.see($0) }
    #expect(lines.contains("      999.8 ms ± 200 µs   freeze-process on b"), "\(lines)")
    #expect(lines.count { $0.hasPrefix("  t0") } == 1)
  }

  @Test func `colour never comes alone`() throws {
    let report = try GoldenReports.mixed()
    let plain = TerminalSummary().lines(report)
    let painted = TerminalSummary(colour: true).lines(report)
    #expect(!plain.joined().contains("\u{1B}"))
    #expect(painted.joined().contains("\u{1B}[31mFAIL\u{1B}[0m"))
    #expect(plain.count == painted.count)
  }
}
