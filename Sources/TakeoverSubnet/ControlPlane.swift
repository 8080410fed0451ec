// x

package struct CloudRequest: Sendable {
  package var method: String
  package var path: String
  /// By names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(method: String, path: String, headers: [String: String], body: [UInt8]) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }
}
package struct CloudAnswer: Sendable { package var text: String }
package struct ControlPlane: Sendable {
  package var subnet: Subnet
  package init(_ subnet: Subnet) { self.subnet = subnet }
  package mutating func answer(_ request: CloudRequest, at now: Int64) -> (CloudAnswer, [Decision]) {
    (CloudAnswer(text: "{}"), [])
  }
}
