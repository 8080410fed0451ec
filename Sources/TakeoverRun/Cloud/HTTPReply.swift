// The answer to one HTTP/1.1 request on a connection of its own (RFC 9112), read as its bytes come.

package struct HTTPReply: Sendable {
  /// Nothing that a control plane says here is as long.
  private static let longest = 1 << 20

  private var bytes: [UInt8] = []
  /// Up to where the end of the head was looked for.
  private var searched = 0
  /// Where the body begins, once the head is whole.
  private var start: Int?
  /// nil: up to the end of the connection.
  private var length: Int?
  private var isChunked = false
  /// nil: what came is no answer.
  package private(set) var status: Int?
  package private(set) var isWhole = false
  package private(set) var body: [UInt8] = []

  package init() {}

  /// False: this is no answer, or a longer one than anybody's.
  package mutating func take(_ more: [UInt8]) -> Bool {
    guard !isWhole else { return true }
    bytes += more
    guard bytes.count <= Self.longest else { return false }
    if start == nil, !readHead() { return false }
    guard let start else { return true }
    if isChunked {
      guard let chunks = Self.chunks(bytes[start...]) else { return false }
      (body, isWhole) = chunks
    } else if let length, bytes.count - start >= length {
      (body, isWhole) = (Array(bytes[start..<(start + length)]), true)
    }
    return true
  }

  /// The connection has ended; false: too soon.
  package mutating func end() -> Bool {
    if isWhole { return true }
    guard let start, length == nil, !isChunked else { return false }
    (body, isWhole) = (Array(bytes[start...]), true)
    return true
  }

  /// False: it is none.
  private mutating func readHead() -> Bool {
    let mark: [UInt8] = [13, 10, 13, 10]
    guard let end = bytes[searched...].indices.first(where: { bytes[$0...].starts(with: mark) })
    else {
      searched = max(bytes.count - mark.count + 1, 0)
      return bytes.prefix(5).elementsEqual("HTTP/".utf8.prefix(min(bytes.count, 5)))
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]) else {
      return false
    }
    status = code
    start = end + mark.count
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return false }
      let value = line[line.index(after: colon)...].split(separator: " ").joined(separator: " ")
      switch line[..<colon].lowercased() {
      case "content-length":
        guard let given = Int(value), (0...Self.longest).contains(given) else { return false }
        length = given
      case "transfer-encoding": isChunked = value.lowercased() == "chunked"
      default: break
      }
    }
    return true
  }

  /// Those that are whole (RFC 9112, 7.1), and whether the last one is there; nil: they are none.
  private static func chunks(_ bytes: ArraySlice<UInt8>) -> ([UInt8], Bool)? {
    var body: [UInt8] = []
    var rest = bytes
    while let end = rest.firstIndex(of: 10) {
      let digits = rest[..<end].prefix { $0 != 13 && $0 != UInt8(ascii: ";") }
      guard !digits.isEmpty, digits.count <= 6,
        let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0
      else { return nil }
      if size == 0 { return (body, true) }
      guard rest.endIndex - end - 1 >= size + 2 else { break }
      body += rest[(end + 1)..<(end + 1 + size)]
      rest = rest[(end + 1 + size + 2)...]
    }
    return (body, false)
  }
}
