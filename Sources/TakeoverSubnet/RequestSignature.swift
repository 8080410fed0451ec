// TC3-HMAC-SHA256, by which the vendor's API has requests signed: what a header says, and whether it
// holds.

internal import TakeoverModel

struct RequestSignature: Hashable, Sendable {
  static let algorithm = "TC3-HMAC-SHA256"

  var secretID: String
  /// UTC, `2019-02-25`.
  var date: String
  var service: String
  /// In lower case, in the order in which they were signed.
  var headers: [String]
  /// Hexadecimal.
  var signature: String

  /// The header `Authorization`; nil: it is no signature of this kind.
  init?(_ text: String) {
    guard text.hasPrefix(Self.algorithm + " ") else { return nil }
    var parts: [String: String] = [:]
    for part in text.dropFirst(Self.algorithm.count).split(separator: ",") {
      let words = part.split(separator: "=", maxSplits: 1)
      guard words.count == 2 else { return nil }
      parts[Self.trimmed(words[0])] = Self.trimmed(words[1])
    }
    let scope = (parts["Credential"] ?? "").split(
      separator: "/", omittingEmptySubsequences: false)
    let headers = (parts["SignedHeaders"] ?? "").split(separator: ";").map { $0.lowercased() }
    guard scope.count == 4, scope[3] == "tc3_request", let signature = parts["Signature"],
      Set(["content-type", "host"]).isSubset(of: headers), Set(headers).count == headers.count
    else { return nil }
    secretID = String(scope[0])
    date = String(scope[1])
    service = String(scope[2])
    self.headers = headers
    self.signature = signature.lowercased()
  }

  /// The documentation has the headers' values in lower case, the vendor's SDK for Python as they are.
  func holds(for request: CloudRequest, timestamp: String, key: String) -> Bool {
    [true, false].contains { lowering in
      signature == made(for: request, timestamp: timestamp, key: key, lowering: lowering)
    }
  }

  func made(
    for request: CloudRequest, timestamp: String, key: String, lowering: Bool
  ) -> String {
    let values = headers.map { name in
      let value = Self.trimmed(request.headers[name] ?? "")
      return "\(name):\(lowering ? value.lowercased() : value)\n"
    }
    let isUnsigned = request.headers["x-tc-content-sha256"] == "UNSIGNED-PAYLOAD"
    let payload = isUnsigned ? Array("UNSIGNED-PAYLOAD".utf8) : request.body
    // The path is always / and the query of a POST empty.
    let canonical = [
      request.method, "/", "", values.joined(), headers.joined(separator: ";"),
      HMAC.hexadecimal(SHA256.digest(payload)),
    ].joined(separator: "\n")
    let signed = [
      Self.algorithm, timestamp, "\(date)/\(service)/tc3_request",
      HMAC.hexadecimal(SHA256.digest(Array(canonical.utf8))),
    ].joined(separator: "\n")
    let signing = [date, service, "tc3_request"].reduce(Array("TC3\(key)".utf8)) { key, word in
      HMAC.sha256(Array(word.utf8), key: key)
    }
    return HMAC.hexadecimal(HMAC.sha256(Array(signed.utf8), key: signing))
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
