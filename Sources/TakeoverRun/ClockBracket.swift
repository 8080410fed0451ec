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

    /// How far apart the bounds are that it sets to the offset between the clocks.
    var width: Duration { received.since(sent) + .nanoseconds(resolution) }
  }

  package struct Placed: Hashable, Sendable {
    package var when: Interval
    /// False when the readings around the stamp contradict each other: one of the clocks was set.
    package var isConsistent: Bool
  }

  /// More readings than these cannot bind a stamp of now: drift has widened the oldest.
  private static let mostSamples = 256
  /// A clock that is set all the time is none.
  private static let mostRows = 64

  /// How much the two clocks may drift apart, in parts per million.
  private let drift: Int64
  /// Readings that agree with the one before them; a new row begins where somebody set a clock.
  private var rows: [[Sample]] = []

  package init(drift: Int64 = ClockStamp.drift) { self.drift = min(max(0, drift), 1_000_000) }

  /// How often one of the clocks was set, as far as the readings tell.
  var steps: Int { max(rows.count - 1, 0) }

  /// A reading that contradicts itself (received before it was sent: our own clock was set) is not
  /// taken.
  package mutating func add(_ sample: Sample) {
    guard sample.received >= sample.sent, sample.resolution >= 0 else { return }
    guard let last = rows.last?.last,
      Self.common([offset(at: sample.node, by: last), offset(at: sample.node, by: sample)]) != nil
    else {
      rows.append([sample])
      if rows.count > Self.mostRows { rows.removeFirst() }
      return
    }
    rows[rows.count - 1].append(sample)
    if rows[rows.count - 1].count > Self.mostSamples { rows[rows.count - 1].removeFirst() }
  }

  /// Whether a reading after `stamp` is known: nothing better will come.
  package func isBracketed(_ stamp: Int64) -> Bool {
    rows.contains { $0.contains { $0.node >= stamp } }
  }

  /// When the other clock showed `stamp`. Each reading bounds the offset between the two clocks,
  /// the more loosely the longer before or after the stamp it was taken; all of them hold at once,
  /// but for those beyond a step. nil: there is no reading.
  package func when(_ stamp: Int64) -> Placed? {
    let possible = rows.indices.filter { reach(ofRow: $0).contains(stamp) }
    // Shown never, as far as is known: then before or after any of the steps.
    let asked = possible.isEmpty ? Array(rows.indices) : possible
    var isConsistent = possible.count == 1
    var found: [Offset] = []
    for row in asked.map({ rows[$0] }) {
      if let all = Self.common(row.map { offset(at: stamp, by: $0) }) {
        found.append(all)
        continue
      }
      // It drifts more than it may: the readings next to the stamp know best.
      isConsistent = false
      let near = [row.last { $0.node <= stamp }, row.first { $0.node > stamp }]
      found += near.compactMap { $0.map { offset(at: stamp, by: $0) } }
    }
    guard let least = found.map(\.least).min(), let most = found.map(\.most).max() else {
      return nil
    }
    return Placed(when: Self.shifted(stamp, by: (least, most)), isConsistent: isConsistent)
  }

  /// What the other clock may have shown while a row of readings held: up to the next row's
  /// beginning, had it gone on as it was, and back to the end of the one before.
  private func reach(ofRow index: Int) -> ClosedRange<Int64> {
    guard let first = rows[index].first, let last = rows[index].last else { return 0...0 }
    var range = (least: Int64.min, most: Int64.max)
    if index > 0, let before = rows[index - 1].last {
      range.least = first.node.saturatingMinus(length(from: before, to: first))
    }
    if index + 1 < rows.count, let after = rows[index + 1].first {
      range.most = last.node.saturatingPlus(length(from: last, to: after))
    }
    return range.least...max(range.least, range.most)
  }

  /// How much the other clock may show between two readings, when nobody sets it.
  private func length(from one: Sample, to other: Sample) -> Int64 {
    let length = max(0, other.received.nanoseconds.saturatingMinus(one.sent.nanoseconds))
    let slack = (length / 1_000_000 + 1).multipliedReportingOverflow(by: drift)
    return length.saturatingPlus(slack.overflow ? .max : slack.partialValue)
      .saturatingPlus(one.resolution)
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
