// Plans, sites and labs that nobody meant: broken copies of those that people run, from a seed, and
// the worst that YAML can be. Each is read or refused, soon. TAKEOVER_FUZZ says how many copies
// (a hundredth of it; 2,000 otherwise), TAKEOVER_FUZZ_SEED from which seed (1 otherwise).

import TakeoverModel
import TakeoverPlan
import TestSupport
import Testing

@Suite struct `Files that nobody meant` {
  private static let count = Fuzz.count.map { max($0 / 100, 2_000) } ?? 2_000

  @Test func `every broken copy is read or refused`() throws {
    var random = SplitMix(state: Fuzz.seed)
    let files = try PlansTests.files().map { Array($0.text.utf8) }
    var (read, refused) = (0, 0)
    for number in 0..<Self.count {
      let bytes = Self.breaking.broken(files[number % files.count], among: files, &random)
      let text = String(decoding: bytes, as: UTF8.self)
      if !PlansTests.holds(text) { Issue.record("seed \(Fuzz.seed), \(number): \(text)") }
      if PlansTests.read(text, "").0 { read += 1 } else { refused += 1 }
    }
    // They were broken, and yet not beyond recognition.
    #expect(read > Self.count / 50)
    #expect(refused > Self.count / 3)
  }

  private static let breaking = BrokenText(
    [.byte, .byte, .bit, .piece, .piece, .cut, .lines, .splice], pieces: pieces)

  private static let pieces = [
    ":", "- ", "[", "]", "{", "}", "\n", "  ", "\t", "&a ", "*a", "!!int ", "<<: ", "|\n", ">",
    "'", "\"", "#", "? ", "---\n", "%", "\u{0}", "\u{85}", "\u{e000}", "\u{1f600}", "fault: ",
    "name: x\n", "\\u0000", "\r\n", "\u{feff}", "999999999999h", "-1", "0x10", ": : : : ",
  ]

  // MARK: The worst

  /// Just within the limits, a megabyte, and ten.
  private static let worst: [(name: String, text: String)] = {
    func much(_ text: String) -> String {
      String(repeating: text, count: 1_000_000 / text.utf8.count)
    }
    func many(_ text: String) -> String { String(repeating: text, count: 19_000) }
    func wide(_ text: String) -> String {
      many(String(repeating: text, count: 9_000 / text.utf8.count) + "\n").prefix(150_000) + "]"
    }
    return [
      ("many keys", (0..<19_000).map { "k\($0): v\n" }.joined()), ("one key", many("a: b\n")),
      ("a list", many("- a\n")), ("wide list", "[" + wide("a,")), ("wide list", "[" + wide("é,")),
      ("wrong trials", "trials:\n" + many("- x\n")),
      ("blanks", "why: " + much(" \n").prefix(38_000)),
      ("nested colons", String(repeating: ": ", count: 95)), ("braces", many("{}\n")),
      ("nested", String(repeating: "[", count: 99) + String(repeating: "]", count: 99)),
      ("wrong nodes", "nodes: {" + (0..<6_000).map { "n\($0): {x: y},\n" }.joined() + "}"),
      ("flow list", "[" + much("a,") + "]"), ("flow list of lines", "[" + much("a,\n") + "]"),
      ("flow map", "{" + much("é: x, ") + "}"), ("list", much("- a\n")),
      ("list of nothing", much("-\n")), ("map of one key", much("a: b\n")),
      ("map", (0..<90_000).map { "k\($0): v\n" }.joined()),
      ("a text", "why: \"" + much("x") + "\""),
      ("a text of lines", "why: |\n" + much("  x\n")), ("a key", much("k") + ": v"),
      ("wide lines", much(String(repeating: "é ", count: 4_000) + "\n")),
      ("many in a wide line", much("[" + String(repeating: "é,", count: 3_000) + "]\n")),
      ("colons", much(": ")), ("colons of lines", much(": \n")), ("questions", much("? ")),
      ("quotes", much("\"")), ("anchors", much("&a ")), ("aliases", "[" + much("*a,") + "]"),
      ("tags", much("!a ")), ("documents", much("---\n")), ("directives", much("%YAML 1.1\n")),
      ("tabs", much("\t")), ("line ends", much("\n")), ("returns", much("\r")),
      ("NULs", much("\0")), ("combining", "a" + much("\u{301}")), ("comments", much("#\n")),
      ("unknown keys", "version: 1\n" + (0..<50_000).map { "x\($0): y\n" }.joined()),
      ("wrong trials", "trials:\n" + much("- {name: [], fault: {}, hold: x}\n")),
      ("deep", (0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
      ("10 MB", String(repeating: "a: b\n", count: 2_000_000)),
      ("10 MB in one word", "why: " + String(repeating: "x", count: 10_000_000)),
    ]
  }()

  @Test(arguments: worst.indices)
  func `the worst that YAML can be is refused soon, in few words`(index: Int) {
    let (name, text) = Self.worst[index]
    let start = ContinuousClock.now
    let diagnostics = PlansTests.read(text, "worst.yaml").1
    #expect(diagnostics.contains { $0.severity == .error }, "\(name)")
    #expect(diagnostics.count <= 201, "\(name)")
    #expect(diagnostics.allSatisfy { $0.rendered.utf8.count < 4_000 }, "\(name)")
    // A debug build on a machine that does other things needs a second or two.
    let taken = start.duration(to: .now)
    #expect(taken < .seconds(60), "\(name): \(taken)")
  }

  @Test func `more mistakes than anybody reads are counted`() {
    let text = "version: 1\n" + (0..<1_000).map { "x\($0): y\n" }.joined()
    let diagnostics = Sample.diagnostics(text)
    #expect(diagnostics.count == 201)
    // 1,000 unknown keys, and two that are missing.
    #expect(diagnostics.last?.message == "802 more mistakes are not shown")
  }
}
