// A request's parameters, taken by name and kind.

internal import TakeoverModel

struct Parameters: Sendable {
  private let members: [(String, JSONValue)]

  /// `action` says which there are and which must be there.
  init(_ body: [UInt8], for action: CloudAction) throws(CloudError) {
    guard JSONValue.isShallow(body), case .object(let members)? = JSONValue(body) else {
      throw CloudError("InvalidParameter", "the request's body is no JSON object")
    }
    self.members = members.filter { if case .null = $0.1 { false } else { true } }
    for (name, _) in members where !action.parameters.contains(name) {
      throw CloudError("UnknownParameter", "the parameter `\(name)` is not recognized")
    }
    for name in action.required where self[name] == nil { throw .missing(name) }
  }

  private init(_ members: [(String, JSONValue)]) { self.members = members }

  subscript(name: String) -> JSONValue? { members.first { $0.0 == name }?.1 }

  func text(_ name: String) throws(CloudError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .text(let text) = value else { throw Self.wrongKind(name, "a string") }
    return text
  }

  /// One that must be there.
  func word(_ name: String) throws(CloudError) -> String {
    guard let text = try text(name) else { throw .missing(name) }
    return text
  }

  func flag(_ name: String) throws(CloudError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .flag(let flag) = value else { throw Self.wrongKind(name, "a boolean") }
    return flag
  }

  func count(_ name: String, _ range: ClosedRange<Int64>) throws(CloudError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .number(let count) = value else { throw Self.wrongKind(name, "an integer") }
    guard range.contains(count) else {
      throw CloudError(
        "InvalidParameterValue.Range",
        "the parameter `\(name)` is \(count), and not in \(range.lowerBound)…\(range.upperBound)")
    }
    return Int(count)
  }

  func texts(_ name: String) throws(CloudError) -> [String]? {
    guard let list = try list(name) else { return nil }
    var texts: [String] = []
    for value in list {
      guard case .text(let text) = value else { throw Self.wrongKind(name, "a list of strings") }
      texts.append(text)
    }
    return texts
  }

  func objects(_ name: String) throws(CloudError) -> [Parameters]? {
    guard let list = try list(name) else { return nil }
    var objects: [Parameters] = []
    for value in list {
      guard case .object(let members) = value else {
        throw Self.wrongKind(name, "a list of objects")
      }
      objects.append(Parameters(members))
    }
    return objects
  }

  func address(_ name: String) throws(CloudError) -> IPAddress? {
    guard let text = try text(name) else { return nil }
    guard let address = IPAddress(text), address.isV4 else { throw .malformed(name, text) }
    return address
  }

  private func list(_ name: String) throws(CloudError) -> [JSONValue]? {
    guard let value = self[name] else { return nil }
    guard case .list(let list) = value else { throw Self.wrongKind(name, "a list") }
    return list
  }

  private static func wrongKind(_ name: String, _ kind: String) -> CloudError {
    CloudError("InvalidParameter", "the parameter `\(name)` must be \(kind)")
  }
}
