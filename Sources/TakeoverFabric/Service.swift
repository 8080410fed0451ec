// The control plane on HTTP: each request to the machine of states, and its answer back.

internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import TakeoverModel
internal import TakeoverSubnet
internal import TakeoverWire

extension Fabric {
  /// Serves and listens until one of both ends, which is a failure: whoever started it ends it.
  func serve() async throws {
    let quiet: DisabledLogger = .disabled
    let server = HTTPServer(
      address: try sockaddr_in.inet(ip4: description.endpoint.description, port: 80),
      logger: quiet, handler: Service(fabric: self))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask { try await OwnThread.run { try self.listen(until: $0) } }
      try await group.next()
      group.cancelAll()
    }
  }
}

struct Service: HTTPHandler {
  let fabric: Fabric

  /// The vendor's API takes more; nothing that it is asked here is as long.
  private static let longest = 64 * 1024

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let length = request.bodySequence.count else {
      return HTTPResponse(statusCode: .lengthRequired)
    }
    guard length <= Self.longest else { return HTTPResponse(statusCode: .payloadTooLarge) }
    var headers: [String: String] = [:]
    for (name, value) in request.headers { headers[name.rawValue.lowercased()] = value }
    let body = length == 0 ? [] : [UInt8](try await request.bodyData)
    let asked = CloudRequest(method: request.method.rawValue, headers: headers, body: body)
    let answer: CloudAnswer
    do {
      answer = try fabric.answer(asked, id: UUID().uuidString.lowercased())
    } catch {
      // It would answer what is not so.
      Failure.end(by: error)
    }
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "application/json"], body: Data(answer.text.utf8))
  }
}
