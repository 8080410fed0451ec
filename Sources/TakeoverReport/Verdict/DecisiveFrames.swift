// Which frames of the capture the marks of each trial are, so that whoever opens the capture finds
// them: t1, t2, t3 per address, and t4.

package import TakeoverModel

package struct DecisiveFrame: Hashable, Sendable {
  /// The capture point's name.
  package var port: String
  /// The frame's number in that point's capture file, from 1.
  package var frame: Int
  /// `trial 2 'crash': t2, first advertisement of b, 2.7803 s ± 220 µs after the blow`
  package var words: String
}

package enum DecisiveFrames {
  /// In the order of the trials and their marks. `observations`: those that `report` was judged by.
  package static func found(
    for report: Report, in observations: [Observation]
  ) -> [DecisiveFrame] {
    let attribution = Attribution(site: report.header.site, observations: observations)
    var sights: [Interval: [Observation]] = [:]
    // A frame seen at several points is known better than at any one of them.
    var wide: [Observation] = []
    var widest = Duration.zero
    for observation in observations where observation.event.sight != nil {
      sights[observation.when, default: []].append(observation)
      if observation.when.width > .zero { wide.append(observation) }
      widest = max(widest, observation.when.width)
    }
    wide.sort { $0.when.earliest < $1.when.earliest }
    return report.trials.enumerated().flatMap { index, trial in
      wanted(trial.timeline).compactMap { mark in
        let isIt = { (observation: Observation) in
          mark.isShown(observation.event)
            && attribution.sender(of: observation.event)?.name == mark.node
        }
        let seen =
          sights[mark.when, default: []].first(where: isIt)
          ?? wide[wide.partitioningIndex { $0.when.earliest >= mark.when.earliest - widest }...]
          .prefix { $0.when.earliest <= mark.when.earliest }
          .first { $0.when.contains(mark.when) && isIt($0) }
        guard let sight = seen?.event.sight else { return nil }
        return DecisiveFrame(
          port: sight.port, frame: sight.frame,
          words: "trial \(index + 1) '\(CleanText.line(trial.title))': \(mark.words)")
      }
    }
  }

  private struct Mark {
    var when: Interval
    var node: String?
    var words: String
    var isShown: (Event) -> Bool
  }

  private static func wanted(_ trial: TrialTimeline) -> [Mark] {
    guard let blow = trial.marks.blow else { return [] }
    let old = trial.takeover?.from ?? trial.holderBefore
    let new = trial.takeover?.to
    var marks: [Mark] = []
    func add(
      _ mark: String, _ what: String, by node: String?, _ when: Interval?,
      _ isShown: @escaping (Event) -> Bool
    ) {
      guard let when else { return }
      let since = when.since(blow)
      let words = "\(mark), \(what) \(node ?? "the node"), \(since) after the blow"
      marks.append(Mark(when: when, node: node, words: words, isShown: isShown))
    }
    add("t1", "last advertisement of", by: old, trial.marks.lastAdvertisement) {
      if case .advertisement = $0 { true } else { false }
    }
    add("t2", "first advertisement of", by: new, trial.marks.firstAdvertisement) {
      if case .advertisement(let seen) = $0 { seen.priority > 0 } else { false }
    }
    for (address, when) in trial.marks.announcements.sorted(by: { $0.key < $1.key }) {
      add("t3", "announcement of \(address) by", by: new, when) {
        guard case .announcement(let seen) = $0 else { return false }
        return seen.form == .announcement && seen.address == address
      }
    }
    let addresses = Set(trial.addresses)
    add(
      "t4", "last frame with a virtual address of", by: trial.holderBefore,
      trial.marks.lastFrameOfOld
    ) {
      switch $0 {
      case .announcement(let seen): seen.form != .probe && addresses.contains(seen.address)
      case .datagram(let seen): addresses.contains(seen.address)
      default: false
      }
    }
    return marks
  }
}
