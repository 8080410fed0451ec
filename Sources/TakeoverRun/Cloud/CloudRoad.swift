// The roads to a control plane: a connection of our own without TLS, as to a lab's, and the program curl
// for everybody else's.

internal import Glibc
package import TakeoverModel
internal import TakeoverWire

/// Carries one question at a time.
package protocol CloudRoad: Sendable {
  func open() async throws
  /// The body of the answer.
  func ask(_ question: CloudQuestion, within limit: Duration) async throws -> [UInt8]
  func close() async
}

/// HTTP/1.1 to an address, from a network namespace.
package struct PlainRoad: CloudRoad {
  private let address: IPAddress
  private let port: UInt16
  private let namespace: String?

  /// nil: the endpoint has TLS, or a name instead of an address.
  package init?(to endpoint: String, from namespace: String?) {
    guard endpoint.hasPrefix("http://") else { return nil }
    let parts = CloudQuestion.host(of: endpoint).split(separator: ":")
    guard let address = parts.first.flatMap({ IPAddress($0) }), parts.count <= 2,
      let port = parts.count == 2 ? UInt16(parts[1]) : 80
    else { return nil }
    self.address = address
    self.port = port
    self.namespace = namespace
  }

  package func open() async throws {}
  package func close() async {}

  package func ask(_ question: CloudQuestion, within limit: Duration) async throws -> [UInt8] {
    let deadline = Realtime.nanoseconds() + limit.nanoseconds
    return try await OwnThread.run { stop in
      try exchange(Self.request(question), until: deadline, stop)
    }
  }

  static func request(_ question: CloudQuestion) -> [UInt8] {
    let head = question.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    let length = "Content-Length: \(question.body.count)\r\nConnection: close\r\n"
    return Array("POST / HTTP/1.1\r\n\(head)\(length)\r\n".utf8) + question.body
  }

  private func exchange(
    _ request: [UInt8], until deadline: Int64, _ stop: StopSignal
  ) throws -> [UInt8] {
    let connection = try ConnectAttempt(
      to: address, port: port, interface: "lo", namespace: namespace)
    func wait(for watched: Watched, _ what: String) throws {
      let ready = try Watched.wait(for: [stop.watched, watched], until: deadline)
      if ready[0] { throw CancellationError() }
      if !ready[1] { throw Self.failure("\(what) in time") }
    }
    try wait(for: connection.watched, "\(address):\(port) did not answer")
    let code = connection.outcome()
    guard code == 0 else { throw Self.failure("\(address):\(port): \(SystemFailure.text(code))") }
    var rest = request[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(try connection.send(rest))
      if !rest.isEmpty { try wait(for: connection.watched, "the question could not be sent") }
    }
    var reply = HTTPReply()
    while !reply.isWhole {
      try wait(for: connection.incoming, "no answer came from \(address):\(port)")
      guard let bytes = try connection.receive() else { continue }
      let fits = bytes.isEmpty ? reply.end() : reply.take(bytes)
      if !fits { throw Self.failure("what \(address):\(port) answered is no HTTP, or is cut off") }
    }
    guard reply.status == 200 else { throw Self.failure("HTTP status \(reply.status ?? 0)") }
    return reply.body
  }

  private static func failure(_ words: String) -> Complaint { Complaint(words, remedy: "") }
}

/// The program curl on this machine. What is secret goes to it through a pipe: a command line and an
/// environment can be read by others.
package struct CurlRoad: CloudRoad {
  package static let program = "curl"

  private let transport: any Transport
  private let namespace: String?

  /// `transport`: to this machine, its own, not yet opened.
  package init(over transport: any Transport, from namespace: String?) {
    self.transport = transport
    self.namespace = namespace
  }

  package func open() async throws { try await transport.open(within: .seconds(5)) }
  package func close() async { await transport.close() }

  package func ask(_ question: CloudQuestion, within limit: Duration) async throws -> [UInt8] {
    // A script of the shell that already runs: its words are in that shell's memory only, and printf is
    // the shell's own (no process has them on its command line).
    let script = """
      printf '%s' "$1" | if [ -n "$2" ]; then
        exec nsenter --net="$2" curl --disable --config -
      else
        exec curl --disable --config -
      fi
      """
    let configuration = Self.configuration(question, within: limit)
    let result: CommandResult
    do throws(TransportError) {
      result = try await transport.run(
        .script(script, [configuration, namespace ?? ""]), within: limit + .seconds(2))
    } catch {
      // Not in its own words: they may have the command in them.
      throw Complaint(
        error.kind == .deadlinePassed ? "curl did not end in time" : "the shell for curl is gone",
        remedy: "")
    }
    guard result.succeeded else {
      let words = result.errorText.split(separator: "\n").first.map(String.init) ?? ""
      throw Complaint(
        words.isEmpty ? "curl ended with \(result.status)" : words,
        remedy: "look at what `curl -v \(question.endpoint)` says here")
    }
    return result.output
  }

  /// curl(1), --config: a line each, quoted.
  static func configuration(_ question: CloudQuestion, within limit: Duration) -> String {
    func quoted(_ text: String) -> String {
      let inside = text.unicodeScalars.map { scalar in
        scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
      }
      return "\"\(inside.joined())\""
    }
    let tenths = max(limit.nanoseconds / 100_000_000, 1)
    var lines = [
      "silent", "show-error", "fail", "max-filesize = 1048576",
      "max-time = \(tenths / 10).\(tenths % 10)", "url = \(quoted(question.endpoint))",
      "data-binary = \(quoted(String(decoding: question.body, as: UTF8.self)))",
    ]
    lines += question.headers.map { "header = \(quoted("\($0.name): \($0.value)"))" }
    return lines.joined(separator: "\n") + "\n"
  }
}
