// What GitHub shows beside the lines of a plan: workflow commands, one for each trial that needs a
// reader, as few as GitHub keeps.

package import TakeoverModel

package struct Annotation: Hashable, Sendable {
  package enum Level: String, Hashable, Sendable, CaseIterable {
    /// An expectation was missed, or a node was not healed.
    case error
    /// There is no verdict.
    case warning
  }

  package var level: Level
  /// The plan's file; empty: not known.
  package var file: String
  package var line: Int
  package var title: String
  package var message: String
}

package enum Annotations {
  /// GitHub keeps ten of each level of a step; the tenth says how many there are besides.
  private static let most = 9

  package static func found(in report: Report) -> [Annotation] {
    let trials = report.trials.filter { !$0.isLeftOut }
    return trials.flatMap { trial -> [Annotation] in
      let index = trial.timeline.header.plan
      let plans = report.header.plans
      func one(_ level: Annotation.Level, _ word: String, _ message: String) -> Annotation {
        Annotation(
          level: level, file: plans.indices.contains(index) ? plans[index].source : "",
          line: trial.timeline.trial.line, title: "\(word): \(trial.title)", message: message)
      }
      var all: [Annotation] = []
      if trial.outcome != .pass {
        all.append(
          one(trial.outcome == .fail ? .error : .warning, trial.word, sentence(of: trial)))
      }
      if trial.timeline.healingConfirmed != .pass, !trial.timeline.aftermath.isEmpty {
        all.append(one(.error, "not healed", trial.timeline.aftermath.joined(separator: "; ")))
      }
      return all
    }
  }

  private static func sentence(of trial: TrialResult) -> String {
    guard let worst = trial.findingsByWeight.first, worst.outcome != .pass else {
      return trial.reason
    }
    return [worst.sentence, worst.hint].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Of a message about files that cannot be used: `plan.yaml:14:7: error[TK012]: …` stands at its
  /// line; a message without a place is one annotation.
  package static func found(inMessage problem: String) -> [Annotation] {
    let lines = problem.split(separator: "\n").map(String.init)
    let placed = lines.compactMap { line -> Annotation? in
      let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, let number = Int(parts[1]), Int(parts[2]) != nil,
        parts[3].hasPrefix(" error")
      else { return nil }
      return Annotation(
        level: .error, file: String(parts[0]), line: number, title: "takeover",
        message: String(parts[3].dropFirst()))
    }
    guard placed.isEmpty, let first = lines.first else { return placed }
    return [Annotation(level: .error, file: "", line: 0, title: "takeover", message: first)]
  }

  /// Lines of a log, without line ends.
  package static func lines(_ annotations: [Annotation]) -> [String] {
    Annotation.Level.allCases.flatMap { level in
      let own = annotations.filter { $0.level == level }
      let rest = own.count - most
      return own.prefix(most).map(line)
        + (rest > 0
          ? ["::\(level.rawValue) title=takeover::\(rest) more are in the job's summary."] : [])
    }
  }

  private static func line(_ annotation: Annotation) -> String {
    var properties = ["title=\(property(annotation.title))"]
    if !annotation.file.isEmpty {
      let place = annotation.line > 0 ? ["line=\(annotation.line)"] : []
      properties = ["file=\(property(annotation.file))"] + place + properties
    }
    return "::\(annotation.level.rawValue) \(properties.joined(separator: ","))"
      + "::\(data(annotation.message))"
  }

  /// The runner undoes exactly these (actions/toolkit, command.ts). There is no line end left.
  private static func data(_ text: String) -> String {
    CleanText.line(text).replacing("%", with: "%25")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
