// The bytes between a transport and a PowerShell, without one: what is in each frame, and the whole
// conversation with a peer that reads frames as PowerShell would.

import Foundation
import Synchronization
import TakeoverModel
import TestSupport
import Testing

@testable import TakeoverRemote

@Suite struct `Frames for PowerShell` {
  private static let command = TakeoverModel.Command.powerShell(
    "param($a)\n\"$a – é\"", ["x'y", "\u{2019}\n"])

  private func decoded(_ words: Substring) -> [String] {
    (PowerShellText.literals(String(words)) ?? []).map { word in
      Data(base64Encoded: word).map { String(decoding: $0, as: UTF8.self) } ?? "?"
    }
  }

  @Test func `are one line of ASCII each, whatever is in them`() {
    let framing = PowerShellFraming()
    for text in [
      framing.greeting(1), framing.run(Self.command, 2),
      framing.stage(Self.command, armed: 3, fired: 4), framing.stream(Self.command, 5),
      framing.saying("mark"),
    ] {
      #expect(text.hasSuffix("\n"))
      #expect(text.dropLast().utf8.allSatisfy { 32...126 ~= $0 })
      #expect(PowerShellText.trouble(text) == nil)
    }
  }

  @Test func `carry the script and its parameters byte for byte`() {
    let framing = PowerShellFraming()
    let frame = framing.run(Self.command, 2)
    #expect(frame.hasPrefix("Invoke-Frame '\(framing.nonce).2' '' '"))
    let words = frame.dropFirst("Invoke-Frame '\(framing.nonce).2' '' ".count)
    #expect(decoded(words) == [Self.command.arguments[2]] + Self.command.arguments[4...])
    let staged = framing.stage(Self.command, armed: 3, fired: 4)
    #expect(staged.hasPrefix("Invoke-Frame '\(framing.nonce).4' '\(framing.nonce).3' '"))
  }

  @Test func `call what the greeting defines, and that is whole`() {
    for name in ["Invoke-Frame", "Invoke-Stream", "Invoke-Step", "Write-Answer"] {
      #expect(PowerShellFraming.prelude.contains("function global:\(name)("))
    }
    #expect(PowerShellText.trouble(PowerShellFraming.prelude) == nil)
    #expect(PowerShellFraming.prelude.utf8.allSatisfy { $0 < 128 })
    let first = PowerShellFraming().greeting(1)
    #expect(decoded(first[...]).first == PowerShellFraming.prelude)
  }

  @Test func `never share a nonce, and one shell is started like the other`() {
    #expect(Set((0..<50).map { _ in PowerShellFraming().nonce }).count == 50)
    let reach = Reach(host: "h", user: "Administrator", system: .windows)
    let client = OpenSSHClient(reach: reach, user: "Administrator", port: 22)
    #expect(client.shell(socket: "/s").last == PowerShellFraming.program(for: reach))
    #expect(
      client.connection(socket: "/s", mark: "m", patience: .seconds(1)).last
        == PowerShellFraming.program(for: reach))
    #expect(client.isTold)
    #expect(!OpenSSHClient(reach: Reach(host: "h"), user: "root", port: 22).isTold)
  }
}

@Suite struct `A conversation with PowerShell` {
  private static let limit = Duration.seconds(5)

  private func with(
    _ body: (ShellTransport, PowerShellPeer.Log) async throws -> Void
  ) async throws {
    let loop = PollLoop()
    let log = PowerShellPeer.Log()
    let transport = ShellTransport(loop: loop, road: PeerRoad(log), system: .windows)
    try await transport.open(within: Self.limit)
    try await body(transport, log)
    await transport.close()
  }

  @Test func `brings back what a script prints, its status and its words`() async throws {
    try await with { transport, _ in
      var random = SplitMix(state: 5)
      for _ in 0..<200 {
        let words = (0..<Int.random(in: 0...4, using: &random)).map { _ in
          String(
            String.UnicodeScalarView(
              (0..<Int.random(in: 0...9, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 1...0x2fff, using: &random))
              }))
        }
        let result = try await transport.run(.powerShell("print", words), within: Self.limit)
        #expect(result.status == 0)
        #expect(result.output == Array(words.map { $0 + "\n" }.joined().utf8))
      }
      let failed = try await transport.run(
        .powerShell("throw", ["status 75: too late"]), within: Self.limit)
      #expect(failed.status == 75)
      #expect(failed.errorText == "too late\n")
      let other = try await transport.run(.powerShell("throw", ["no such"]), within: Self.limit)
      #expect(other.status == 1)
      #expect(other.errorText == "no such\n")
    }
  }

  @Test func `arms a blow, which falls once, when it is fired`() async throws {
    try await with { transport, log in
      let blow = try await transport.arm(.powerShell("print", ["struck"]), within: Self.limit)
      #expect(log.ran == [])
      #expect(
        try await transport.run(.powerShell("print", ["other"]), within: Self.limit).text
          == "other\n")
      let struck = try await blow.fire(within: Self.limit)
      #expect(struck.result?.text == "struck\n")
      #expect(struck.acknowledged.map { $0 >= struck.sent } == true)
      #expect(log.ran == [["other"], ["struck"]])
      await #expect(throws: TransportError.self) { try await blow.fire(within: Self.limit) }
    }
  }

  @Test func `lets a blow go that is not fired`() async throws {
    try await with { transport, log in
      let blow = try await transport.arm(.powerShell("print", ["struck"]), within: Self.limit)
      await blow.disarm()
      let next = try await transport.arm(.powerShell("print", ["second"]), within: Self.limit)
      _ = try await next.fire(within: Self.limit)
      #expect(log.ran == [["second"]])
    }
  }

  @Test func `hands a stream on as it comes`() async throws {
    try await with { transport, _ in
      let heard = Mutex<[UInt8]>([])
      let status = try await transport.stream(.powerShell("print", ["one", "two"])) { bytes in
        heard.withLock { $0 += bytes }
      }
      #expect(status == 0)
      #expect(heard.withLock { String(decoding: $0, as: UTF8.self) } == "one\ntwo\n")
    }
  }

  @Test func `never sends what is for another shell`() async throws {
    try await with { transport, log in
      let said = log.lines
      for command in [TakeoverModel.Command("rm", "-rf", "/x"), .script("kill $1", ["7"])] {
        await #expect(throws: TransportError.self) {
          try await transport.run(command, within: Self.limit)
        }
        await #expect(throws: TransportError.self) {
          try await transport.arm(command, within: Self.limit)
        }
        await #expect(throws: TransportError.self) {
          try await transport.stream(command) { _ in }
        }
      }
      #expect(log.lines == said)
    }
    let posix = LocalTransport()
    try await posix.open(within: Self.limit)
    await #expect(throws: TransportError.self) {
      try await posix.run(.powerShell("Get-Service"), within: Self.limit)
    }
    await posix.close()
  }
}

