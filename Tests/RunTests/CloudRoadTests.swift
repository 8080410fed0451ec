// The roads to a control plane: answers as they come in pieces, credentials from their usual files, and what
// the program that carries secrets is told.

import TakeoverModel
import TestSupport
import Testing

@testable import TakeoverRun

@Suite struct `The road to a control plane` {
  private static func reply(_ text: String, inPiecesOf size: Int = .max) -> HTTPReply? {
    var reply = HTTPReply()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let piece = rest.prefix(size)
      guard reply.take(Array(piece)) else { return nil }
      rest = rest.dropFirst(piece.count)
    }
    return reply
  }

  private static let answers = [
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
  ]

  @Test(arguments: answers) func `an answer is whole when all of it has come`(text: String) {
    for size in [1, 2, 7, 1000] {
      let reply = Self.reply(text, inPiecesOf: size)
      #expect(reply?.isWhole == true)
      #expect(reply?.status == 200)
      #expect(reply.map { String(decoding: $0.body, as: UTF8.self) } == "hello")
    }
  }

  @Test(arguments: answers) func `what is cut off is not whole, and its end comes too soon`(
    text: String
  ) {
    // The last chunk's own end is not needed.
    let needed = text.contains("chunked") ? text.utf8.count - 2 : text.utf8.count
    for length in 0..<needed {
      guard var reply = Self.reply(String(decoding: text.utf8.prefix(length), as: UTF8.self)) else {
        Issue.record("refused after \(length) bytes")
        return
      }
      #expect(!reply.isWhole)
      let isEnded = reply.end()
      #expect(!isEnded)
    }
  }

  @Test func `an answer without a length ends with the connection`() {
    var reply = Self.reply("HTTP/1.0 503 no\r\n\r\nsorry") ?? HTTPReply()
    #expect(!reply.isWhole)
    let isEnded = reply.end()
    #expect(isEnded)
    #expect(reply.status == 503)
    #expect(reply.body == Array("sorry".utf8))
  }

  @Test(arguments: [
    "SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 two\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno header\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
  ]) func `what is no answer is refused`(text: String) {
    #expect(Self.reply(text) == nil)
  }

  @Test func `random bytes never trap, and nothing grows without end`() {
    var random = SplitMix(state: 7)
    let pieces = Self.answers.map { Array($0.utf8) }
    for _ in 0..<5_000 {
      var bytes = pieces[Int.random(in: 0...1, using: &random)]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      var reply = HTTPReply()
      _ = reply.take(bytes)
      _ = reply.end()
    }
    var endless = HTTPReply()
    var taken = 0
    let fits = endless.take(Array("HTTP/1.1 200 OK\r\nX: ".utf8))
    #expect(fits)
    while taken < 100, endless.take([UInt8](repeating: 65, count: 65_536)) { taken += 1 }
    #expect(taken == 15)
  }

  @Test func `a plain road leads to an address only`() {
    #expect(PlainRoad(to: "http://192.168.77.1/", from: nil) != nil)
    #expect(PlainRoad(to: "http://192.168.77.1:8080/", from: "/run/netns/x") != nil)
    for endpoint in [
      "https://192.168.77.1/", "http://vpc.example/", "http://10.0.0.1:x/", "http://10.0.0.1:1:2/",
      "", "http://",
    ] { #expect(PlainRoad(to: endpoint, from: nil) == nil, "\(endpoint)") }
  }

  @Test func `a request is whole`() throws {
    let credentials = try #require(`A question to a control plane`.credentials)
    let question = CloudQuestion(
      of: `A question to a control plane`.subnet, by: credentials, at: 1)
    let text = String(decoding: PlainRoad.request(question), as: UTF8.self)
    #expect(text.hasPrefix("POST / HTTP/1.1\r\nHost: 192.168.77.1\r\n"))
    #expect(text.contains("\r\nContent-Length: \(question.body.count)\r\n"))
    #expect(text.hasSuffix("\r\n\r\n" + String(decoding: question.body, as: UTF8.self)))
  }

  @Test func `curl is told everything through its input, each line quoted`() throws {
    var subnet = `A question to a control plane`.subnet
    subnet.endpoint = "https://vpc.example/"
    subnet.region = "a\"b\\c"
    let credentials = try #require(`A question to a control plane`.credentials)
    let text = CurlRoad.configuration(
      CloudQuestion(of: subnet, by: credentials, at: 1), within: .milliseconds(2_500))
    let lines = text.split(separator: "\n")
    #expect(lines.contains("url = \"https://vpc.example/\""))
    #expect(lines.contains("max-time = 2.5"))
    #expect(lines.contains(#"header = "X-TC-Region: a\"b\\c""#))
    #expect(
      lines.contains(#"data-binary = "{\"HaVipIds\":[\"havip-1\",\"havip-2\"],\"Limit\":100}""#))
    #expect(!text.contains("kept-secret"))
  }

  // MARK: Credentials

  private static func found(
    _ files: [String: String], named path: String? = nil
  ) throws(Complaint) -> CloudCredentials {
    var subnet = `A question to a control plane`.subnet
    subnet.credentials = path
    return try CloudCredentials.found(for: subnet, home: "/home/me") { files[$0] }
  }

  private static let json = #"{"secretId": "id", "secretKey": "key"}"#
  private static let ini = """
    [other]
    secret_id = x
    secret_key=y
    [default]
    secret_id = id
    secret_key=key

    """

  @Test func `credentials are found in their usual files, and in the one that the site names`()
    throws
  {
    let usual = try Self.found(["/home/me/.tccli/default.credential": Self.json])
    #expect([usual.id, usual.key, usual.token] == ["id", "key", nil])
    let other = try Self.found(["/home/me/.tencentcloud/credentials": Self.ini])
    #expect([other.id, other.key] == ["id", "key"])
    let named = try Self.found(["/home/me/x": Self.json, "/etc/y": Self.ini], named: "~/x")
    #expect(named.id == "id")
    #expect(throws: Complaint.self) {
      try Self.found(["/home/me/.tccli/default.credential": Self.json], named: "/etc/none")
    }
    #expect(throws: Complaint.self) { try Self.found([:]) }
  }

  @Test(arguments: [
    "", "{}", "{", "secret_id = x", #"{"secretId": "a b", "secretKey": "k"}"#,
    #"{"secretId": "i", "secretKey": "k\nheader = x"}"#, #"{"secretId": "", "secretKey": "k"}"#,
    #"{"secretId": "i", "secretKey": "a\"b"}"#,
  ]) func `what holds none, or what could end a line, is refused`(text: String) {
    #expect(CloudCredentials(text: text) == nil)
    #expect(throws: Complaint.self) {
      try Self.found(["/home/me/.tccli/default.credential": text])
    }
  }

  @Test func `credentials are printed by nobody`() throws {
    let credentials = try #require(`A question to a control plane`.credentials)
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped] {
      #expect(!text.contains("kept") && !text.contains("AKID"), "\(text)")
    }
  }
}
