// What a pair's own configuration promises of one trial: computed before the blow, for each node that
// may hold the addresses then, and judged by what the wire shows.

package struct Forecast: Hashable, Sendable, Codable {
  /// From which instant the taker's waiting counts.
  package enum Origin: String, Hashable, Sendable, Codable {
    /// t1: the old holder's last advertisement, or its goodbye.
    case lastAdvertisement
    /// t0: the blow, for what the node must notice first, and where the last advertisement that the
    /// taker heard is not the last on the wire.
    case blow
  }

  /// Who has the addresses until the taker does.
  package enum Meanwhile: String, Hashable, Sendable, Codable {
    case nobody, holder
    /// The old holder keeps them beside the new one.
    case both
  }

  /// By index, as in `TrialHeader`.
  package var plan: Int
  package var trial: Int
  /// Who holds the addresses when the blow falls.
  package var holder: String
  /// Who takes them; nil: nobody, the holder stays.
  package var taker: String?
  /// What the reader of the configuration calls itself: `keepalived`.
  package var reader: String
  package var origin: Origin
  /// From the origin to t2. Nothing is allowed here for a late timer.
  package var wait: Elapsed
  /// From t0 to t2, whatever the phase.
  package var afterBlow: Elapsed
  /// `3 · 1 s + (256 − 80)/256 · 1 s`
  package var formula: String
  package var meanwhile: Meanwhile
  /// After the healing: whether the old holder takes the addresses back; nil: nothing is promised.
  package var returns: Bool?
  /// From the healing until it does.
  package var returnWait: Elapsed?
  /// The taker's priority, and what one point of it is worth in `wait`; nil: `wait` does not hang on it.
  package var priority: Int?
  package var point: Duration?
  /// What another value would have made of `wait`, with the words for it.
  package var others: [Other]
  /// Why nothing is promised; not empty: all else is without meaning.
  package var silence: String

  package struct Other: Hashable, Sendable, Codable {
    /// `as for priority 100, the other node's`
    package var words: String
    package var wait: Elapsed

    package init(_ words: String, wait: Elapsed) {
      self.words = words
      self.wait = wait
    }
  }

  package init(
    plan: Int, trial: Int, holder: String, taker: String?, reader: String,
    origin: Origin = .lastAdvertisement, wait: Elapsed = Elapsed(exactly: .zero),
    afterBlow: Elapsed = Elapsed(exactly: .zero), formula: String = "",
    meanwhile: Meanwhile = .nobody, returns: Bool? = nil, returnWait: Elapsed? = nil,
    others: [Other] = [], silence: String = ""
  ) {
    priority = nil
    point = nil
    self.plan = plan
    self.trial = trial
    self.holder = holder
    self.taker = taker
    self.reader = reader
    self.origin = origin
    self.wait = wait
    self.afterBlow = afterBlow
    self.formula = formula
    self.meanwhile = meanwhile
    self.returns = returns
    self.returnWait = returnWait
    self.others = others
    self.silence = silence
  }
}