// MARK: - The peer

/// Reads frames as the greeting's functions would. It knows two scripts: `print` prints its parameters,
/// a line each; `throw` throws the first.
private final class PowerShellPeer: Line {
  /// What was said to all shells, and what they ran.
  final class Log: Sendable {
    private let state = Mutex<(lines: Int, ran: [[String]])>((0, []))
    var lines: Int { state.withLock { $0.lines } }
    var ran: [[String]] { state.withLock { $0.ran } }
    func note(line: String) { state.withLock { $0.lines += 1 } }
    func note(ran words: [String]) { state.withLock { $0.ran.append(words) } }
  }

  private let log: Log
  private weak var listener: (any Listener)?
  private var heard: [UInt8] = []
  /// A frame that waits for its line.
  private var waiting: (mark: String, words: [String])?

  init(_ listener: any Listener, _ log: Log) {
    self.listener = listener
    self.log = log
  }

  func send(_ bytes: [UInt8]) {
    heard += bytes
    while let end = heard.firstIndex(of: 10) {
      let line = String(decoding: heard[..<end], as: UTF8.self)
      heard.removeFirst(end + 1)
      take(line)
    }
  }

  func sendNow(_ bytes: [UInt8]) -> Int64? {
    let now = wallClock()
    send(bytes)
    return now
  }

  func hangUp(forcibly: Bool) { listener = nil }

  private func take(_ line: String) {
    if let waiting {
      self.waiting = nil
      return answer(waiting.mark, waiting.words)
    }
    log.note(line: line)
    let words = PowerShellText.literals(line) ?? []
    if line.hasPrefix("& ([scriptblock]") {
      tell("", "", words[words.count - 1], 0)
    } else if line.hasPrefix("Invoke-Frame "), words.count >= 3 {
      let decoded = words.dropFirst(2).map(Self.decoded)
      guard words[1].isEmpty else {
        waiting = (words[0], decoded)
        return tell("", "", words[1], 0)
      }
      answer(words[0], decoded)
    } else if line.hasPrefix("Invoke-Stream "), words.count >= 2 {
      answer(words[0], words.dropFirst().map(Self.decoded))
    }
  }

  private static func decoded(_ word: String) -> String {
    Data(base64Encoded: word).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private func answer(_ mark: String, _ words: [String]) {
    switch words.first {
    case "print":
      log.note(ran: Array(words.dropFirst()))
      tell(words.dropFirst().map { $0 + "\n" }.joined(), "", mark, 0)
    case "throw":
      let parts = (words.last ?? "").split(separator: ": ", maxSplits: 1)
      let status = parts.first.flatMap { Int($0.dropFirst("status ".count)) }
      tell("", (status == nil ? words.last ?? "" : String(parts[1])) + "\n", mark, status ?? 1)
    default: tell("", "no such script\n", mark, 1)
    }
  }

  private func tell(_ text: String, _ trouble: String, _ mark: String, _ status: Int) {
    let end = [1] + Array("\(mark):\(status)\n".utf8)
    listener?.heard(Array(text.utf8) + end, on: .output, at: wallClock())
    listener?.heard(Array(trouble.utf8) + end, on: .errorOutput, at: wallClock())
  }
}

private final class PeerRoad: Road {
  let description = "peer"
  private(set) var isUp = false
  private let log: PowerShellPeer.Log

  init(_ log: PowerShellPeer.Log) { self.log = log }

  nonisolated(nonsending) func connect(by deadline: Instant) async throws(TransportError) {
    isUp = true
  }

  nonisolated(nonsending)
    func startShell(for listener: any Listener, by deadline: Instant)
    async throws(TransportError) -> any Line
  {
    PowerShellPeer(listener, log)
  }

  nonisolated(nonsending) func disconnect() async { isUp = false }
}
