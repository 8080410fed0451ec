// HMAC (RFC 2104) with SHA-256, for signatures of requests.

internal import TakeoverModel

enum HMAC {
  /// Of SHA-256, in bytes.
  private static let block = 64

  static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var key = key.count > block ? SHA256.digest(key) : key
    key += [UInt8](repeating: 0, count: block - key.count)
    let inner = SHA256.digest(key.map { $0 ^ 0x36 } + message)
    return SHA256.digest(key.map { $0 ^ 0x5c } + inner)
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
