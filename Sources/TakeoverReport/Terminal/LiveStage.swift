// What a run does this moment, and what it waits for: found from its own words in the journal.

internal import TakeoverModel

struct LiveStage: Sendable {
  /// What is done, since when, and by when it is over; nil: that is not known beforehand.
  struct Step: Hashable, Sendable {
    var words: String
    var since: Moment
    var limit: Duration?
    /// What comes after it; empty: nothing that is known.
    var next = ""
  }

  private var step: Step
  private var trial: Trial?
  private var struck: Set<String> = []
  private var unhealed: Set<String> = []
  /// When the last of the nodes was healed; nil: not yet.
  private var healed: Moment?
  /// Why the run is halting; nil: it is not.
  private var halting: String?

  init(at now: Moment = .began) { step = Step(words: "meeting the nodes", since: now, limit: nil) }

  mutating func see(_ observation: Observation, in header: RunHeader?) {
    let now = observation.when.latest
    switch observation.event {
    case .runBegan: step = Step(words: "meeting the nodes", since: now, limit: nil)
    case .trialBegan(let which): begin(header?.trial(which), at: now)
    case .gatePassed:
      let next = trial.map { "the blow: \($0.fault.kind) on \($0.target)" } ?? ""
      step = Step(words: "preparing the blow", since: now, limit: nil, next: next)
    case .note(let note): see(note, at: now)
    case .blow(let blow): strike(blow, at: now)
    case .healing(let one):
      unhealed.insert(one.node)
      step = Step(
        words: "healing \(unhealed.sorted().joined(separator: " and "))", since: now, limit: nil,
        next: "the pair is watched")
    case .healed(let one):
      unhealed.remove(one.node)
      struck.remove(one.node)
      if unhealed.isEmpty { healed = now }
    case .gateRefused(let note), .trialSkipped(let note), .notRestored(let note):
      step = Step(words: CleanText.line(note.text), since: now, limit: nil)
      healed = nil
    case .restored:
      step = Step(words: "redundant again", since: now, limit: nil)
      healed = nil
    case .runEnded: step = Step(words: "writing the reports", since: now, limit: nil)
    default: break
    }
  }

  private mutating func begin(_ trial: Trial?, at now: Moment) {
    self.trial = trial
    struck = []
    unhealed = []
    healed = nil
    step = Step(
      words: "waiting for a sound pair", since: now, limit: trial?.recover, next: "the blow")
  }

  private mutating func see(_ note: Note, at now: Moment) {
    if note.text.hasPrefix("firing at ") {
      step = Step(
        words: "waiting for the moment to strike", since: now, limit: nil, next: "the blow")
    } else if note.text.hasPrefix("halting: ") {
      halting = CleanText.line(note.text)
    }
  }

  private mutating func strike(_ blow: BlowStruck, at now: Moment) {
    let isFirst = struck.isEmpty
    struck.insert(blow.node)
    let nodes = struck.sorted().joined(separator: " and ")
    let since = isFirst ? now : step.since
    step = Step(
      words: "in force: \(blow.fault.kind) on \(nodes)", since: since, limit: trial?.hold,
      next: "healing")
  }

  /// The step as it stands at `now`: after the healing the pair is watched, and then waited for.
  func step(at now: Moment) -> Step {
    var step = step
    if let healed, let trial {
      let settled = healed + trial.settle
      step =
        now < settled
        ? Step(
          words: "healed; watching the pair", since: healed, limit: trial.settle,
          next: "waiting until it is redundant again")
        : Step(
          words: "waiting until the pair is redundant again", since: settled,
          limit: trial.recover, next: "the next trial")
    }
    if let halting {
      step.words = "\(halting): \(step.words)"
      step.next = ""
    }
    return step
  }
}
