// What a pair's own configuration promises of one trial: computed before the blow, for each node that
// may hold the addresses then, and judged by what the wire shows.

package struct Forecast: Hashable, Sendable {
  /// By index, as in `TrialHeader`.
  package var plan: Int
  package var trial: Int
  /// Who holds the addresses when the blow falls.
  package var holder: String
  /// What the reader of the configuration calls itself: `keepalived`.
  package var reader: String
  package var outlook: Outlook

  package enum Outlook: Hashable, Sendable {
    case promised(Promise)
    /// Nothing is promised, and why not.
    case silent(String)

    package var promise: Promise? { if case .promised(let promise) = self { promise } else { nil } }
  }

  /// From which instant the taker's waiting counts.
  package enum Origin: String, Hashable, Sendable, Codable, CaseIterable {
    /// t1: the old holder's last advertisement, or its goodbye.
    case lastAdvertisement
    /// t0: the blow, for what the node must notice first, and where the last advertisement that the
    /// taker heard is not the last on the wire.
    case blow
    /// The last advertisement that the taker can have heard before the blow deafened it; those after it
    /// are on the wire as well.
    case lastHeard
  }

  /// Who has the addresses until the taker does.
  package enum Meanwhile: String, Hashable, Sendable, Codable, CaseIterable {
    /// Without a taker: until the healing.
    case nobody
    case holder
    /// The old holder keeps them beside the new one.
    case both
  }

  package struct Promise: Hashable, Sendable, Codable {
    /// Who takes the addresses; nil: nobody, the holder stays.
    package var taker: String?
    package var origin = Origin.lastAdvertisement
    /// From the origin to t2. Nothing is allowed here for a late timer.
    package var wait = Elapsed(exactly: .zero)
    /// From t0 to t2, whatever the phase.
    package var afterBlow = Elapsed(exactly: .zero)
    /// `3 · 1 s + (256 − 80)/256 · 1 s`; why the holder stays, where it does.
    package var formula: String
    package var meanwhile: Meanwhile
    /// After the healing: whether the old holder takes the addresses back; nil: nothing is promised.
    package var returns: Bool?
    /// From the healing until it does.
    package var returnWait: Elapsed?
    /// Nobody takes over, and yet the holder lets go: within this time of the blow it has them again.
    package var lapse: Duration?
    /// The taker's priority, and what one point of it is worth in `wait`; nil: `wait` does not hang on
    /// it.
    package var priority: Int?
    package var point: Duration?
    /// What another value would have made of `wait`, with the words for it.
    package var others: [Other] = []

    package init(taker: String?, formula: String, meanwhile: Meanwhile) {
      self.taker = taker
      self.formula = formula
      self.meanwhile = meanwhile
    }
  }

  package struct Other: Hashable, Sendable, Codable {
    /// `as for priority 100, the other node's`
    package var words: String
    package var wait: Elapsed

    package init(_ words: String, wait: Elapsed) {
      self.words = words
      self.wait = wait
    }
  }

  package init(plan: Int, trial: Int, holder: String, reader: String, _ outlook: Outlook) {
    self.plan = plan
    self.trial = trial
    self.holder = holder
    self.reader = reader
    self.outlook = outlook
  }
}

/// Flat in the journal: the promise's own keys beside the trial's, or `silence` with the reason.
extension Forecast: Codable {
  private enum Key: String, CodingKey { case plan, trial, holder, reader, silence }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    plan = try container.decode(Int.self, forKey: .plan)
    trial = try container.decode(Int.self, forKey: .trial)
    holder = try container.decode(String.self, forKey: .holder)
    reader = try container.decode(String.self, forKey: .reader)
    // Older journals have an empty one beside each promise.
    let silence = try container.decodeIfPresent(String.self, forKey: .silence) ?? ""
    outlook = silence.isEmpty ? .promised(try Promise(from: decoder)) : .silent(silence)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(plan, forKey: .plan)
    try container.encode(trial, forKey: .trial)
    try container.encode(holder, forKey: .holder)
    try container.encode(reader, forKey: .reader)
    switch outlook {
    case .promised(let promise): try promise.encode(to: encoder)
    case .silent(let reason): try container.encode(reason, forKey: .silence)
    }
  }
}
