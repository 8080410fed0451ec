// What a watch comes to at its end: for each virtual router who holds and what there was, and whether all
// of it was well.

package import TakeoverModel

package struct WatchCount: Sendable {
  private var anomalies: [PairNoticeWord: Int] = [:]

  package init() {}

  package mutating func add(_ notices: [PairNotice]) {
    for notice in notices where notice.word.isAnomaly && !notice.isOver {
      anomalies[notice.word, default: 0] += 1
    }
  }

  /// pass: well all the time; fail: not; unknown: nothing was seen, or too little to say so.
  package func outcome(of segment: SegmentWatch) -> Outcome {
    if anomalies.keys.contains(where: { $0 != .doubtfulCapture }) { return .fail }
    let isSeen = !segment.pairs.isEmpty && segment.pairs.allSatisfy { $0.watch.holder != nil }
    return isSeen && anomalies.isEmpty ? .pass : .unknown
  }

  /// The last line says most.
  package func lines(of segment: SegmentWatch, lasting length: Duration) -> [String] {
    var lines = segment.pairs.map { name, watch in
      let flaps = watch.flapCount
      return (name.isEmpty ? segment.site.name : name) + ": "
        + (watch.holder.map { "\($0) held last" } ?? "nobody was seen to hold")
        + ", \(flaps) \(flaps == 1 ? "change" : "changes") of the holder"
    }
    if !segment.others.isEmpty {
      let others = segment.others.sorted().map(\.description).joined(separator: ", ")
      lines.append("beside it: \(others)")
    }
    let time = WaitText.elapsed(length)
    let counted = anomalies.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.key.rawValue) \($0.value) ×" }.joined(separator: ", ")
    switch outcome(of: segment) {
    case .pass: lines.append("PASS: well in \(time) of watching")
    case .fail: lines.append("FAIL: in \(time) of watching: \(counted)")
    case .unknown where counted.isEmpty:
      lines.append("UNKNOWN: in \(time) of watching nobody was seen to hold")
    case .unknown: lines.append("UNKNOWN: in \(time) of watching: \(counted)")
    }
    return lines
  }
}
