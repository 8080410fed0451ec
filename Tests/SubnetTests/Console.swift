// Asks a control plane as a client does: signs, sends, and takes the answer apart.

import TakeoverModel

@testable import TakeoverSubnet

final class Console {
  static let credential = FabricDescription.Credential(
    secretID: "takeover", secretKey: "takeover-lab", region: "ap-lab")

  var plane: ControlPlane
  /// Nanoseconds since 1970.
  var now = SubnetSamples.start
  var decisions: [Decision] = []
  private var asked = 0

  init(_ description: SubnetDescription = SubnetSamples.description()) {
    plane = ControlPlane(SubnetSamples.subnet(description), credential: Self.credential)
  }

  /// What a client sends. `change`: before it is signed.
  func request(
    _ action: String, _ body: String, key: String = credential.secretKey,
    id: String = credential.secretID, _ change: (inout CloudRequest) -> Void = { _ in }
  ) -> CloudRequest {
    var request = CloudRequest(
      method: "POST",
      headers: [
        "content-type": "application/json", "host": "192.168.77.1", "x-tc-action": action,
        "x-tc-version": "2017-03-12", "x-tc-region": "ap-lab",
        "x-tc-timestamp": String(now / SubnetSamples.second),
      ], body: Array(body.utf8))
    change(&request)
    let seconds = Int64(request.headers["x-tc-timestamp"] ?? "") ?? 0
    let scope = "\(id)/\(CloudTime.day(ofSeconds: seconds))/vpc/tc3_request"
    func words(_ signature: String) -> String {
      "TC3-HMAC-SHA256 Credential=\(scope), SignedHeaders=content-type;host, Signature=\(signature)"
    }
    let made = RequestSignature(words("0"))?.made(
      for: request, timestamp: String(seconds), key: key, lowering: false)
    request.headers["authorization"] = words(made ?? "")
    return request
  }

  func send(_ request: CloudRequest) -> JSONValue? {
    asked += 1
    let (answer, decided) = plane.answer(request, at: now, id: "request-\(asked)")
    decisions += decided
    return JSONValue(Array(answer.text.utf8))?["Response"]
  }

  func ask(_ action: String, _ body: String = "{}") -> JSONValue? {
    send(request(action, body))
  }

  /// The code of the error; nil: it was done.
  func refusal(_ action: String, _ body: String = "{}") -> String? {
    ask(action, body)?["Error"]?["Code"]?.string
  }

  func refusal(of request: CloudRequest) -> String? {
    send(request)?["Error"]?["Code"]?.string
  }
}

extension JSONValue {
  var string: String? { if case .text(let text) = self { text } else { nil } }
  var integer: Int64? { if case .number(let number) = self { number } else { nil } }
  var boolean: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var array: [JSONValue] { if case .list(let list) = self { list } else { [] } }
}
