// What every transport owes to every room. One list of promises, kept for each way to a node.

import Foundation
import TakeoverModel
import Testing

/// The promises, each checked on a transport that is open.
struct TransportContract: Sendable, CustomTestStringConvertible {
  let promise: String
  let check: @Sendable (any Transport) async throws -> Void

  init(_ promise: String, _ check: @escaping @Sendable (any Transport) async throws -> Void) {
    self.promise = promise
    self.check = check
  }

  var testDescription: String { promise }

  static let all: [TransportContract] = results + isolation + blows + streams

  /// Long enough for a busy machine; no test waits for it to pass.
  static let limit = Duration.seconds(20)
}

extension Transport {
  func run(_ command: Command) async throws -> CommandResult {
    try await run(command, within: TransportContract.limit)
  }

  func script(_ body: String, _ parameters: [String] = []) async throws -> CommandResult {
    try await run(.script(body, parameters))
  }
}

extension TransportContract {
  static let results: [TransportContract] = [
    TransportContract("the exit status is a result") { (node) async throws in
      for status in [0, 1, 7, 255] {
        #expect(try await node.script("exit $1", ["\(status)"]).status == status)
      }
      #expect(try await node.run(Command("false")).status == 1)
      #expect(try await node.run(Command("no-such-program-anywhere")).status == 127)
      #expect(try await node.run(Command("sh", "-c", "kill -9 $$")).status == 137)
    },
    TransportContract("output and error output come apart and unchanged") { (node) async throws in
      let result = try await node.script(
        "printf 'out'; printf 'err\\n' >&2; printf '\\033[1m\\n\\n'")
      #expect(result.text == "out\u{1B}[1m\n\n")
      #expect(result.errorText == "err\n")
      #expect(!result.truncated)
      #expect(try await node.run(Command("true")).output.isEmpty)
    },
    TransportContract("every byte arrives in the output") { (node) async throws in
      let octal = (0...255).map { "\\" + String(512 + $0, radix: 8).dropFirst() }.joined()
      let result = try await node.script("printf \"$1\"; printf \"$1\" >&2", [octal])
      #expect(result.output == Array(0...255))
      #expect(result.errorOutput == Array(0...255))
    },
    TransportContract("every argument arrives byte for byte") { (node) async throws in
      let ascii = String(decoding: (1...127).map { UInt8($0) }, as: UTF8.self)
      let high = String(String.UnicodeScalarView((128...0x7FF).compactMap(Unicode.Scalar.init)))
      let words = [
        ascii, high, "", "'", "''", "'\u{301}", "\\", "\n", "a\nb\n", "$HOME `id` $(id)", "*",
        "?[a]",
        "~", "-n", "--", "!", "\r\n", "日本 🙂", "a=b", "#", " ", "\"", "\u{1}", "%s", "\u{85}",
      ]
      for plain in [true, false] {
        let result =
          plain
          ? try await node.run(Command(["printf", "%s\\0"] + words))
          : try await node.script("printf '%s\\0' \"$@\"", words)
        let expected: [UInt8] = words.flatMap { Array($0.utf8) + [UInt8(0)] }
        #expect(result.output == expected)
      }
    },
    TransportContract("a first word is a program whatever it looks like") { (node) async throws in
      for word in ["A=b", "if", "{", "-x", "--version", ""] {
        #expect(try await node.run(Command(word)).status == 127, "\(word)")
        #expect(try await node.stream(Command(word)) { _ in } == 127, "stream: \(word)")
      }
    },
    TransportContract("large arguments and megabytes of output arrive") { (node) async throws in
      let long = String(repeating: "0123456789abcdef'", count: 6000)
      #expect(try await node.script("printf %s \"$1\"", [long]).text == long)
      let big = try await node.script("head -c 3000000 /dev/zero | tr '\\000' x")
      #expect(big.output.count == 3_000_000)
      #expect(!big.truncated)
    },
    TransportContract("more output than is kept is cut, and says so") { (node) async throws in
      let result = try await node.script("printf start; head -c 9000000 /dev/zero; exit 3")
      #expect(result.truncated)
      #expect(result.output.count == 4 << 20)
      #expect(result.output.starts(with: Array("start".utf8)))
      #expect(result.status == 3)
      #expect(try await node.script("echo next").text == "next\n")
    },
    TransportContract("a NUL in an argument is refused, not lost") { (node) async throws in
      await #expect(throws: TransportError.self) { try await node.run(Command("echo", "a\0b")) }
    },
  ]

