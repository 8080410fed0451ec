// How a client's neighbour entry fared, in words: the same in every format that people read.

internal import TakeoverModel

enum CacheWords {
  /// `client's entry of 172.17.16.3`
  static func entry(_ repair: CacheRepair) -> String {
    "\(repair.vantage)'s entry of \(repair.address)"
  }

  static func cause(_ repair: CacheRepair) -> String {
    switch repair.way {
    case .announced: "announcement"
    case .detected: "unreachability detection"
    case .never, .noEntry, .nothing: "nothing"
    }
  }

  /// `healed by announcement 0.4 ms ± 2.5 ms after the takeover`
  static func state(_ repair: CacheRepair) -> String {
    switch repair.way {
    case .announced, .detected:
      let length = repair.length.map { " \($0) after the takeover" } ?? ""
      return "healed by \(cause(repair))\(length)"
    case .never:
      let last = repair.last.map { "still led to \($0)" } ?? "led nowhere"
      return "\(last) \(TimeText.least(repair.watched)) after the takeover"
    case .noEntry: return "was not there when the blow fell"
    case .nothing: return "had nothing to heal"
    }
  }

  /// The worst of a trial, short enough for a table; nil: no entry was watched.
  static func summary(_ trial: TrialTimeline) -> String? {
    let repairs = trial.repairs
    if repairs.contains(where: { $0.way == .never }) { return "not healed" }
    if let slowest = repairs.filter({ $0.way == .detected })
      .max(by: { ($0.length?.atMost ?? .zero) < ($1.length?.atMost ?? .zero) })
    {
      return slowest.length.map { "detected, \($0)" } ?? "detected"
    }
    if repairs.contains(where: { $0.way == .announced }) { return "announced" }
    if repairs.contains(where: { $0.way == .nothing }) { return "nothing to heal" }
    return repairs.isEmpty ? nil : "no entry"
  }
}
