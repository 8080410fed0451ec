// What the control plane answers to what it does not do, by the codes of the vendor's API.

package struct CloudError: Error, Hashable, Sendable {
  package var code: String
  package var message: String

  package init(_ code: String, _ message: String) {
    self.code = code
    self.message = message
  }

  static func notFound(_ kind: String, _ id: String) -> CloudError {
    CloudError("ResourceNotFound", "the \(kind) `\(id)` does not exist")
  }

  static func malformed(_ name: String, _ value: String) -> CloudError {
    CloudError(
      "InvalidParameterValue.Malformed",
      "the value `\(value)` of the parameter `\(name)` is malformed")
  }

  static func missing(_ name: String) -> CloudError {
    CloudError("MissingParameter", "the request is missing the required parameter `\(name)`")
  }
}
