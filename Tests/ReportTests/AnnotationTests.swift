// Workflow commands for GitHub: ours, few, and nobody else's.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `Annotations for GitHub` {
  @Test func `a failure is an error, no verdict a warning, a node that was not healed an error`()
    throws
  {
    let found = Annotations.found(in: try GoldenReports.mixed())
    #expect(found.map(\.level) == [.error, .error, .warning])
    let lines = Annotations.lines(found)
    #expect(lines.count == 3)
    #expect(
      lines[0].hasPrefix(
        "::error file=Plans/nightly.yaml,line=7,title=FAIL%3A crash::"
          + "b took 172.17.16.3 3.0103 s ± 200 µs after the blow"))
    #expect(
      lines[1].hasPrefix("::error file=Plans/nightly.yaml,line=7,title=not healed%3A crash::"))
    #expect(lines[2].hasPrefix("::warning file="))
  }

  @Test func `what passed says nothing`() throws {
    #expect(Annotations.found(in: try GoldenReports.healthy()).isEmpty)
    #expect(Annotations.lines([]).isEmpty)
  }

  @Test func `the sentence is that of what failed, with the cause`() throws {
    let report = try Scenario.crash(.takeoverWithin(.seconds(4)), .singleHolder(.zero)).judged()
    let found = Annotations.found(in: report)
    #expect(found.count == 1)
    #expect(found[0].message.hasPrefix("a and b both held 172.17.16.3"))
    #expect(found[0].message.contains("nothing was left to take the address away"))
  }

  @Test func `of each level there are nine, and the tenth says how many more`() throws {
    let found = Annotations.found(in: try GoldenReports.mixed())
    let lines = Annotations.lines(Array(repeating: found, count: 30).flatMap(\.self))
    #expect(lines.count == 20)
    #expect(lines[9] == "::error title=takeover::51 more are in the job's summary.")
    #expect(lines[19] == "::warning title=takeover::21 more are in the job's summary.")
    #expect(Annotations.lines(Array(repeating: found[2], count: 9)).count == 9)
  }

  @Test func `a mistake in a plan stands at its line, any other message by itself`() {
    let message = """
      Plans/x.yaml:14:7: error[TK012]: unknown fault "kill-proces": no
         |
      14 |       fault: kill-proces
      Plans/x.yaml:15:1: error[TK001]: y
      """
    #expect(
      Annotations.lines(Annotations.found(inMessage: message)) == [
        "::error file=Plans/x.yaml,line=14,title=takeover::error[TK012]: unknown fault "
          + "\"kill-proces\": no",
        "::error file=Plans/x.yaml,line=15,title=takeover::error[TK001]: y",
      ])
    #expect(
      Annotations.lines(Annotations.found(inMessage: "a is gone\n::error::x"))
        == ["::error title=takeover::a is gone"])
    #expect(Annotations.found(inMessage: "").isEmpty)
  }

  @Test(arguments: `Hostile text`.indices) func `remote text is one line's message`(index: Int)
    throws
  {
    var report = try Judge().judge(`Hostile text`.journals(`Hostile text`.hostile)[index])
    report.trials[0].name = `Hostile text`.hostile + ",file=x::"
    report.header.plans[0].source = "a,b:c%\n::error::x"
    let lines = Annotations.lines(Annotations.found(in: report))
    for line in lines {
      #expect(!line.contains("\n") && !line.contains("\r"))
      let parts = line.split(separator: "::", omittingEmptySubsequences: false)
      let properties = try #require(parts.dropFirst().first)
      // Exactly the properties that we wrote, in spite of commas and colons in their values.
      let keys = properties.drop { $0 != " " }.dropFirst().split(separator: ",")
        .map { $0.prefix { $0 != "=" } }
      #expect(keys == ["file", "line", "title"], "\(line)")
      #expect(properties.contains("file=a%2Cb%3Ac%25 "), "\(line)")
      #expect(!line.dropFirst(2).contains("##["))
    }
  }
}
