// How a request to the vendor's API is signed (TC3-HMAC-SHA256): whoever has the key can make the line, and
// the line does not tell the key.

package enum TC3 {
  package static let algorithm = "TC3-HMAC-SHA256"

  /// What is signed of a request: POST to `/`, with these headers and nothing else.
  package struct Request: Hashable, Sendable {
    package var host: String
    package var contentType: String
    package var action: String
    package var body: [UInt8]

    package init(
      host: String, contentType: String = "application/json; charset=utf-8", action: String,
      body: [UInt8]
    ) {
      self.host = host
      self.contentType = contentType
      self.action = action
      self.body = body
    }

    static let signedHeaders = "content-type;host;x-tc-action"

    var canonical: String {
      """
      POST
      /

      content-type:\(contentType)
      host:\(host)
      x-tc-action:\(action.lowercased())

      \(Self.signedHeaders)
      \(TC3.hexadecimal(SHA256.digest(body)))
      """
    }
  }

  /// The Authorization header. `seconds`: since 1970, as X-TC-Timestamp says it; `date`: the same in UTC,
  /// `2019-02-25`.
  package static func authorization(
    of request: Request, id: String, key: String, service: String, seconds: Int64, date: String
  ) -> String {
    let scope = "\(date)/\(service)/tc3_request"
    let hashed = hexadecimal(SHA256.digest(Array(request.canonical.utf8)))
    let text = "\(algorithm)\n\(seconds)\n\(scope)\n\(hashed)"
    var signing = Array("TC3\(key)".utf8)
    for part in [date, service, "tc3_request"] {
      signing = code(Array(part.utf8), by: signing)
    }
    let signature = hexadecimal(code(Array(text.utf8), by: signing))
    return "\(algorithm) Credential=\(id)/\(scope), SignedHeaders=\(Request.signedHeaders), "
      + "Signature=\(signature)"
  }

  /// HMAC (RFC 2104) with SHA-256, whose blocks are 64 bytes.
  static func code(_ message: [UInt8], by key: [UInt8]) -> [UInt8] {
    var block = key.count > 64 ? SHA256.digest(key) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    return SHA256.digest(
      block.map { $0 ^ 0x5c } + SHA256.digest(block.map { $0 ^ 0x36 } + message))
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
