// Configurations that nobody meant: broken copies of the corpus, from a seed, and the worst that a
// configuration can be. Each is read, soon. TAKEOVER_FUZZ says how many copies (2,000 otherwise),
// TAKEOVER_FUZZ_SEED from which seed (1 otherwise).

import Foundation
import TakeoverKeepalived
import TestSupport
import Testing

@Suite struct `Configurations that nobody meant` {
  private static let count = max(Fuzz.count ?? 2_000, 2_000)

  private static func corpus() throws -> [[UInt8]] {
    let disk = DiskFiles()
    return try FileManager.default.contentsOfDirectory(
      atPath: `The corpus of configurations`.folder
    )
    .filter { $0.hasSuffix(".conf") }.sorted()
    .compactMap { disk.bytes(`The corpus of configurations`.folder + "/" + $0) }
  }

  /// Includes that lead to each other, and to themselves.
  private static let files = ConfigurationFiles { pattern in
    guard !pattern.contains("nowhere") else { return [] }
    return [
      .init(path: "/x/a.inc", bytes: Array("priority 90\ninclude b.inc\n}\n".utf8)),
      .init(path: "/x/b.inc", bytes: Array("include a.inc\ninclude b.inc\n".utf8)),
    ]
  }

  @Test func `every broken copy is read`() throws {
    var random = SplitMix(state: Fuzz.seed)
    let corpus = try Self.corpus()
    var (refused, slowest) = (0, Duration.zero)
    for number in 0..<Self.count {
      let bytes = Self.breaking.broken(corpus[number % corpus.count], among: corpus, &random)
      let version = [DaemonVersion.bullseye, .bookworm, .trixie][number % 3]
      let start = ContinuousClock.now
      let reader = ConfigurationReader(host: Reader.host(version), files: Self.files)
      let configuration = reader.read(bytes, at: "/x/keepalived.conf")
      slowest = max(slowest, start.duration(to: .now))
      if configuration.isRefused { refused += 1 }
      if configuration.remarks.count > 903 { Issue.record("\(Fuzz.seed), \(number)") }
      for instance in configuration.instances {
        _ = configuration.effectivePriority(of: instance)
        _ = instance.masterDownInterval(priority: 100, in: configuration.globals)
        _ = instance.announcements(in: configuration.globals)
        _ = instance.mode(in: configuration.globals)
      }
    }
    print("\(Self.count) broken configurations: \(refused) refused, the slowest took \(slowest)")
    // They were broken, and yet not beyond recognition.
    #expect(refused > Self.count / 5)
    #expect(refused < Self.count)
  }

  private static let breaking = BrokenText(
    [.byte, .byte, .bit, .piece, .piece, .cut, .end, .lines, .word, .splice], pieces: pieces)

  private static let pieces = [
    "{", "}", "\"", "\\", "#", "!", "$A", "$A=1\n", "$A=$A\n", "$A=x $A $A\n", "@node-a ", "@^x ",
    "include a.inc\n", "include *\n", "includea nowhere\n", "~SEQ(I,1,3) ", "~SEQ(I,1,999999999) ",
    "~LST({A,B},{1,2}) ", "\\\n", "\n", "\r\n", "\u{0}", "\u{85}", "\u{feff}", "\u{1f600}",
    "priority 99999999999999999999\n", "advert_int 1e309\n", "weight -254 reverse\n",
    "${_RANDOM 9 1}",
    "{{{{{{{{{{{{", "}}}}}}", "vrrp_instance x {\n", "global_defs {\n", "'", "\\x", "\\c", "\\0",
  ]

  // MARK: The worst

  private static let worst: [(name: String, text: String)] = {
    func much(_ text: String) -> String {
      String(repeating: text, count: 200_000 / text.utf8.count)
    }
    func numbered(_ count: Int, _ text: (Int) -> String) -> String {
      (0..<count).map(text).joined()
    }
    let open = "vrrp_instance a {\n  interface eth0\n"
    return [
      ("braces", much("{")), ("closing braces", much("}")), ("both", much("{}")),
      ("nested", much("vrrp_instance a {\n")), ("a word", much("x")), ("words", much("x ")),
      ("lines", much("x\n")), ("blank lines", much("\n")), ("comments", much("#\n")),
      ("quotes", much("\"")), ("backslashes", much("\\")), ("dollars", much("$A ")),
      ("definitions", numbered(12_000) { "$A\($0)=x\n" }), ("a definition", "$A=" + much("x\\\n")),
      ("doubled", numbered(40) { "$A\($0)=$A\($0 + 1) $A\($0 + 1)\n" } + "$A0\n"),
      ("unrolled", "$A= \\\n x \\\n$A\n$A\n"), ("itself", "$A=$A\n$A\n"),
      ("sequences", "~SEQ(I,1,9999999999) ~SEQ(J,1,9999999999) x$I$J\n"),
      ("instances", numbered(8_000) { "vrrp_instance a\($0) {\n}\n" }),
      ("one name", much("vrrp_instance a {\n}\n")),
      (
        "addresses",
        open + "virtual_ipaddress {\n" + numbered(12_000) { "10.1.\($0 / 250).\($0 % 250)\n" }
      ),
      ("tracks", open + "track_interface {\n" + numbered(18_000) { "e\($0)\n" }),
      ("track blocks", open + numbered(6_000) { "track_interface {\ne\($0)\n}\n" }),
      (
        "groups",
        numbered(3_000) { "vrrp_instance a\($0) {\n}\n" }
          + numbered(3_000) { "vrrp_sync_group g\($0) { group { a\($0) } }\n" }
      ),
      ("peers", open + "unicast_peer {\n" + numbered(12_000) { "10.1.\($0 / 250).\($0 % 250)\n" }),
      ("includes", much("include a.inc\n")),
      ("too long", String(repeating: "x\n", count: 600_000)),
      ("zeros", much("\u{0}")), ("returns", much("\r")), ("conditions", much("@a x\n")),
    ]
  }()

  @Test(arguments: worst.indices)
  func `the worst that a configuration can be is read soon, in few words`(index: Int) {
    let (name, text) = Self.worst[index]
    let start = ContinuousClock.now
    let configuration = ConfigurationReader(host: Reader.host(), files: Self.files)
      .read(Array(text.utf8), at: "/x/keepalived.conf")
    #expect(configuration.remarks.count <= 903, "\(name)")
    #expect(configuration.remarks.allSatisfy { $0.sentence.utf8.count < 1_000 }, "\(name)")
    // A debug build on a machine that does other things needs a second or two.
    let taken = start.duration(to: .now)
    #expect(taken < .seconds(60), "\(name): \(taken)")
  }
}
