// How many trials are done, and how long the others will take: from what the plan says, and from what
// those that are done have taken beyond that.

internal import TakeoverModel

struct LiveCount: Sendable {
  struct Rest: Hashable, Sendable {
    var trials: Int
    var atLeast: Duration
    var atMost: Duration
    /// From trials that were carried out; else the plan's own bounds.
    var isMeasured: Bool
  }

  private var header: RunHeader?
  private(set) var done = 0
  private(set) var all = 0
  private(set) var current: TrialHeader?
  private var began: Moment?
  private var isStruck = false
  /// What trials that were carried out have taken beside their hold and their settling.
  private var overhead: ClosedRange<Duration>?

  mutating func see(_ observation: Observation) {
    switch observation.event {
    case .runBegan(let header):
      self.header = header
      all = header.plans.flatMap(\.trials).reduce(0) { $0 + max($1.repetitions, 1) }
    case .trialBegan(let which):
      current = which
      began = observation.when.latest
      isStruck = false
    case .blow: isStruck = true
    case .trialEnded(let which):
      end(which, at: observation.when.latest)
      current = nil
    default: break
    }
  }

  private mutating func end(_ which: TrialHeader, at now: Moment) {
    done += 1
    guard let trial = header?.trial(which), let began, isStruck else { return }
    let beyond = max(now.since(began) - trial.hold - trial.settle, .zero)
    overhead =
      overhead.map { min($0.lowerBound, beyond)...max($0.upperBound, beyond) }
      ?? beyond...beyond
  }

  /// Its place among all trials, from 1; nil: none goes on.
  var place: Int? { current == nil ? nil : done + 1 }

  var trial: Trial? { current.flatMap { header?.trial($0) } }

  /// The names of those that come after this one, in order: at most `count`.
  func next(_ count: Int) -> [String] {
    guard let header else { return [] }
    var names: [String] = []
    var skipped = done + (current == nil ? 0 : 1)
    for trial in header.plans.flatMap(\.trials) {
      for repetition in 1...max(trial.repetitions, 1) {
        guard skipped == 0 else {
          skipped -= 1
          continue
        }
        guard names.count < count else { return names }
        names.append(trial.repetitions > 1 ? "\(trial.name) #\(repetition)" : trial.name)
      }
    }
    return names
  }

  /// What is to go at `now`, with what is left of the trial that goes on.
  func rest(at now: Moment) -> Rest {
    var skipped = done
    var sum = (least: Duration.zero, most: Duration.zero)
    var count = 0
    for trial in header?.plans.flatMap(\.trials) ?? [] {
      for _ in 1...max(trial.repetitions, 1) {
        guard skipped == 0 else {
          skipped -= 1
          continue
        }
        let planned = trial.hold + trial.settle
        var least = planned + (overhead?.lowerBound ?? .zero)
        var most = planned + (overhead?.upperBound ?? (trial.recover * 2))
        if count == 0, current != nil, let began {
          let passed = now.since(began)
          least = max(least - passed, .zero)
          most = max(most - passed, .zero)
        }
        sum = (sum.least + least, sum.most + most)
        count += 1
      }
    }
    return Rest(
      trials: count, atLeast: sum.least, atMost: sum.most, isMeasured: overhead != nil)
  }
}
