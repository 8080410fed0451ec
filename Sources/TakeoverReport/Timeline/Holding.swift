// From claims to times: how long two nodes held one address together, how long nobody did.

internal import TakeoverModel

enum Holding {
  /// Per address and pair of nodes, the time both held it within the window, all stretches together.
  ///
  /// Two claims overlap at least from the later's latest beginning to the sooner's earliest end, at
  /// most from the later's earliest beginning to the sooner's latest end.
  static func overlaps(of claims: [Claim], in window: Window) -> [Overlap] {
    var sums: [Pair: Elapsed] = [:]
    for (index, one) in claims.enumerated() {
      for other in claims[(index + 1)...]
      where other.address == one.address && other.node != one.node {
        let least = length(
          max(one.from.latest, other.from.latest),
          min(one.end(in: window).earliest, other.end(in: window).earliest), in: window)
        let most = length(
          max(one.from.earliest, other.from.earliest),
          min(one.end(in: window).latest, other.end(in: window).latest), in: window)
        guard most > .zero else { continue }
        let pair = Pair(address: one.address, nodes: [one.node, other.node].sorted())
        let sum = sums[pair] ?? Elapsed(exactly: .zero)
        sums[pair] = Elapsed(atLeast: sum.atLeast + least, atMost: sum.atMost + most)
      }
    }
    return sums.map { Overlap(address: $0.address, nodes: $0.nodes, length: $1) }
      .sorted {
        ($0.address, $0.nodes.joined(separator: " ")) < (
          $1.address, $1.nodes.joined(separator: " ")
        )
      }
  }

  private struct Pair: Hashable {
    var address: IPAddress
    var nodes: [String]
  }

  /// The time in the window that no claim covers: at least what is outside of every claim at its
  /// widest, at most what is outside of every claim at its narrowest.
  static func unowned(
    _ address: IPAddress, claims: [Claim], in window: Window
  ) -> Absence {
    let own = claims.filter { $0.address == address }
    let widest = own.map { ($0.from.earliest, $0.end(in: window).latest) }
    let narrowest = own.map { ($0.from.latest, $0.end(in: window).earliest) }
    let least = gaps(between: widest, in: window)
    let most = gaps(between: narrowest, in: window)
    return Absence(
      address: address,
      length: Elapsed(atLeast: least.reduce(.zero, +), atMost: most.reduce(.zero, +)),
      // Each gap between claims at their widest lies in one between them at their narrowest.
      longest: Elapsed(atLeast: least.max() ?? .zero, atMost: most.max() ?? .zero))
  }

  private static func gaps(between stretches: [(Moment, Moment)], in window: Window) -> [Duration] {
    var reached = window.from
    var gaps: [Duration] = []
    for (from, to) in stretches.filter({ $0.0 <= $0.1 }).sorted(by: { $0.0 < $1.0 }) {
      if from > reached { gaps.append(min(from, window.to).since(min(reached, window.to))) }
      reached = max(reached, to)
    }
    if reached < window.to { gaps.append(window.to.since(reached)) }
    return gaps
  }

  private static func length(_ from: Moment, _ to: Moment, in window: Window) -> Duration {
    max(.zero, min(to, window.to).since(max(from, window.from)))
  }
}

extension Claim {
  /// When it ended; a claim that was not seen to end lasts as long as the window.
  func end(in window: Window) -> Interval { until ?? Interval(at: window.to) }
}
