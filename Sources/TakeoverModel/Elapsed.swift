// How long things took, never without how sure we are.

/// A time between two moments, known to lie in `atLeast...atMost`.
package struct Elapsed: Hashable, Sendable {
  package let atLeast: Duration
  package let atMost: Duration

  package init(atLeast: Duration, atMost: Duration) {
    self.atLeast = atLeast
    self.atMost = atMost
  }

  package init(exactly duration: Duration) { self.init(atLeast: duration, atMost: duration) }

  package func later(by delay: Duration) -> Elapsed {
    Elapsed(atLeast: atLeast + delay, atMost: atMost + delay)
  }

  package var middle: Duration { (atLeast + atMost) / 2 }
  /// Half the width: what stands behind the ±.
  package var uncertainty: Duration { (atMost - atLeast) / 2 }

  /// Whether it took no longer than `limit`. A limit inside the uncertainty is `unknown`.
  package func outcome(within limit: Duration) -> Outcome {
    if atMost <= limit { return .pass }
    return atLeast > limit ? .fail : .unknown
  }

  /// Whether it took at least `limit`. A limit inside the uncertainty is `unknown`.
  package func outcome(notBefore limit: Duration) -> Outcome {
    if atLeast >= limit { return .pass }
    return atMost < limit ? .fail : .unknown
  }
}

extension Elapsed: Codable {
  /// Written as `[atLeast, atMost]` in nanoseconds.
  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let least = try container.decode(Int64.self)
    self.init(
      atLeast: .nanoseconds(least), atMost: .nanoseconds(try container.decode(Int64.self)))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(atLeast.nanoseconds)
    try container.encode(atMost.nanoseconds)
  }
}

extension Elapsed: CustomStringConvertible {
  /// `3.112400 s ± 0.4 ms`: the digits of the value end where the uncertainty begins.
  package var description: String {
    "\(TimeText.value(middle, knownTo: uncertainty)) ± \(TimeText.bound(uncertainty))"
  }
}
