// Answers of HTTP/1.1 as servers give them, cut anywhere, broken, and made of noise.

import TakeoverWire
import TestSupport
import Testing

@Suite struct `An HTTP answer` {
  private static func text(_ lines: String..., body: String = "") -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  private static let plain = text(
    "HTTP/1.1 200 OK", "content-length: 4", "Content-Type: text/plain", "via: 1.1 a", body: "web1")
  private static let chunked = text(
    "HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked", "X-Served-By: web2",
    body: "5;name=x\r\nhello\r\n0c\r\n, you there!\r\n0\r\nTrailer: x\r\n\r\n")
  private static let endless = text("HTTP/1.0 200 OK", body: "until the end")

  /// All of its bytes at once.
  private static func read(_ bytes: [UInt8]) throws -> HTTPAnswer? {
    var reader = HTTPAnswerReader()
    return try reader.feed(bytes)
  }

  @Test func `says through whom it came and who gave it`() throws {
    let answer = try #require(try Self.read(Self.plain))
    #expect(answer == HTTPAnswer(status: 200, via: "a", server: "web1", keepsOpen: true))
  }

  @Test func `in chunks is whole with its last line`() throws {
    let answer = try #require(try Self.read(Self.chunked))
    #expect(answer == HTTPAnswer(status: 200, via: nil, server: "web2", keepsOpen: true))
  }

  @Test func `without a length is whole with the end of its connection`() throws {
    var reader = HTTPAnswerReader()
    #expect(try reader.feed(Self.endless) == nil)
    #expect(reader.end() == HTTPAnswer(status: 200, via: nil, server: nil, keepsOpen: false))
    var other = HTTPAnswerReader()
    _ = try other.feed(Array(Self.plain.dropLast()))
    #expect(other.end() == nil)
  }

  @Test(arguments: [plain, chunked])
  func `comes in pieces as it comes at once, and no sooner`(bytes: [UInt8]) throws {
    let whole = try Self.read(bytes)
    for cut in bytes.indices {
      var reader = HTTPAnswerReader()
      #expect(try reader.feed(Array(bytes[..<cut])) == nil, "\(cut)")
      #expect(reader.hasBegun == (cut > 0))
      #expect(try reader.feed(Array(bytes[cut...])) == whole, "\(cut)")
    }
    var reader = HTTPAnswerReader()
    for byte in bytes.dropLast() { #expect(try reader.feed([byte]) == nil) }
    #expect(try reader.feed([bytes[bytes.count - 1]]) == whole)
  }

  @Test(arguments: [
    (text("HTTP/1.1 204 No Content"), 204, true),
    (text("HTTP/1.1 304 Not Modified", "Content-Length: 5"), 304, true),
    (
      text("HTTP/1.1 503 Service Unavailable", "content-length: 0", "connection: close"), 503, false
    ),
    (text("HTTP/1.1 200 OK", "Content-Length: 0", "Connection: x, Close"), 200, false),
    (text("HTTP/1.0 200 OK", "Content-Length: 0"), 200, false),
    (text("HTTP/1.0 200 OK", "Content-Length: 0", "Connection: keep-alive"), 200, true),
    (text("HTTP/1.1 200 OK", "Content-Length: 2, 2", body: "ok"), 200, true),
    (text("HTTP/1.1 100 Continue") + plain, 200, true),
    (Array("HTTP/1.1 200 OK\nContent-Length: 1\n\nx".utf8), 200, true),
  ])
  func `ends where RFC 9112 says, and tells whether another may follow`(
    bytes: [UInt8], status: Int, keepsOpen: Bool
  ) throws {
    let answer = try #require(try Self.read(bytes))
    #expect(answer.status == status)
    #expect(answer.keepsOpen == keepsOpen)
  }

  @Test(arguments: [
    ("1.1 a", "a"), ("HTTP/1.1 a:80 (of haproxy)", "a:80"), ("1.0 fred, 1.1 b", "b"), ("a", nil),
    ("1.1 " + String(repeating: "x", count: 65), nil), ("1.1 \u{e9}", nil), ("1.1 <b>", nil),
  ])
  func `names the nearest intermediary if that is a name`(via: String, name: String?) throws {
    #expect(try Self.read(Self.text("HTTP/1.1 204 -", "Via: \(via)"))?.via == name)
  }

  @Test(arguments: [
    ("web1\n", "web1"), ("<html>", nil), ("two words", nil), ("", nil),
    (String(repeating: "x", count: 65), nil), ("\u{1b}[2J", nil),
  ])
  func `has a name for a text, or no name`(body: String, name: String?) throws {
    let answer = try Self.read(
      Self.text("HTTP/1.1 200 OK", "Content-Length: \(body.utf8.count)", body: body))
    #expect(answer?.server == name)
  }

  @Test(arguments: [
    "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.1 20 OK\r\n",
    "HTTP/1.1 +20 OK\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno header\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
  ])
  func `that is none is malformed`(text: String) {
    #expect(throws: HTTPAnswerReader.Defect.malformed) {
      var reader = HTTPAnswerReader()
      _ = try reader.feed(Array((text + "\r\n").utf8))
    }
  }

  @Test func `without an end to its head is given up`() {
    #expect(throws: HTTPAnswerReader.Defect.tooLong) {
      var reader = HTTPAnswerReader()
      for _ in 0..<100 { _ = try reader.feed(Array(repeating: UInt8(ascii: "x"), count: 1_000)) }
    }
    #expect(throws: HTTPAnswerReader.Defect.tooLong) {
      var reader = HTTPAnswerReader()
      _ = try reader.feed(Array("HTTP/1.1 200 OK\r\n".utf8))
      for _ in 0..<10_000 { _ = try reader.feed(Array("a: 0123456789\r\n".utf8)) }
    }
  }

  @Test func `broken or made of noise does no harm`() {
    var random = SplitMix(state: Fuzz.seed)
    let samples = [Self.plain, Self.chunked, Self.endless]
    let breaking = BrokenText(
      [.byte, .bit, .piece, .cut, .lines, .splice],
      pieces: [
        "\r\n", "\n", ":", ",", "chunked", "0\r\n\r\n", "ffffffff", "HTTP/1.1 100 -\r\n\r\n",
      ])
    var (whole, refused) = (0, 0)
    for number in 0..<(Fuzz.count ?? 20_000) {
      let bytes =
        number % 5 == 4
        ? (0..<Int.random(in: 0...80, using: &random)).map { _ in
          UInt8.random(in: .min ... .max, using: &random)
        } : breaking.broken(samples[number % samples.count], among: samples, &random)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      var reader = HTTPAnswerReader()
      do throws(HTTPAnswerReader.Defect) {
        for piece in [bytes[..<cut], bytes[cut...]] where try reader.feed(Array(piece)) != nil {
          whole += 1
        }
        _ = reader.end()
      } catch { refused += 1 }
    }
    #expect(whole > 500)
    #expect(refused > 500)
  }
}
