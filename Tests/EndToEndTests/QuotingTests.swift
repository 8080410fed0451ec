// Any text in an argument arrives byte for byte, whoever carries it and however it is run: random
// vectors, from a seed, of what shells and transports might trip over. A Command is made of Strings:
// well-formed UTF-8, with every character but NUL. (Bytes that are no text never get into one.)

import Foundation
import TakeoverModel
import TakeoverRemote
import TestSupport
import Testing

/// A seeded maker of arguments.
struct Vectors: RandomNumberGenerator {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  mutating func next() -> UInt64 { random.next() }

  private static let pieces = [
    "'", "''", "\"", "\\", "\\\\", "\\n", "\n", "\n\n", "\r", "\r\n", "$(id)", "`id`", "$HOME",
    "${x}", "$'a'", "$1", "$@", "!", "!!", "-", "--", "-n", "-e", "-x", "~", "*", "?", "[a-z]",
    "{a,b}",
    ";", "&", "&&", "|", ">", "<", "<<X", "#", " ", "\t", "%s", "%", "=", "a=b", "if", "}", ")",
    "(",
    "EOF", "'\u{301}", "\u{1}", "\u{7}", "\u{8}", "\u{1B}[31m", "\u{7F}", "\u{80}", "\u{85}",
    "\u{FEFF}",
    "\u{202E}", "\u{FFFD}", "\u{FFFF}", "日本", "🙂", "\u{10FFFF}", "\u{4}", "\u{3}", "\u{1A}", "~.",
    "printf '\\001", "exit 3", "$?", "take over",
  ]

  /// One argument: nothing, a piece, or up to 30 of pieces and any characters; now and then 100 kB.
  mutating func word() -> String {
    var word = ""
    for _ in 0..<([0, 1, 1, 2, 5, 30].randomElement(using: &self) ?? 1) {
      if Bool.random(using: &self) {
        word += Self.pieces.randomElement(using: &self) ?? ""
      } else if let scalar = Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &self)) {
        word.unicodeScalars.append(scalar)
      }
    }
    guard Int.random(in: 0..<150, using: &self) == 0 else { return word }
    let unit = word.isEmpty ? "'\n\\$x" : word
    return String(repeating: unit, count: 100_000 / unit.utf8.count)
  }

  mutating func vector() -> [String] {
    (0..<Int.random(in: 0...6, using: &self)).map { _ in word() }
  }

  /// Sends `count` vectors each way that a command can go, and compares what comes out there.
  static func arrive(
    by node: any Transport, count: Int, seed: UInt64 = 3
  ) async throws {
    var vectors = Vectors(seed: seed)
    let limit = TransportContract.limit
    for number in 0..<count {
      let words = vectors.vector()
      let expected: [UInt8] = words.flatMap { Array($0.utf8) + [UInt8(0)] }
      // printf with a format alone prints it once, without any argument.
      let program = Command(["printf", words.isEmpty ? "" : "%s\\0"] + words)
      let script = Command.script("[ $# = 0 ] || printf '%s\\0' \"$@\"", words)
      for (way, command) in [("program", program), ("script", script)] {
        let place = "vector \(number) of seed \(seed), as a \(way)"
        #expect(try await node.run(command, within: limit).output == expected, "run, \(place)")
        guard number % 4 == 0 else { continue }
        let struck = try await node.arm(command, within: limit).fire(within: limit)
        #expect(struck.result?.output == expected, "blow, \(place)")
        let collected = Streamed()
        let status = try await node.stream(command) { collected.add($0) }
        #expect(status == 0 && collected.bytes == expected, "stream, \(place)")
      }
    }
  }
}

private final class Streamed: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: [UInt8] = []

  func add(_ more: [UInt8]) { lock.withLock { kept += more } }
  var bytes: [UInt8] { lock.withLock { kept } }
}

extension LocalTransportTests {
  @Test func `any text arrives byte for byte`() async throws {
    let node = LocalTransport()
    try await node.open(within: TransportContract.limit)
    try await Vectors.arrive(by: node, count: 200)
    await node.close()
  }
}

extension Remote {
  @Test(arguments: [Reach.Client.libssh2, .openssh])
  func `any text arrives byte for byte`(client: Reach.Client) async throws {
    try await RemoteGround.standing("e2e-quoting", by: client) { ground in
      try await ground.open { (node) async throws in
        try await Vectors.arrive(by: node, count: 250, seed: 4)
      }
    }
  }
}
