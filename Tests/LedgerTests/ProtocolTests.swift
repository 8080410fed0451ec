// PostgreSQL's protocol: what a server says, whole, in pieces, cut off, and by chance.

import TestSupport
import Testing

@testable import TakeoverLedger

/// A server's messages, spelled as the documentation has them.
enum Backend {
  static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
    [type.asciiValue ?? 0] + number(Int32(body.count + 4)) + body
  }

  static func number(_ value: Int32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func text(_ words: String) -> [UInt8] { Array(words.utf8) + [0] }

  static let ok = message("R", number(0))
  static let ready = message("Z", Array("I".utf8))
  static let description = message("T", [0, 1] + text("x") + [UInt8](repeating: 0, count: 18))

  static func row(_ columns: String?...) -> [UInt8] {
    let count = [UInt8(0), UInt8(columns.count)]
    return message(
      "D",
      count
        + columns.flatMap { column in
          column.map { number(Int32($0.utf8.count)) + Array($0.utf8) } ?? number(-1)
        })
  }

  static func complete(_ tag: String = "INSERT 0 1") -> [UInt8] { message("C", text(tag)) }

  static func failure(
    _ code: String, severity: String = "ERROR", type: Character = "E"
  ) -> [UInt8] {
    message(
      type,
      text("S\(severity)") + text("V\(severity)") + text("C\(code)") + text("Mno") + [0])
  }

  static func parameter(_ name: String, _ value: String) -> [UInt8] {
    message("S", text(name) + text(value))
  }

  /// From the startup message to the first row.
  static func welcome(_ server: String = "a") -> [UInt8] {
    ok + parameter("server_version", "15.1") + message("K", number(1) + number(2)) + ready
      + description + row(server) + complete("SELECT 1") + ready
  }
}

@Suite struct `The server's messages` {
  private static func messages(_ bytes: [UInt8]) throws -> [BackendMessage] {
    var stream = BackendStream()
    stream.feed(bytes)
    var messages: [BackendMessage] = []
    while let message = try stream.next() { messages.append(message) }
    return messages
  }

  private static let sample =
    Backend.welcome() + Backend.failure("25006") + Backend.failure("01000", type: "N")
    + Backend.row("x", nil, "")
    + Backend.message("R", Backend.number(10) + Backend.text("M1") + [0])
    + Backend.message("R", Backend.number(11) + Array("r=x".utf8))
    + Backend.message("R", Backend.number(12) + Array("v=x".utf8))
    + Backend.message("R", Backend.number(5) + [1, 2, 3, 4])

  @Test func `are what they say`() throws {
    let error = ServerError(severity: "ERROR", code: "25006", message: "no")
    #expect(
      try Self.messages(Self.sample) == [
        .authentication(.ok), .parameter(name: "server_version", value: "15.1"),
        .other(UInt8(ascii: "K")), .ready, .other(UInt8(ascii: "T")), .row(["a"]),
        .complete(tag: "SELECT 1"), .ready, .failure(error),
        .notice(ServerError(severity: "ERROR", code: "01000", message: "no")),
        .row(["x", nil, ""]), .authentication(.sasl(["M1"])),
        .authentication(.saslContinue(Array("r=x".utf8))),
        .authentication(.saslFinal(Array("v=x".utf8))), .authentication(.other(5)),
      ])
  }

  @Test func `come in whatever pieces`() throws {
    let whole = try Self.messages(Self.sample)
    for size in 1...40 {
      var stream = BackendStream()
      var messages: [BackendMessage] = []
      for start in stride(from: 0, to: Self.sample.count, by: size) {
        stream.feed(Array(Self.sample[start..<min(start + size, Self.sample.count)]))
        while let message = try stream.next() { messages.append(message) }
      }
      #expect(messages == whole, "pieces of \(size)")
    }
  }

  @Test func `cut off anywhere are as many as are whole`() throws {
    let whole = try Self.messages(Self.sample)
    for length in 0..<Self.sample.count {
      let some = try Self.messages(Array(Self.sample[..<length]))
      #expect(some == Array(whole.prefix(some.count)))
    }
  }

  @Test func `that lie about their length are refused`() {
    for length in [0, 3, -1, Int32.max, BackendStream.longest + 1] {
      var stream = BackendStream()
      stream.feed([UInt8(ascii: "C")] + Backend.number(length))
      #expect(throws: ProtocolDefect.length(length)) { try stream.next() }
    }
  }

  @Test func `with fields that do not fit are refused`() {
    let bodies: [(Character, [UInt8])] = [
      ("R", [0, 0]), ("S", Array("name".utf8)), ("Z", []), ("D", [0, 1]), ("D", [0xff, 0xff]),
      ("D", [0, 1] + Backend.number(9) + [1]), ("C", Array("INSERT".utf8)), ("E", []),
      ("E", Array("Sno".utf8)), ("R", Backend.number(10) + Array("SCRAM".utf8)),
    ]
    for (type, body) in bodies {
      #expect(throws: ProtocolDefect.malformed(type.asciiValue ?? 0), "\(type) \(body)") {
        try Self.messages(Backend.message(type, body))
      }
    }
  }

  @Test func `by chance never trap`() {
    var random = SplitMix(state: Fuzz.seed)
    var refused = 0
    for _ in 0..<(Fuzz.count.map { $0 / 10 } ?? 20_000) {
      var bytes = Self.sample
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { break }
      }
      var session = PostgresSession(.init(user: "u", database: "d"), makesTable: false)
      do throws(ProtocolDefect) { _ = try session.take(bytes) } catch { refused += 1 }
    }
    #expect(refused > 0)
  }
}

@Suite struct `What is said to a server` {
  @Test func `is what the documentation says`() {
    let startup = FrontendMessage.startup(user: "u", database: "d")
    #expect(Array(startup.prefix(8)) == Backend.number(Int32(startup.count)) + [0, 3, 0, 0])
    #expect(
      Array(startup.dropFirst(8))
        == ["user", "u", "database", "d", "application_name", "takeover"].flatMap(Backend.text)
        + [0])
    #expect(FrontendMessage.query("x") == Backend.message("Q", Backend.text("x")))
    #expect(FrontendMessage.terminate == Backend.message("X", []))
    #expect(
      FrontendMessage.saslInitial("M", "abc")
        == Backend.message("p", Backend.text("M") + Backend.number(3) + Array("abc".utf8)))
  }
}
