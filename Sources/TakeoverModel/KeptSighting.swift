// What a client sees of connections that it keeps open, and of its requests on them (HTTP/1.1, RFC
// 9112); new connections are probes (Sighting.swift).

/// How a client uses its connections.
package enum Keeping: String, Hashable, Sendable, Codable, CaseIterable {
  /// One connection for as long as it lives: a request on it is waited for as long as the connection
  /// stands.
  case held
  /// Connections that are kept for the next request; a request is given up after a while.
  case pooled
}

/// What became of a request, or of a connection.
package enum Fate: String, Hashable, Sendable, Codable, CaseIterable {
  /// The whole answer came, whatever its status.
  case answered
  /// Nothing came yet.
  case pending
  /// The other side has no such connection (RST).
  case reset
  /// The other side ended the connection in good order (FIN).
  case closed
  case refused, unreachable
  /// Given up, by the kernel or by the request's own limit.
  case timeout
  /// Given up by whoever watched it, who had seen enough.
  case abandoned
  /// What came is no HTTP, or the kernel had a reason of its own.
  case failed
  /// It never left.
  case unsent
}

/// A change in the life of a kept connection: it stands, or its end. The observation's interval is when
/// that was; while a request was under way, the request's end says the same.
package struct ConnectionSeen: Hashable, Sendable, Codable {
  package var vantage: String
  package var keeping: Keeping
  package var address: IPAddress
  /// Counts the connections of this vantage point and kind, from 1.
  package var connection: Int
  /// nil: it stands.
  package var end: Fate?
  /// In the kernel's words, where the fate does not say it all; usually empty.
  package var trouble: String

  package init(
    vantage: String, keeping: Keeping, address: IPAddress, connection: Int, end: Fate?,
    trouble: String = ""
  ) {
    self.vantage = vantage
    self.keeping = keeping
    self.address = address
    self.connection = connection
    self.end = end
    self.trouble = trouble
  }
}

/// One request, when it is decided; while it is not, again and again.
package struct RequestSeen: Hashable, Sendable, Codable {
  package var vantage: String
  package var keeping: Keeping
  package var address: IPAddress
  package var connection: Int
  /// Counts the requests of this vantage point, kind and address, from 0.
  package var sequence: Int
  /// When it was begun: for a pooled one, before a connection was opened for it.
  package var sent: Moment
  /// By how much later that may have been, nanoseconds; nil: it was then.
  package var slack: Int64?
  /// The schedule's period, nanoseconds.
  package var period: Int64
  package var fate: Fate
  /// When it was decided; nil: it is pending.
  package var until: Interval?
  /// The status of the answer (RFC 9110, 15).
  package var status: Int?
  /// Through whom the answer came, as its Via header says (RFC 9110, 7.6.3), and who gave it, by its
  /// X-Served-By header or its text; nil: it does not say.
  package var via: String?
  package var server: String?
  /// While it is pending: whether a kernel has acknowledged all of it, so that it is the application that
  /// does not answer; nil: nobody knows.
  package var isAcknowledged: Bool?
  /// The connection ended before any of its answer, and it was sent once more on a new one, as a client
  /// may do with what changes nothing (RFC 9112, 9.3.1). nil: it was not.
  package var isRetried: Bool?

  package init(
    vantage: String, keeping: Keeping, address: IPAddress, connection: Int, sequence: Int,
    sent: Moment, slack: Int64? = nil, period: Int64, fate: Fate, until: Interval? = nil,
    status: Int? = nil, via: String? = nil, server: String? = nil, isAcknowledged: Bool? = nil,
    isRetried: Bool? = nil
  ) {
    self.vantage = vantage
    self.keeping = keeping
    self.address = address
    self.connection = connection
    self.sequence = sequence
    self.sent = sent
    self.slack = slack
    self.period = period
    self.fate = fate
    self.until = until
    self.status = status
    self.via = via
    self.server = server
    self.isAcknowledged = isAcknowledged
    self.isRetried = isRetried
  }

  /// When it was sent.
  package var asked: Interval { Interval(sent, sent + .nanoseconds(max(slack ?? 0, 0))) }

  /// Answered, and neither by an error of the client's nor of the server's (RFC 9110, 15).
  package var isGood: Bool { fate == .answered && status.map { (200..<400).contains($0) } ?? false }

  /// `a/web1`: the load balancer and the machine behind it, as far as the answer says.
  package var by: String? {
    let names = [via, server].compactMap { $0 }
    return names.isEmpty ? nil : names.joined(separator: "/")
  }
}
