// The signature of requests, against the vendor's published example and RFC 4231's.

import TakeoverModel
import Testing

@Suite struct `The signature of a request` {
  /// The example of the vendor's page on "Signature v3", whose id and key are asterisks.
  @Test func `is the one that the vendor publishes`() {
    let body =
      #"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "#
      + #""Name": "instance-name"}]}"#
    let stars = String(repeating: "*", count: 32)
    let line = TC3.authorization(
      of: TC3.Request(
        host: "cvm.tencentcloudapi.com", action: "DescribeInstances", body: Array(body.utf8)),
      id: "AKID" + stars, key: stars, service: "cvm", seconds: 1_551_113_065, date: "2019-02-25")
    #expect(
      line
        == "TC3-HMAC-SHA256 Credential=AKID\(stars)/2019-02-25/cvm/tc3_request, "
        + "SignedHeaders=content-type;host;x-tc-action, "
        + "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f")
  }

  @Test func `depends on everything that is signed`() {
    func signed(
      host: String = "h", action: String = "A", body: String = "{}", key: String = "k",
      seconds: Int64 = 1, date: String = "2026-11-27"
    ) -> String {
      TC3.authorization(
        of: TC3.Request(host: host, action: action, body: Array(body.utf8)), id: "i", key: key,
        service: "vpc", seconds: seconds, date: date)
    }
    let all = [
      signed(), signed(host: "g"), signed(action: "B"), signed(body: "{ }"), signed(key: "l"),
      signed(seconds: 2), signed(date: "2026-11-28"),
      // Longer than a block: the key's digest is the key.
      signed(key: String(repeating: "k", count: 100)),
    ]
    #expect(Set(all).count == all.count)
    #expect(!all.contains { $0.contains("kkk") })
  }
}
