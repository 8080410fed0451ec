// An HTTP/1.1 answer (RFC 9112), read as its bytes come: whether it is whole, what its status is, and who
// says to have given it.

/// What a client needs to know of an answer.
package struct HTTPAnswer: Hashable, Sendable {
  package var status: Int
  /// The intermediary nearest to us, as its Via header has it (RFC 9110, 7.6.3).
  package var via: String?
  /// Who gave it: its X-Served-By header, or its text where that is a single short word.
  package var server: String?
  /// Whether the connection takes another request (RFC 9112, 9.3).
  package var keepsOpen: Bool

  package init(status: Int, via: String?, server: String?, keepsOpen: Bool) {
    self.status = status
    self.via = via
    self.server = server
    self.keepsOpen = keepsOpen
  }
}

package struct HTTPAnswerReader: Sendable {
  package enum Defect: Error, Hashable, Sendable {
    /// What came is no answer, or one that nobody could take to the end.
    case malformed
    /// A line or the whole head is longer than anybody's.
    case tooLong
  }

  /// What comes next.
  private enum Part: Hashable {
    case head
    /// So many bytes.
    case body(Int)
    /// A chunk's size, its bytes, the end of its line; the lines behind the last one.
    case chunkSize, chunk(Int), chunkEnd, trailer
    /// Up to the end of the connection.
    case untilEnd
    case whole
  }

  private static let mostHead = 65_536
  private static let longestName = 64

  private var part = Part.head
  private var rest: [UInt8] = []
  private var status = 0
  private var isOld = false
  private var via: String?
  private var server: String?
  private var connection: [Substring] = []
  /// The body's beginning: as much of it as may be a name.
  private var text: [UInt8] = []
  private var linesLength = 0

  package init() {}

  /// Whether something of it has come.
  package var hasBegun: Bool { status != 0 || !rest.isEmpty }

  /// Takes what came; returns the answer once it is whole. Bytes behind it are left out.
  package mutating func feed(_ bytes: [UInt8]) throws(Defect) -> HTTPAnswer? {
    rest += bytes
    while try step() {}
    return part == .whole ? answer : nil
  }

  /// The other side ended the connection: an answer without a length is whole by that.
  package mutating func end() -> HTTPAnswer? {
    guard part == .untilEnd else { return nil }
    part = .whole
    var ended = answer
    ended.keepsOpen = false
    return ended
  }

  private var answer: HTTPAnswer {
    HTTPAnswer(
      status: status, via: via, server: server ?? Self.name(text[...]),
      keepsOpen: isOld
        ? connection.contains("keep-alive") : !connection.contains("close"))
  }

  /// Takes the next part; false: more must come first, or it is whole.
  private mutating func step() throws(Defect) -> Bool {
    switch part {
    case .head:
      guard let line = try line() else { return false }
      try take(line)
    case .body(let left), .chunk(let left):
      let taken = min(left, rest.count)
      take(body: rest[..<taken])
      rest.removeFirst(taken)
      guard taken == left else {
        part = part == .body(left) ? .body(left - taken) : .chunk(left - taken)
        return false
      }
      part = part == .body(left) ? .whole : .chunkEnd
    case .chunkSize:
      guard let line = try line() else { return false }
      let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
      guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy(Self.isHexadecimal),
        let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw .malformed }
      part = size == 0 ? .trailer : .chunk(size)
    case .chunkEnd:
      guard let line = try line() else { return false }
      guard line.isEmpty else { throw .malformed }
      part = .chunkSize
    case .trailer:
      guard let line = try line() else { return false }
      if line.isEmpty { part = .whole }
    case .untilEnd:
      take(body: rest[...])
      rest = []
      return false
    case .whole:
      return false
    }
    return part != .whole
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private mutating func take(body bytes: ArraySlice<UInt8>) {
    text += bytes.prefix(Self.longestName + 1 - min(text.count, Self.longestName + 1))
  }

  /// A line without its end (RFC 9112, 2.2: a lone LF ends one, too); nil: it has not come yet.
  private mutating func line() throws(Defect) -> [UInt8]? {
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      if rest.count + linesLength > Self.mostHead { throw .tooLong }
      return nil
    }
    var line = Array(rest[..<end])
    rest.removeFirst(end + 1)
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    linesLength += line.count + 2
    if linesLength > Self.mostHead { throw .tooLong }
    return line
  }

  // MARK: The head

  /// How the body's end is known (RFC 9112, 6.3).
  private enum Framing: Hashable { case none, known(Int), chunked, other }
  private var framing = Framing.none

  private mutating func take(_ line: [UInt8]) throws(Defect) {
    if status == 0 { return try takeStatus(line) }
    guard !line.isEmpty else { return try endHead() }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { throw .malformed }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    let value = Self.trimmed(line[(colon + 1)...])
    switch name {
    case "content-length":
      // A list of one and the same number is that number (RFC 9110, 8.6).
      let numbers = Set(
        value.split(separator: UInt8(ascii: ",")).map(Self.trimmed).map(Self.number))
      guard numbers.count == 1, let length = numbers.first ?? nil else { throw .malformed }
      if case .known(let other) = framing, other != length { throw .malformed }
      if framing == .none { framing = .known(length) }
    case "transfer-encoding":
      let last = value.split(separator: UInt8(ascii: ",")).last.map(Self.trimmed) ?? []
      framing = String(decoding: last, as: UTF8.self).lowercased() == "chunked" ? .chunked : .other
    case "connection":
      connection += String(decoding: value, as: UTF8.self).lowercased().split(separator: ",").map {
        $0.drop { $0 == " " }.split(separator: " ").first ?? ""
      }
    case "via":
      // `1.1 a`, `HTTP/1.1 a:80 (of haproxy)`
      let nearest = value.split(separator: UInt8(ascii: ",")).last ?? []
      let words = nearest.split(separator: UInt8(ascii: " "))
      if words.count >= 2 { via = Self.name(words[1]) }
    case "x-served-by": server = Self.name(value)
    default: break
    }
  }

  /// `HTTP/1.1 200 OK`
  private mutating func takeStatus(_ line: [UInt8]) throws(Defect) {
    // Some servers end an answer with an empty line too many (RFC 9112, 2.2).
    if line.isEmpty { return }
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    let version = words.first.map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 2, version == "HTTP/1.1" || version == "HTTP/1.0", words[1].count == 3,
      let code = Self.number(words[1]), (100...999).contains(code)
    else { throw .malformed }
    status = code
    isOld = version == "HTTP/1.0"
  }

  private mutating func endHead() throws(Defect) {
    if (100..<200).contains(status) {
      // It is not the answer yet (RFC 9110, 15.2); after 101 it is no HTTP any more.
      guard status != 101 else { throw .malformed }
      (status, framing, via, server, connection) = (0, .none, nil, nil, [])
      return
    }
    if status == 204 || status == 304 {
      part = .whole
      return
    }
    switch framing {
    case .known(let length): part = length == 0 ? .whole : .body(length)
    case .chunked: part = .chunkSize
    case .none, .other: part = .untilEnd
    }
  }

  /// Nil: it is no number, or one that no body has.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 15,
      digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return bytes
  }

  /// One word of visible ASCII that is no markup, without the end of its line; nil: it is no name.
  private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
    var bytes = bytes
    while let last = bytes.last, last == 0x0a || last == 0x0d { bytes.removeLast() }
    let isName =
      !bytes.isEmpty && bytes.count <= longestName
      && bytes.allSatisfy { byte in
        0x21...0x7e ~= byte && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
      }
    return isName ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
