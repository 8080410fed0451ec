// What is said to a PostgreSQL server (frontend/backend protocol 3.0, "Message Formats"): values to
// bytes.

enum FrontendMessage {
  /// 3.0
  private static let version: UInt32 = 3 << 16

  static func startup(user: String, database: String) -> [UInt8] {
    let words = ["user", user, "database", database, "application_name", "takeover"]
    let body = number(version) + words.flatMap { Array($0.utf8) + [0] } + [0]
    return number(UInt32(body.count + 4)) + body
  }

  /// A simple query: all of its statements are one transaction, settled when the server is ready again.
  static func query(_ text: String) -> [UInt8] {
    message(UInt8(ascii: "Q"), Array(text.utf8) + [0])
  }

  static func saslInitial(_ mechanism: String, _ response: String) -> [UInt8] {
    message(
      UInt8(ascii: "p"),
      Array(mechanism.utf8) + [0] + number(UInt32(response.utf8.count)) + Array(response.utf8))
  }

  static func saslResponse(_ response: String) -> [UInt8] {
    message(UInt8(ascii: "p"), Array(response.utf8))
  }

  static let terminate: [UInt8] = message(UInt8(ascii: "X"), [])

  private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type] + number(UInt32(body.count + 4)) + body
  }

  private static func number(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
