// How connections that are kept open fared, and the requests on them: apart from each other, and from new
// connections. Computed by the report room, judged by checks.

/// One held connection that was served within the window, or when the blow fell.
package struct HeldConnection: Hashable, Sendable {
  package struct End: Hashable, Sendable {
    package var fate: Fate
    package var at: Interval

    package init(fate: Fate, at: Interval) {
      self.fate = fate
      self.at = at
    }
  }

  /// A request, from its sending until it was decided.
  package struct Silence: Hashable, Sendable {
    package var since: Interval
    package var length: Elapsed
    /// How it ended: answered, the connection's own end, or not yet.
    package var fate: Fate
    /// Whether a kernel had acknowledged the request by then; nil: it was not asked.
    package var isAcknowledged: Bool?

    package init(since: Interval, length: Elapsed, fate: Fate, isAcknowledged: Bool? = nil) {
      self.since = since
      self.length = length
      self.fate = fate
      self.isAcknowledged = isAcknowledged
    }
  }

  package var vantage: String
  package var address: IPAddress
  /// Counts the vantage point's held connections, from 1.
  package var number: Int
  /// Whether it stood, and was served, when the blow fell.
  package var stoodBefore: Bool
  /// When it was made; nil: long before the trial.
  package var made: Interval?
  /// Who answered on it last, as far as the answers say.
  package var by: String?
  /// nil: it stands, or is watched no longer.
  package var end: End?
  /// The longest of those that ended.
  package var longest: Silence?
  /// What was not decided when the watching ended.
  package var pending: Silence?

  package init(
    vantage: String, address: IPAddress, number: Int, stoodBefore: Bool, made: Interval? = nil,
    by: String? = nil, end: End? = nil, longest: Silence? = nil, pending: Silence? = nil
  ) {
    self.vantage = vantage
    self.address = address
    self.number = number
    self.stoodBefore = stoodBefore
    self.made = made
    self.by = by
    self.end = end
    self.longest = longest
    self.pending = pending
  }
}

/// The requests of one pool within the window.
package struct RequestRecord: Hashable, Sendable {
  package struct Failures: Hashable, Sendable {
    /// `reset`, `503`
    package var kind: String
    package var count: Int

    package init(kind: String, count: Int) {
      self.kind = kind
      self.count = count
    }
  }

  package var vantage: String
  package var address: IPAddress
  package var period: Duration
  package var asked: Int
  package var good: Int
  /// The most frequent kind first.
  package var failures: [Failures]
  /// From the begin of the first that failed to the decision on the last.
  package var failing: Elapsed?
  /// Good ones that had to be sent again, because their connection had ended meanwhile.
  package var retried: Int
  /// Of these nothing is known: they never left.
  package var unsent: Int
  /// The longest wait for a good answer.
  package var slowest: Elapsed?
  /// Who gave good answers, and how many.
  package var servers: [String: Int]

  package init(
    vantage: String, address: IPAddress, period: Duration, asked: Int = 0, good: Int = 0,
    failures: [Failures] = [], failing: Elapsed? = nil, retried: Int = 0, unsent: Int = 0,
    slowest: Elapsed? = nil, servers: [String: Int] = [:]
  ) {
    self.vantage = vantage
    self.address = address
    self.period = period
    self.asked = asked
    self.good = good
    self.failures = failures
    self.failing = failing
    self.retried = retried
    self.unsent = unsent
    self.slowest = slowest
    self.servers = servers
  }

  package var failed: Int { failures.reduce(0) { $0 + $1.count } }
}
