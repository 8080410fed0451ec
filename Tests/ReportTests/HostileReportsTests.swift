// Ten thousand reports whose every text is somebody else's: controls, ends of CDATA, lone surrogates on
// their way through the journal, megabytes. Each is a document that readers take.

import Foundation
import TakeoverModel
import TakeoverReport
import TestSupport
import Testing

@Suite struct `Hostile reports` {
  private static let pieces =
    [
      "\u{0}", "\u{1B}[31m", "\u{1B}]0;x\u{7}", "\u{8}", "\u{B}", "\u{7F}", "\u{85}", "\u{9B}1m",
      "\u{FEFF}", "\u{202E}",
      "\u{2028}", "]]>", "<![CDATA[", "<!--", "-->", "<!DOCTYPE x>", "&", "&amp;", "&#0;", "&x;",
      "</failure>", "</testcase><testcase name=\"forged\"/>", "<", ">", "\"", "'", "\r", "\n", "\t",
      "::error::x", "##[error]x", "[[ATTACHMENT|/etc/passwd]]", ".", "..", "|", "%0A", " ", "x",
      "\u{1F468}\u{200D}\u{1F469}", "e\u{301}\u{301}", "ß", "",
    ] + noncharacters
  /// What Unicode has sworn never to be a character.
  private static let noncharacters = [0xFFFE, 0xFFFF, 0xFDD0, 0x1_FFFE, 0x10_FFFF].compactMap {
    Unicode.Scalar($0).map { String(Character($0)) }
  }

  private static func text(_ random: inout SplitMix) -> String {
    let count = Int.random(in: 0...8, using: &random)
    return (0..<count).map { _ in
      if Int.random(in: 0..<4, using: &random) == 0 {
        let value = UInt32.random(in: 0...0x11_0000, using: &random)
        return Unicode.Scalar(value).map { String(Character($0)) } ?? "\u{FFFD}"
      }
      return pieces[Int.random(in: pieces.indices, using: &random)]
    }.joined()
  }

  private static let share = max((Fuzz.count ?? 1_000) / 10, 100)

  private static let models = Result { try `JUnit's rules`.reports().map { $0.1 } }

  /// One of the usual reports with other people's words in every place that has any.
  static func report(_ random: inout SplitMix) throws -> Report {
    let models = try models.get()
    var report = models[Int.random(in: models.indices, using: &random)]
    report.header.run = text(&random)
    report.header.version = text(&random)
    report.header.site.name = text(&random)
    for index in report.header.plans.indices {
      report.header.plans[index].name = text(&random)
      report.header.plans[index].source = text(&random)
    }
    report.end?.detail = text(&random)
    for index in report.trials.indices {
      report.trials[index].name = text(&random)
      report.trials[index].reason = text(&random)
      report.trials[index].timeline.doubts = [text(&random), text(&random)]
      report.trials[index].timeline.aftermath = [text(&random)]
      report.trials[index].timeline.targets = [text(&random)]
      for place in report.trials[index].findings.indices {
        report.trials[index].findings[place].sentence = text(&random)
        report.trials[index].findings[place].hint = text(&random)
        report.trials[index].findings[place].expected = text(&random)
      }
      for place in report.trials[index].timeline.trial.expectations.indices {
        report.trials[index].timeline.trial.expectations[place].check = text(&random)
      }
    }
    return report
  }

  /// Ten times as many, so that they are done beside each other; ten thousand by TAKEOVER_FUZZ=10000.
  @Test(arguments: 0..<10) func `they are valid documents`(share: Int) throws {
    var random = SplitMix(state: Fuzz.seed &+ UInt64(share) &* 0x1234_5678_9abc)
    for number in 0..<Self.share {
      let report = try Self.report(&random)
      let dialect: JUnitReport.Dialect = number % 2 == 0 ? .strict : .standard
      let bytes = JUnitReport(dialect: dialect, folder: Self.text(&random)).render(report)
      let broken = try JUnitRules.broken(bytes, isStrict: dialect == .strict)
      #expect(broken == [], "share \(share), number \(number)")
    }
  }

  @Test func `ten megabytes of output are one document, and no large one`() throws {
    var random = SplitMix(state: Fuzz.seed)
    for piece in ["]]>\u{0}<", "\u{1B}[31m", "é\u{301}", "x"] {
      let long = String(repeating: piece, count: 10_000_000 / piece.utf8.count)
      var report = try Self.report(&random)
      report.trials = [try GoldenReports.mixed().trials[2]]
      report.header.plans = try GoldenReports.mixed().header.plans
      report.trials[0].name = long
      report.trials[0].timeline.doubts = [long]
      report.trials[0].findings[0].sentence = long
      report.trials[0].findings[0].hint = long
      report.trials[0].timeline.targets = [long]
      for format in FormatCatalog.formats(folder: "x").kinds where !(format is ResultsReport) {
        #expect(try format.render(report).count < 400_000, "\(type(of: format))")
      }
      let bytes = JUnitReport(dialect: .strict).render(report)
      #expect(try JUnitRules.broken(bytes, isStrict: true) == [])
    }
  }

  /// A lone surrogate cannot stand in a string of ours. In a journal it can: as three bytes that are no
  /// UTF-8, which are repaired, or as JSON's escape, which makes a line that cannot be read.
  @Test func `lone surrogates become a sign of replacement, or a line that was not read`() throws {
    let step = Step(node: "a", outcome: .fail, detail: "SURROGATE")
    var scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    scenario.healed = nil
    scenario.extra = [Scenario.run(14_300, .healed(step))]
    let journal = String(
      decoding: try JournalReaderTests.bytes(scenario.observations), as: UTF8.self)
    let parts = journal.split(separator: "SURROGATE", maxSplits: 1)
    try #require(parts.count == 2)
    let kinds: [(bytes: [UInt8], words: String)] = [
      ([0xED, 0xA0, 0x80], "\u{FFFD}"), ([0xED, 0xBF, 0xBF], "\u{FFFD}"),
      (Array("\\ud800".utf8), "of the journal cannot be read"),
    ]
    for (bytes, words) in kinds {
      let broken = Array(parts[0].utf8) + bytes + Array(parts[1].utf8)
      let report = try Judge().judge(try JournalReader.read(broken))
      let text = String(decoding: JUnitReport().render(report), as: UTF8.self)
      #expect(text.contains(words), "\(text)")
      for dialect in JUnitReport.Dialect.allCases {
        let document = JUnitReport(dialect: dialect).render(report)
        #expect(try JUnitRules.broken(document, isStrict: dialect == .strict) == [])
      }
    }
  }
}
