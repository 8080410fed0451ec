// A client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding: it shows a server
// that it knows the password, and the server shows the same.

internal import FoundationEssentials
internal import TakeoverModel

/// A password, with what was computed of it: thousands of digests, the same for every connection.
final class Password {
  fileprivate let bytes: [UInt8]
  private var salted: [String: [UInt8]] = [:]

  /// ASCII is what SASLprep (RFC 4013) leaves as it is; other text is taken as it stands.
  init(_ text: String) { bytes = Array(text.utf8) }

  fileprivate func salted(_ salt: [UInt8], _ iterations: Int) -> [UInt8] {
    let key = "\(iterations) \(salt)"
    if let known = salted[key] { return known }
    // Hi() of RFC 5802, which is PBKDF2 with one block.
    var step = HMAC.code(salt + [0, 0, 0, 1], key: bytes)
    var result = step
    for _ in 1..<max(iterations, 1) {
      step = HMAC.code(step, key: bytes)
      for index in result.indices { result[index] ^= step[index] }
    }
    salted[key] = result
    return result
  }
}

struct SCRAM {
  static let mechanism = "SCRAM-SHA-256"
  /// PostgreSQL's standard is 4096; a server may not keep the ledger busy for minutes.
  private static let mostIterations = 200_000

  private let password: Password
  private let name: String
  private let nonce: String
  private var signature: [UInt8] = []
  /// The server has shown that it knows the password.
  private(set) var isAnswered = false

  /// PostgreSQL takes the user's name from the startup message: here it stays empty.
  init(_ password: Password, name: String = "", nonce: String = SCRAM.nonce()) {
    self.password = password
    self.name = name
    self.nonce = nonce
  }

  static func nonce() -> String {
    Data((0..<18).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
  }

  private var bare: String { "n=\(name),r=\(nonce)" }
  /// client-first-message; `n`: without channel binding.
  var opening: String { "n,,\(bare)" }

  /// client-final-message; nil: that is no challenge, or not to us.
  mutating func response(to challenge: String) -> String? {
    let parts = Self.attributes(challenge)
    guard let both = parts["r"], both.hasPrefix(nonce), both.utf8.count > nonce.utf8.count,
      let salt = parts["s"].flatMap({ Data(base64Encoded: $0) }), !salt.isEmpty,
      let iterations = parts["i"].flatMap({ Int($0) }),
      (1...Self.mostIterations).contains(iterations)
    else { return nil }
    // base64 of `n,,`
    let final = "c=biws,r=\(both)"
    let all = Array("\(bare),\(challenge),\(final)".utf8)
    let salted = password.salted(Array(salt), iterations)
    let client = HMAC.code(Array("Client Key".utf8), key: salted)
    let proof = zip(client, HMAC.code(all, key: SHA256.digest(client))).map { $0 ^ $1 }
    signature = HMAC.code(all, key: HMAC.code(Array("Server Key".utf8), key: salted))
    return "\(final),p=\(Data(proof).base64EncodedString())"
  }

  /// Whether the server-final-message is by somebody who knows the password.
  mutating func accepts(_ final: String) -> Bool {
    guard !signature.isEmpty,
      let told = Self.attributes(final)["v"].flatMap({ Data(base64Encoded: $0) })
    else { return false }
    isAnswered = Array(told) == signature
    return isAnswered
  }

  /// `r=…,s=…,i=…`: base64 has no commas.
  private static func attributes(_ message: String) -> [String: String] {
    var found: [String: String] = [:]
    for part in message.split(separator: ",") {
      guard let equals = part.firstIndex(of: "=") else { continue }
      found[String(part[..<equals])] = String(part[part.index(after: equals)...])
    }
    return found
  }
}

/// HMAC-SHA-256 (RFC 2104).
enum HMAC {
  private static let block = 64

  static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var key = key.count > block ? SHA256.digest(key) : key
    key += [UInt8](repeating: 0, count: block - key.count)
    return SHA256.digest(
      key.map { $0 ^ 0x5c } + SHA256.digest(key.map { $0 ^ 0x36 } + message))
  }
}
