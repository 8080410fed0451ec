// What nodes say is somebody else's text: it may be read in every report, and is nothing but text in
// any of them. It cannot make an element, a row, a heading, a workflow command or a terminal's escape.

import Foundation
import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `Hostile text` {
  static let hostile =
    "\u{1B}[31mred\u{1B}]0;title\u{7}\u{9B}2J\u{1B}c ]]> </failure></testcase><testcase name=\"forged\"/>"
    + " <script>x</script> <!-- | a | b |\n::error::forged\r\n  ::set-output name=x::y\n"
    + "##[error]forged ##vso[task.complete result=Succeeded]x\n# heading\n---\n- item\n| a | b |\n"
    + "\u{202E}bidi\u{2066}\u{200B}\u{FEFF}\u{E0041}\u{2028}::warning::x\u{85}::debug::y\u{0}\u{8}"
    + "\u{7F} &amp; `code` [link](x) ![i](u) ~~s~~ $m$ \\ \u{1B}]8;;x\u{1B}\\ end"

  /// Where a node's text can come in, each as a story with the text in it.
  static func stories(_ text: String) -> [Scenario] {
    let limit = Expectation.takeoverWithin(.seconds(1))
    func story(_ change: (inout Scenario) -> Void, _ events: (Double, String, Event)...) -> Scenario
    {
      var scenario = Scenario.gracefulStop(limit, .singleHolder(.zero))
      change(&scenario)
      scenario.extra = events.map { time, source, event in
        Observation(when: Interval(at: Scenario.at(time)), source: source, event: event)
      }
      return scenario
    }
    let step = Step(node: "a", outcome: .fail, detail: text)
    let described = NodeDescription(
      node: "a", transport: text, system: text,
      links: [.init(name: text, mac: Scenario.mac("a"), addresses: [])])
    let state = CaptureState(
      port: "port-a", received: 1, dropped: 0, trouble: [text], counts: [text: 7])
    let clock = ClockReading(clock: text, realtime: 7, resolution: 1, means: text)
    return [
      story({ $0.confirmed = nil }, (8050, "run", .confirmed(step))),
      story({ $0.healed = nil }, (14300, "run", .healed(step))),
      story({ $0.restoredTo = nil }, (19999, "run", .notRestored(Note(text)))),
      story({ $0.runEnd = RunEnd(reason: .stopped, detail: text, healed: false) }),
      story(
        { _ in }, (6000, "run", .nodeDescribed(described)), (9000, text, .observerDied(Note(text))),
        (9000, "wire/port-a", .captureState(state)), (9001, "a", .clock(clock)),
        (9002, "run", .note(Note(text))), (9003, "journal", .note(Note(text)))),
    ]
  }

  /// A trial that never came to its blow, for two reasons that a node gave.
  static func refused(_ text: String) -> [Observation] {
    let scenario = Scenario.gracefulStop(.takeoverWithin(.seconds(1)))
    return scenario.observations.compactMap { observation in
      switch observation.event {
      case .blow, .confirmed, .healing, .healed, .restored: return nil
      case .gatePassed:
        var refused = observation
        refused.event = .gateRefused(Note(text))
        return refused
      default: return observation
      }
    } + [
      Scenario.run(
        19_000, .prepared(Step(node: "a", outcome: .unknown, detail: text)))
    ]
  }

  static func journals(_ text: String) -> [[Observation]] {
    stories(text).map(\.observations) + [refused(text)]
  }

  static let indices = 0..<6

  private static func report(_ index: Int, _ text: String) throws -> Report {
    try Judge().judge(journals(text)[index])
  }

  private static func lines(_ format: some ReportFormat, _ index: Int, _ text: String) throws
    -> [Substring]
  {
    String(decoding: try format.render(try report(index, text)), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Nothing that moves a cursor, turns text around or hides.
  static func isPlain(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      let category = scalar.properties.generalCategory
      return category != .control && category != .format || scalar == "\n"
    }
  }

  /// Nothing that a CI system takes for its own.
  static func isNoCommand(_ line: some StringProtocol) -> Bool {
    let words = line.drop { $0.isWhitespace }
    return !words.hasPrefix("::") && !line.contains("##[") && !line.contains("##vso[")
  }

  @Test(arguments: indices) func `the text reaches every report`(index: Int) throws {
    for format in FormatCatalog.formats().kinds where !(format is JUnitReport) {
      #expect(try Self.lines(format, index, "needle").joined().contains("needle"))
    }
  }

  @Test(arguments: indices) func `it makes no element of JUnit`(index: Int) throws {
    for dialect in JUnitReport.Dialect.allCases {
      let tame = try JUnitDocument(JUnitReport(dialect: dialect).render(Self.report(index, "tame")))
      let bytes = JUnitReport(dialect: dialect).render(try Self.report(index, Self.hostile))
      let document = try JUnitDocument(bytes)
      #expect(document.elements == tame.elements)
      #expect(document.cases.map(\.name) == tame.cases.map(\.name))
      #expect(document.cases.map(\.status) == tame.cases.map(\.status))
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(Self.isPlain(text))
      #expect(text.split(separator: "\n").allSatisfy(Self.isNoCommand))
    }
  }

  @Test(arguments: indices) func `it makes no row, heading or HTML of Markdown`(index: Int) throws {
    let tame = try Self.lines(MarkdownReport(), index, "tame")
    let lines = try Self.lines(MarkdownReport(), index, Self.hostile)
    #expect(lines.count == tame.count)
    let tags = ["<details>", "</details>", "<summary>", "</summary>"]
    for (line, other) in zip(lines, tame) {
      #expect(Self.isPlain(line) && Self.isNoCommand(line), "\(line)")
      #expect(line.prefix(2) == other.prefix(2), "\(line)")
      #expect(Self.bars(line) == Self.bars(other), "\(line)")
      let bare = tags.reduce(String(line)) { $0.replacing($1, with: "") }
      #expect(!bare.contains("<") && !bare.contains(">"), "\(line)")
    }
  }

  /// The signs that part cells.
  private static func bars(_ line: Substring) -> Int {
    var count = 0
    var isEscaped = false
    for character in line {
      if character == "|", !isEscaped { count += 1 }
      isEscaped = character == "\\" && !isEscaped
    }
    return count
  }

  @Test(arguments: indices) func `it is kept whole in JSON, and shown as nothing else`(index: Int)
    throws
  {
    let bytes = ResultsReport().render(try Self.report(index, Self.hostile))
    #expect(Self.isPlain(String(decoding: bytes, as: UTF8.self)))
    let read = try JSONSerialization.jsonObject(with: Data(bytes))
    #expect(Self.texts(in: read).contains { $0.contains(Self.hostile) })
  }

  private static func texts(in value: Any) -> [String] {
    switch value {
    case let text as String: [text]
    case let list as [Any]: list.flatMap(texts)
    case let object as [String: Any]: object.values.flatMap(texts)
    default: []
    }
  }

  @Test(arguments: indices) func `it moves no cursor, and commands nobody who reads the log`(
    index: Int
  ) throws {
    func shown(_ text: String) throws -> [String] {
      var live = MarkLine()
      return Self.journals(text)[index].flatMap { live.see($0) }
        + TerminalSummary().lines(try Self.report(index, text))
    }
    let lines = try shown(Self.hostile)
    #expect(try lines.count == shown("tame").count)
    for line in lines {
      #expect(Self.isPlain(line) && !line.contains("\n"), "\(line.debugDescription)")
      #expect(Self.isNoCommand(line), "\(line)")
    }
  }

  @Test func `a trial's name is text, too`() throws {
    var observations = Scenario.gracefulStop(.takeoverWithin(.seconds(1))).observations
    guard case .runBegan(var header) = observations[0].event else { return }
    header.plans[0].trials[0].name = "::error::" + Self.hostile
    observations[0].event = .runBegan(header)
    let report = try Judge().judge(observations)
    let document = try JUnitDocument(JUnitReport().render(report))
    #expect(document.cases.count == 1)
    let markdown = String(decoding: MarkdownReport().render(report), as: UTF8.self)
    var live = MarkLine()
    let lines =
      TerminalSummary().lines(report) + observations.flatMap { live.see($0) }
      + markdown.split(separator: "\n").map(String.init)
    for line in lines { #expect(Self.isPlain(line) && Self.isNoCommand(line), "\(line)") }
  }

  @Test func `megabytes without a line end are cut where people read them`() throws {
    let long = String(repeating: "\u{1B}[1mx", count: 2_000_000)
    for index in Self.indices {
      let report = try Self.report(index, long)
      #expect(try JUnitDocument(JUnitReport().render(report)).cases.count >= 1)
      #expect(JUnitReport().render(report).count < 200_000)
      #expect(MarkdownReport().render(report).count < 200_000)
      #expect(TerminalSummary().lines(report).allSatisfy { $0.utf8.count < 10_000 })
    }
  }

  @Test func `ill-formed bytes of a node are repaired on the way into the journal's reader`() throws
  {
    for index in Self.indices {
      var bytes: [UInt8] = []
      for byte in try JournalReaderTests.bytes(Self.journals("caf\u{1}")[index]) {
        bytes.append(byte)
      }
      let whole = String(decoding: bytes, as: UTF8.self).replacing("caf\\u0001", with: "caf~")
      let broken = whole.utf8.flatMap { $0 == UInt8(ascii: "~") ? [0xFF, 0xC3, 0x28] : [$0] }
      let report = try Judge().judge(try JournalReader.read(broken))
      for format in FormatCatalog.formats().kinds {
        let text = String(validating: try format.render(report), as: UTF8.self)
        #expect(text != nil)
      }
      _ = try JUnitDocument(JUnitReport().render(report))
    }
  }
}
