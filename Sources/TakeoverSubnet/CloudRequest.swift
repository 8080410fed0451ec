// What comes in at the control plane and what goes out, as HTTP carries it.

package struct CloudRequest: Sendable {
  package var method: String
  /// By names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(method: String, headers: [String: String], body: [UInt8]) {
    self.method = method
    self.headers = headers
    self.body = body
  }
}

package struct CloudAnswer: Sendable {
  /// JSON. The status is 200 also for an error.
  package var text: String

  /// `id`: names the request, in the server's log and to whoever complains.
  init(_ members: [(String, JSONValue)], id: String) {
    text = JSONValue.object([("Response", .object(members + [("RequestId", .text(id))]))]).text
  }

  init(_ error: CloudError, id: String) {
    self.init(
      [("Error", .object([("Code", .text(error.code)), ("Message", .text(error.message))]))],
      id: id)
  }
}
