// What a PostgreSQL server says (frontend/backend protocol 3.0, "Message Formats"): bytes to values.
// Whatever comes, reading it never traps.

/// Why bytes are no message.
enum ProtocolDefect: Error, Hashable, Sendable {
  /// Longer than anything that is asked for here, or shorter than its own length.
  case length(Int32)
  /// The fields of a message of this type do not fill it as they must.
  case malformed(UInt8)
}

/// The fields of an error or a notice that say what it is.
struct ServerError: Hashable, Sendable {
  /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, not translated where the server says so (9.6 and later).
  var severity = ""
  /// SQLSTATE, five characters.
  var code = ""
  var message = ""

  /// The connection ends with it.
  var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }
}

enum BackendMessage: Hashable, Sendable {
  enum Authentication: Hashable, Sendable {
    case ok
    /// The names of the mechanisms that the server offers.
    case sasl([String])
    case saslContinue([UInt8])
    case saslFinal([UInt8])
    /// A way that is not spoken here, by its number.
    case other(Int32)
  }

  case authentication(Authentication)
  case parameter(name: String, value: String)
  /// ReadyForQuery: what was asked before is settled.
  case ready
  /// DataRow: the columns' texts, nil for NULL.
  case row([String?])
  case complete(tag: String)
  case failure(ServerError)
  case notice(ServerError)
  /// Nothing that is needed here, by its type.
  case other(UInt8)

  init(type: UInt8, body: ArraySlice<UInt8>) throws(ProtocolDefect) {
    var fields = FieldReader(body, of: type)
    switch type {
    case UInt8(ascii: "R"): self = .authentication(try fields.authentication())
    case UInt8(ascii: "S"):
      self = .parameter(name: try fields.text(), value: try fields.text())
    case UInt8(ascii: "Z"):
      _ = try fields.bytes(1)
      self = .ready
    case UInt8(ascii: "D"): self = .row(try fields.columns())
    case UInt8(ascii: "C"): self = .complete(tag: try fields.text())
    case UInt8(ascii: "E"): self = .failure(try fields.error())
    case UInt8(ascii: "N"): self = .notice(try fields.error())
    default: self = .other(type)
    }
  }
}

/// Reads a message's fields from the front; every read is checked.
private struct FieldReader {
  private var rest: ArraySlice<UInt8>
  private let type: UInt8

  init(_ body: ArraySlice<UInt8>, of type: UInt8) {
    rest = body
    self.type = type
  }

  mutating func bytes(_ count: Int) throws(ProtocolDefect) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw .malformed(type) }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func int16() throws(ProtocolDefect) -> Int {
    Int(Int16(bitPattern: try bytes(2).reduce(0) { $0 << 8 | UInt16($1) }))
  }

  mutating func int32() throws(ProtocolDefect) -> Int32 {
    Int32(bitPattern: try bytes(4).reduce(0) { $0 << 8 | UInt32($1) })
  }

  /// Up to a byte of zero. Ill-formed text is repaired.
  mutating func text() throws(ProtocolDefect) -> String {
    guard let end = rest.firstIndex(of: 0) else { throw .malformed(type) }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  mutating func authentication() throws(ProtocolDefect) -> BackendMessage.Authentication {
    switch try int32() {
    case 0: return .ok
    case 10:
      var mechanisms: [String] = []
      while let first = rest.first, first != 0 { mechanisms.append(try text()) }
      return .sasl(mechanisms)
    case 11: return .saslContinue(Array(rest))
    case 12: return .saslFinal(Array(rest))
    case let other: return .other(other)
    }
  }

  mutating func columns() throws(ProtocolDefect) -> [String?] {
    let count = try int16()
    guard count >= 0 else { throw .malformed(type) }
    var columns: [String?] = []
    for _ in 0..<count {
      let length = try int32()
      guard length >= 0 else {
        columns.append(nil)
        continue
      }
      columns.append(String(decoding: try bytes(Int(length)), as: UTF8.self))
    }
    return columns
  }

  mutating func error() throws(ProtocolDefect) -> ServerError {
    var error = ServerError()
    var translated = ""
    while let field = try bytes(1).first, field != 0 {
      let value = try text()
      switch field {
      case UInt8(ascii: "S"): translated = value
      case UInt8(ascii: "V"): error.severity = value
      case UInt8(ascii: "C"): error.code = value
      case UInt8(ascii: "M"): error.message = value
      default: break
      }
    }
    if error.severity.isEmpty { error.severity = translated }
    return error
  }
}

/// Messages out of a stream of bytes, in whatever pieces it comes.
struct BackendStream {
  /// Nothing that is asked for here has an answer of that size.
  static let longest: Int32 = 1 << 20

  private var bytes: [UInt8] = []
  private var start = 0

  mutating func feed(_ more: [UInt8]) {
    if start > 65_536 || start == bytes.count {
      bytes.removeFirst(start)
      start = 0
    }
    bytes += more
  }

  /// The next whole message; nil: it is not whole yet.
  mutating func next() throws(ProtocolDefect) -> BackendMessage? {
    guard bytes.count - start >= 5 else { return nil }
    let length = bytes[(start + 1)..<(start + 5)].reduce(Int32(0)) { $0 << 8 | Int32($1) }
    guard (4...Self.longest).contains(length) else { throw .length(length) }
    let end = start + 1 + Int(length)
    guard bytes.count >= end else { return nil }
    defer { start = end }
    return try BackendMessage(type: bytes[start], body: bytes[(start + 5)..<end])
  }
}
