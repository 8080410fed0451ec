// What the daemons said of themselves, in words: the same in every format that people read.

internal import TakeoverModel

enum DaemonWords {
  static let header = ["read", "node", "its daemon", "the wire", "its kernel"]

  static func stage(_ stage: DaemonReading.Stage) -> String {
    switch stage {
    case .before: "before the blow"
    case .after: "at the trial's end"
    }
  }

  static func rows(_ trial: TrialTimeline) -> [[String]] {
    trial.daemonReadings.flatMap { reading -> [[String]] in
      let head = [stage(reading.stage), reading.view.node]
      guard reading.view.trouble.isEmpty else {
        return [head + ["\(reading.view.daemon) was not read: \(reading.view.trouble)", "", ""]]
      }
      guard !reading.comparisons.isEmpty else {
        let lack = "\(reading.view.daemon) has no instance with \(trial.addressText)"
        return [head + [lack, "", ""]]
      }
      return reading.comparisons.map { one in
        head + ["\(reading.view.daemon): \(instance(one.instance))", wire(one), kernel(one)]
      }
    }
  }

  /// `b's keepalived 2.2.7 refused 3 advertisements of virtual router 51: wrong password`
  static func refusals(_ trial: TrialTimeline) -> [String] {
    trial.refusedAdvertisements.map { one in
      "\(one.node)'s \(one.daemon) refused \(one.count) "
        + "advertisement\(one.count == 1 ? "" : "s") of virtual router \(one.vrid): "
        + one.reason.words
    }
  }

  /// For a finding that did not pass; empty: nothing was refused.
  static func hint(_ trial: TrialTimeline) -> String {
    let words = refusals(trial).joined(separator: "; ")
    return words.isEmpty ? "" : words + "."
  }

  private static func instance(_ instance: DaemonView.Instance) -> String {
    let priority = instance.effectivePriority.map { effective in
      ", priority \(effective)"
        + (instance.priority.map { $0 == effective ? "" : " of \($0)" } ?? "")
    }
    return "\(instance.name) is \(state(instance))" + (priority ?? "")
  }

  static func state(_ instance: DaemonView.Instance) -> String {
    instance.state?.rawValue ?? "in a state of its own"
  }

  private static func wire(_ one: DaemonReading.Comparison) -> String {
    switch one.advertises {
    case true: "advertises" + (one.advertisedPriority.map { " \($0)" } ?? "")
    case false: "does not advertise"
    case nil: "not known"
    }
  }

  private static func kernel(_ one: DaemonReading.Comparison) -> String {
    guard let held = one.held else { return "not known" }
    return held.isEmpty
      ? "has none" : "has " + held.map(\.description).joined(separator: " and ")
  }
}
