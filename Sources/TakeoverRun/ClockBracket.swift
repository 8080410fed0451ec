// What a stamp of another machine's clock means on the run's axis. Pure: round trips in, intervals
// out (Cristian 1989: the other clock was read between sending and receiving).

package import TakeoverModel

package struct ClockBracket: Sendable {
  /// One reading of the other clock.
  package struct Sample: Hashable, Sendable {
    package var sent: Moment
    /// Nanoseconds since 1970 as the other machine has it; what it shows, cut off to `resolution`.
    package var node: Int64
    package var received: Moment
    package var resolution: Int64

    package init(sent: Moment, node: Int64, received: Moment, resolution: Int64 = 1) {
      self.sent = sent
      self.node = node
      self.received = received
      self.resolution = resolution
    }
  }

  package struct Placed: Hashable, Sendable {
    package var when: Interval
    /// False when the readings around the stamp contradict each other: one of the clocks was set.
    package var isConsistent: Bool
  }

  /// 500 ppm: what adjtimex(2) lets a daemon slew, and more than a crystal is off.
  package static let usualDrift: Int64 = 500
  /// More readings than these cannot bind a stamp of now: drift has widened the oldest.
  private static let mostSamples = 256

  /// How much the two clocks may drift apart, in parts per million.
  private let drift: Int64
  private(set) var samples: [Sample] = []

  package init(drift: Int64 = usualDrift) { self.drift = min(max(0, drift), 1_000_000) }

  /// A reading that contradicts itself (received before it was sent: our own clock was set) is not
  /// taken.
  package mutating func add(_ sample: Sample) {
    guard sample.received >= sample.sent, sample.resolution >= 0 else { return }
    samples.append(sample)
    if samples.count > Self.mostSamples { samples.removeFirst() }
  }

  /// Whether a reading after `stamp` is known: nothing better will come.
  package func isBracketed(_ stamp: Int64) -> Bool { samples.contains { $0.node >= stamp } }

  /// When the other clock showed `stamp`. Each reading bounds the offset between the two clocks,
  /// the more loosely the longer before or after the stamp it was taken; all of them hold at once.
  /// nil: there is no reading.
  package func when(_ stamp: Int64) -> Placed? {
    guard !samples.isEmpty else { return nil }
    let all = samples.map { offset(at: stamp, by: $0) }
    if let offset = Self.common(all) {
      return Placed(when: Self.shifted(stamp, by: offset), isConsistent: true)
    }
    // The clock was set between two readings: then only the ones next to the stamp say anything,
    // and either may be the right one.
    let before = samples.lastIndex { $0.node <= stamp }
    let after = samples.firstIndex { $0.node > stamp }
    let near = [before, after].compactMap { $0 }.map { all[$0] }
    if near.count == 2, let offset = Self.common(near) {
      return Placed(when: Self.shifted(stamp, by: offset), isConsistent: false)
    }
    let least = near.map(\.least).min() ?? 0
    let most = near.map(\.most).max() ?? 0
    return Placed(when: Self.shifted(stamp, by: (least, most)), isConsistent: false)
  }

  private typealias Offset = (least: Int64, most: Int64)

  /// What is to be added to `stamp`, by one reading.
  private func offset(at stamp: Int64, by sample: Sample) -> Offset {
    let distance = Int64(clamping: stamp.saturatingMinus(sample.node).magnitude)
    // Up to the next whole nanosecond: never smaller than the truth.
    let (whole, rest) = distance.quotientAndRemainder(dividingBy: 1_000_000)
    let slack = (whole * drift).saturatingPlus((rest * drift + 999_999) / 1_000_000)
    let least = sample.sent.nanoseconds.saturatingMinus(
      sample.node.saturatingPlus(sample.resolution))
    let most = sample.received.nanoseconds.saturatingMinus(sample.node)
    return (least.saturatingMinus(slack), most.saturatingPlus(slack))
  }

  private static func common(_ offsets: [Offset]) -> Offset? {
    guard let least = offsets.map(\.least).max(), let most = offsets.map(\.most).min(),
      least <= most
    else { return nil }
    return (least, most)
  }

  private static func shifted(_ stamp: Int64, by offset: Offset) -> Interval {
    Interval(
      Moment(nanoseconds: stamp.saturatingPlus(offset.least)),
      Moment(nanoseconds: stamp.saturatingPlus(offset.most)))
  }
}

extension Int64 {
  /// Readings come from outside: whatever they are, they do not trap.
  fileprivate func saturatingPlus(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  fileprivate func saturatingMinus(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : difference
  }
}