  static let isolation: [TransportContract] = [
    TransportContract("a command that reads its input gets its end") { (node) async throws in
      #expect(try await node.run(Command("cat")).output.isEmpty)
      #expect(try await node.script("read x; echo $?").text == "1\n")
    },
    TransportContract("nothing a script does to its shell outlives it") { (node) async throws in
      _ = try await node.script(
        "set -eu; cd /; x=1; umask 0; exec 2>&1; trap 'echo no' EXIT; exit 4")
      let there = try await node.script("pwd; umask; echo \"$-$x$#\"")
      _ = try await node.script("cd /tmp; umask 077; x=2; exec >/dev/null; f() { :; }; false")
      #expect(try await node.script("pwd; umask; echo \"$-$x$#\"") == there)
      #expect(there.succeeded)
    },
    TransportContract("a broken script breaks only itself") { (node) async throws in
      for body in ["if", ")", "echo 'open", "}", "cat <<X\nno end", "set -e; false; echo no"] {
        #expect(!(try await node.script(body + "\n").text.contains("no\n")) || body.contains("<<"))
        #expect(try await node.script("echo \"$1\"", ["whole"]).text == "whole\n")
      }
    },
    TransportContract("output that looks like a marker is only output") { (node) async throws in
      let fake = "\u{1}0123456789abcdef0123456789abcdef.7:0\n"
      let text = fake + "\u{1}\u{1}\u{1}" + fake + "\u{1}"
      #expect(try await node.run(Command("printf", "%s", text)).text == text)
      #expect(!(try await node.script("set; env").text.contains("\u{1}")))
    },
    TransportContract("after a missed deadline the next command works") { (node) async throws in
      let error = await #expect(throws: TransportError.self) {
        try await node.run(Command("sleep", "600"), within: .milliseconds(100))
      }
      #expect(error?.kind == .deadlinePassed)
      #expect(try await node.script("echo alive").text == "alive\n")
    },
    TransportContract("concurrent callers each get their own answer") { (node) async throws in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask { try await node.script("echo $1", ["\(number)"]).text == "\(number)\n" }
        }
        for try await right in group { #expect(right) }
      }
    },
  ]

  static let blows: [TransportContract] = [
    TransportContract("an armed command waits, and leaves run usable") { (node) async throws in
      let folder = try await node.script("mktemp -d").text.dropLast()
      let file = "\(folder)/struck"
      let blow = try await node.arm(
        .script("echo done; echo bad >&2; : > \"$1\"; exit 9", [file]), within: limit)
      #expect(try await node.script("[ -e \"$1\" ]", [file]).status == 1)
      let before = wallClock()
      let struck = try await blow.fire(within: limit)
      let after = wallClock()
      let acknowledged = try #require(struck.acknowledged)
      #expect(before <= struck.sent)
      #expect(struck.sent <= acknowledged)
      #expect(acknowledged <= after)
      let result = CommandResult(
        status: 9, output: Array("done\n".utf8), errorOutput: Array("bad\n".utf8))
      #expect(struck.result == result)
      #expect(try await node.script("[ -e \"$1\" ] && rm -r \"${1%/*}\"", [file]).succeeded)
    },
    TransportContract("a disarmed command does not run") { (node) async throws in
      let folder = try await node.script("mktemp -d").text.dropLast()
      let file = "\(folder)/struck"
      for _ in 0..<3 {
        let blow = try await node.arm(.script(": > \"$1\"", [file]), within: limit)
        await blow.disarm()
        await #expect(throws: TransportError.self) { try await blow.fire(within: limit) }
      }
      #expect(try await node.run(Command("rmdir", "\(folder)")).succeeded)
    },
    TransportContract("a blow strikes once, and another can be armed") { (node) async throws in
      for status in 1...3 {
        let blow = try await node.arm(.script("exit $1", ["\(status)"]), within: limit)
        await #expect(throws: TransportError.self) {
          try await node.arm(Command("true"), within: limit)
        }
        #expect(try await blow.fire(within: limit).result?.status == status)
        await #expect(throws: TransportError.self) { try await blow.fire(within: limit) }
      }
    },
    TransportContract("whatever a blow does to its shell, its answer is whole") {
      (node) async throws in
      let spoiling = [
        "set -vx", "exec >&-", "exec >/dev/null 2>&1", "exec 2>&-", "IFS=0123456789", "set -eu",
        "printf() { echo no; }", "set -e; false", "exec true", "unset IFS PATH", "exec 1>&2",
      ]
      for spoil in spoiling {
        let blow = try await node.arm(.script("echo done; \(spoil)"), within: limit)
        let result = try #require(try await blow.fire(within: limit).result)
        #expect(result.status == (spoil.hasSuffix("false") ? 1 : 0), "\(spoil)")
        #expect(result.text == "done\n", "\(spoil): \(result.text)")
        #expect(result.errorText == "" || spoil == "set -vx", "\(spoil): \(result.errorText)")
      }
      let blow = try await node.arm(.script("echo done; exit 3"), within: limit)
      #expect(try await blow.fire(within: limit).result?.text == "done\n")
    },
    TransportContract("what a blow leaves to a trap is done before it is acknowledged") {
      (node) async throws in
      let body = "trap 'sleep 0.2; echo late' EXIT; echo early"
      let struck = try await node.arm(.script(body), within: limit).fire(within: limit)
      #expect(struck.result?.text == "early\nlate\n")
      #expect(try #require(struck.acknowledged) - struck.sent >= 200_000_000)
    },
    TransportContract("a blow without an answer is no error") { (node) async throws in
      let blow = try await node.arm(Command("sleep", "600"), within: limit)
      let struck = try await blow.fire(within: .milliseconds(100))
      #expect(struck.acknowledged == nil)
      #expect(struck.result == nil)
      #expect(try await node.script("echo alive").text == "alive\n")
    },
  ]

  static let streams: [TransportContract] = [
    TransportContract("a stream hands over output as it comes and ends with the status") {
      (node) async throws in
      let collected = Collected()
      let status = try await node.stream(.script("echo \"$1\"; exit 5", ["a b"])) {
        collected.add($0)
      }
      #expect(status == 5)
      #expect(collected.text == "a b\n")
    },
    TransportContract("a cancelled stream ends, and so does its command") { (node) async throws in
      let (lines, heard) = AsyncStream.makeStream(of: [UInt8].self)
      let streaming = Task {
        try await node.stream(.script("echo $$; sleep 600 & sleep 600")) { heard.yield($0) }
      }
      var first = lines.makeAsyncIterator()
      let process = String(decoding: await first.next() ?? [], as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(try await node.script("kill -0 \"$1\"", [process]).succeeded)
      streaming.cancel()
      _ = try await streaming.value
      let gone = "n=0; while kill -0 -- \"-$1\" && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done"
      #expect(try await node.script(gone + "; [ $n -lt 100 ]", [process]).succeeded)
    },
  ]

  /// Collects output from whichever thread brings it.
  final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes: [UInt8] = []

    func add(_ more: [UInt8]) { lock.withLock { bytes += more } }
    var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
  }

  private static func wallClock() -> Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }
}
