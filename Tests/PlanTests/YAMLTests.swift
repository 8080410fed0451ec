// The layer under all three files: limits, places, and words that YAML readers quarrel about.

import TakeoverModel
import TakeoverPlan
import Testing

@Suite struct YAMLTests {
  static func with(_ line: String) -> String { Sample.plan + "    \(line)\n" }

  @Test func `a syntax error is a diagnostic with its place`() {
    #expect(Sample.places("version: 1\nname: [a\ntrials: x") == ["TK001 3:7"])
    #expect(Sample.places("version: 1\n\tname: x\n") == ["TK001 2:1"])
    #expect(Sample.places("a: 1\n---\nb: 1\n") == ["TK001 2:1"])
  }

  @Test func `an empty file is refused`() {
    #expect(Sample.places("") == ["TK006 1:1"])
    #expect(Sample.places("# nothing\n") == ["TK006 1:1"])
  }

  @Test func `a key that stands twice is reported with both places and the rest is read`() {
    let text = """
      version: 1
      name: a
      "name": b
      trials:
        - name: x
          fault: stop-service
          hold: 5
          hold: 5s
          expect: {transitions: 1}

      """
    let diagnostics = Sample.diagnostics(text)
    #expect(Sample.places(diagnostics) == ["TK004 3:1", "TK004 8:5"])
    #expect(
      diagnostics.map(\.suggestion) == [
        "it already stands at 2:1", "it already stands at 7:5",
      ])
  }

  @Test func `anchors, aliases, merges and tags are refused where they stand`() {
    let places = Sample.places("version: 1\nname: &a x\nwhy: *a\n")
    #expect(places.filter { $0.hasPrefix("TK003") } == ["TK003 2:7", "TK003 3:6"])
    #expect(Sample.places("<<: {a: 1}\n").contains("TK003 1:1"))
    #expect(Sample.places("version: !!int 1\n").contains("TK003 1:10"))
    #expect(Sample.places("version: 1\ntrials: &t\n  - name: x\n").contains("TK003 2:9"))
  }

  @Test func `what is refused is not reported as missing, too`() {
    let text = Sample.plan.replacing("name: sample", with: "name: &x sample")
      .replacing("takeover-within: 4s", with: "takover-within: *x")
    #expect(Sample.places(text) == ["TK003 2:7", "TK014 8:7", "TK003 8:23"])
  }

  @Test func `signs of anchors are plain characters inside text`() {
    let text = Sample.plan.replacing("name: sample", with: "name: sample\nwhy: a & b * c! \"x\"")
    let (plan, diagnostics) = Sample.planReader.read(text: text, path: "")
    #expect(diagnostics.isEmpty)
    #expect(plan?.why == "a & b * c! \"x\"")
  }

  @Test func `a billion laughs end at the first anchor`() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1..<30 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    text += "? *a29\n: x\n"
    #expect(Sample.places(text).contains("TK003 1:5"))
  }

  @Test func `depth and size are limited`() {
    #expect(Sample.places(String(repeating: "[", count: 500_000)) == ["TK002 1:101"])
    #expect(Sample.places(String(repeating: "- ", count: 100_000)) == ["TK002 1:201"])
    #expect(
      Sample.places(String(repeating: "[", count: 40) + String(repeating: "]", count: 40))
        .contains("TK002 1:34"))
    #expect(Sample.places(String(repeating: "#", count: 1 << 20 + 1)) == ["TK002 1:1"])
  }

  @Test func `control characters are refused, and never reach a terminal`() {
    let diagnostics = Sample.diagnostics("version: 1\nname: \u{1b}[31mred\n")
    #expect(Sample.places(diagnostics) == ["TK002 2:7"])
    #expect(!diagnostics.map(\.rendered).joined().contains("\u{1b}"))
  }

  @Test func `columns count characters`() {
    #expect(Sample.places("{\"e\u{301}\u{1f1e9}\u{1f1ea}\": 1, nam: x}\n").contains("TK005 1:11"))
  }

  @Test(arguments: [
    "5", "5 s", "1,5s", "s", "-1s", "5d", ".5s", "1.s", "1e3ms", "12:34", "0x1s", "0.5ns",
  ])
  func `what has no unit or is no number is not a duration`(word: String) {
    #expect(Sample.places(Self.with("settle: \(word)")).contains { $0.hasPrefix("TK008") })
  }

  @Test(
    arguments: [
      ("20ms", 20_000_000), ("3s", 3_000_000_000), ("1.5s", 1_500_000_000),
      ("2m", 120_000_000_000), ("250us", 250_000), ("0s", 0), ("1h", 3_600_000_000_000),
    ] as [(String, Int64)])
  func `durations are read exactly`(word: String, nanoseconds: Int64) {
    let (plan, _) = Sample.planReader.read(text: Self.with("settle: \(word)"), path: "")
    #expect(plan?.trials.first?.settle == .nanoseconds(nanoseconds))
  }

  @Test(arguments: [
    "0", "-1", "010", "1_000", "0x10", "1.0", "\"5\"", "99999999999999999999", "many",
  ])
  func `what is not a decimal count in range is refused`(word: String) {
    #expect(Sample.places(Self.with("repeat: \(word)")) == ["TK009 9:13"])
  }
}
