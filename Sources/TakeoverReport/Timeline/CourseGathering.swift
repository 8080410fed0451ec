// From a trial's evidence to its course: who advertised and who announced, thinned out to what a
// picture can show.

internal import TakeoverModel

extension Course {
  /// Frames of one node closer together than this part of the window are one: a storm is many thousand.
  private static let grain = 2_000
  /// How much before the blow is of interest.
  private static let leadIn = Duration.seconds(10)

  mutating func take(_ evidence: TrialEvidence, around window: Window) {
    let whole = Window(from: window.from - Self.leadIn, to: window.to)
    let grain = window.length / Self.grain
    advertisements = Self.thinned(
      evidence.advertised.filter { whole.contains($0.when.earliest) }
        .map { Sent(node: $0.node, when: $0.when, isGoodbye: $0.priority == 0) }, to: grain)
    announcements = Self.thinned(
      evidence.used.filter { $0.form == .announcement && whole.contains($0.when.earliest) }
        .map { Sent(node: $0.node, when: $0.when) }, to: grain)
  }

  /// `frames` are in the order of time.
  private static func thinned(_ frames: [Sent], to grain: Duration) -> [Sent] {
    var kept: [Sent] = []
    var last: [String: Int] = [:]
    for frame in frames {
      if let index = last[frame.node], kept[index].isGoodbye == frame.isGoodbye,
        frame.when.earliest.since(kept[index].when.earliest) < grain
      {
        kept[index].when = Interval(
          kept[index].when.earliest, max(kept[index].when.latest, frame.when.latest))
        kept[index].count += 1
      } else {
        last[frame.node] = kept.count
        kept.append(frame)
      }
    }
    return kept
  }
}
