// TC3-HMAC-SHA256 against the public documentation's own example, and against what is no signature.

import TakeoverModel
import TestSupport
import Testing

@testable import TakeoverSubnet

@Suite struct `A request's signature` {
  /// The example of "Signature v3"; its key is 32 asterisks.
  private static let example = CloudRequest(
    method: "POST",
    headers: [
      "content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com",
      "x-tc-action": "DescribeInstances", "authorization": authorization,
    ],
    body: Array(
      #"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#
        .utf8))

  private static let authorization =
    "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, "
    + "SignedHeaders=content-type;host;x-tc-action, "
    + "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"

  private static let key = String(repeating: "*", count: 32)

  @Test func `the documentation's example holds`() throws {
    let signature = try #require(RequestSignature(Self.authorization))
    #expect(signature.secretID == "AKID")
    #expect(signature.date == "2019-02-25")
    #expect(signature.service == "cvm")
    #expect(signature.headers == ["content-type", "host", "x-tc-action"])
    #expect(signature.holds(for: Self.example, timestamp: "1551113065", key: Self.key))
  }

  @Test func `it holds for nothing else`() throws {
    let signature = try #require(RequestSignature(Self.authorization))
    let time = "1551113065"
    var request = Self.example
    request.body[0] ^= 1
    #expect(!signature.holds(for: request, timestamp: time, key: Self.key))
    request = Self.example
    request.headers["host"] = "elsewhere"
    #expect(!signature.holds(for: request, timestamp: time, key: Self.key))
    request = Self.example
    request.method = "PUT"
    #expect(!signature.holds(for: request, timestamp: time, key: Self.key))
    #expect(!signature.holds(for: Self.example, timestamp: "1551113066", key: Self.key))
    #expect(!signature.holds(for: Self.example, timestamp: time, key: "another"))
  }

  @Test(arguments: [
    "", "TC3-HMAC-SHA256", "TC3-HMAC-SHA1 Credential=a/b/c/tc3_request",
    "TC3-HMAC-SHA256 Credential=a/b/tc3_request, SignedHeaders=content-type;host, Signature=0",
    "TC3-HMAC-SHA256 Credential=a/b/c/aws4_request, SignedHeaders=content-type;host, Signature=0",
    "TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=content-type, Signature=0",
    "TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=host;host;content-type, Signature=0",
    "TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=content-type;host",
    "TC3-HMAC-SHA256 Credential, SignedHeaders=content-type;host, Signature=0",
  ]) func `what is no signature is not taken for one`(text: String) {
    #expect(RequestSignature(text) == nil)
  }

  @Test func `HMAC is that of RFC 4231`() {
    // Test cases 1, 2 and 6: a short key, a shorter one, and one longer than a block.
    let cases: [(key: [UInt8], message: String, mac: String)] = [
      (
        [UInt8](repeating: 0x0b, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131),
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ]
    for (key, message, mac) in cases {
      #expect(HMAC.hexadecimal(HMAC.sha256(Array(message.utf8), key: key)) == mac)
    }
  }

  @Test func `whatever is sent as a signature, nothing happens`() {
    var random = SplitMix(state: Fuzz.seed)
    let broken = BrokenText(
      [.byte, .bit, .cut, .end, .piece, .word], pieces: ["=", ",", ";", "/", "\u{0}", "Signature="])
    let whole = Array(Self.authorization.utf8)
    for count in 0..<whole.count {
      _ = RequestSignature(String(decoding: whole.prefix(count), as: UTF8.self))
    }
    let original = RequestSignature(Self.authorization)
    for _ in 0..<2_000 {
      let text = String(decoding: broken.broken(whole, among: [whole], &random), as: UTF8.self)
      guard let signature = RequestSignature(text) else { continue }
      // Whose key it is, is looked up by the id; the id itself is not signed.
      var other = signature
      other.secretID = "AKID"
      guard other != original else { continue }
      #expect(
        !signature.holds(for: Self.example, timestamp: "1551113065", key: Self.key), "\(text)")
    }
  }
}
