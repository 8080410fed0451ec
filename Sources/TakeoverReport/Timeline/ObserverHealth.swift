// How well the observers did over the whole run: when captures began, what they lost, who died, and
// what became of the clock. Gathered in one pass, asked per trial.

internal import TakeoverModel

struct ObserverHealth: Sendable {
  struct Death: Sendable {
    var source: String
    var text: String
    var at: Moment
    /// When it was heard again.
    var until: Moment?
  }

  /// Two nodes are struck at once, and their lines may wait for the disk in either order.
  private static let disorder = Duration.milliseconds(250)

  private(set) var captureBegan: [String: Moment] = [:]
  /// What happened since the state before it: within `when`. `dropped` and `received` are of that
  /// time only, though a journal has them since the capture began.
  private(set) var states: [(when: Interval, state: CaptureState)] = []
  /// The blows that took a node's port down, of all trials.
  private(set) var portsCut: [(node: String, when: Interval)] = []
  private(set) var deaths: [Death] = []
  /// What the journal and the run say of the journal and the clock.
  private(set) var remarks: [(when: Interval, text: String)] = []

  init(_ observations: [Observation]) {
    var dead: [String: Int] = [:]
    var totals: [String: CaptureState] = [:]
    var latest: Moment?
    var clock: (when: Interval, reading: ClockReading)?
    for observation in observations {
      let source = observation.source
      if source == "run" {
        // Doings are written as they end, so their ends go back with the clock only.
        if let latest, latest.since(observation.when.latest) > Self.disorder {
          let step = Duration.milliseconds(
            latest.since(observation.when.latest).nanoseconds / 1_000_000)
          remarks.append(
            (
              Interval(observation.when.latest, latest),
              "the coordinator's clock went back by \(TimeText.chosen(step))"
            ))
        }
        latest = observation.when.latest
      }
      if !dead.isEmpty {
        for (name, index) in dead where source == name || source.hasPrefix(name + "/") {
          deaths[index].until = observation.when.earliest
          dead[name] = nil
        }
      }
      switch observation.event {
      case .captureBegan(let state):
        captureBegan[state.port] = captureBegan[state.port] ?? observation.when.latest
        totals[state.port] = state
        // An interface that is down at the beginning is trouble, too.
        if !state.trouble.isEmpty { states.append((observation.when, state)) }
      case .captureState(let state):
        states.append((observation.when, state.since(totals[state.port])))
        totals[state.port] = state
      case .blow(let blow) where blow.cutsPort == true:
        portsCut.append((blow.node, observation.when))
      case .observerDied(let note):
        let text = note.text.hasPrefix(source) ? note.text : "\(source): \(note.text)"
        dead[source] = deaths.count
        deaths.append(Death(source: source, text: text, at: observation.when.earliest))
      case .clock(let reading) where reading.monotonic != nil:
        if let (when, last) = clock, let step = ClockFinding.step(from: last, to: reading) {
          let way = step < .zero ? "back" : "forward"
          let size = TimeText.value(step < .zero ? .zero - step : step, knownTo: .microseconds(1))
          remarks.append(
            (
              when.joined(with: observation.when),
              "the coordinator's clock was set \(way) by \(size)"
            ))
        }
        if let last = clock, let gap = ClockFinding.gap(from: last.reading, to: reading) {
          remarks.append(
            (
              last.when.joined(with: observation.when),
              "the coordinator itself did not run for \(TimeText.value(gap, knownTo: .milliseconds(100)))"
            ))
        }
        clock = (observation.when, reading)
      case .note(let note) where source == JournalReader.source || source == "clock":
        remarks.append((observation.when, note.text))
      default: break
      }
    }
  }
}

extension CaptureState {
  /// What came after `earlier`; all of it when the capture began anew and counts from zero again.
  fileprivate func since(_ earlier: CaptureState?) -> CaptureState {
    guard let earlier, earlier.dropped <= dropped, earlier.received <= received else { return self }
    var state = self
    state.dropped = dropped - earlier.dropped
    state.received = received - earlier.received
    return state
  }
}

extension Interval {
  /// From the beginning of the earlier to the end of the later.
  fileprivate func joined(with other: Interval) -> Interval {
    Interval(min(earliest, other.earliest), max(latest, other.latest))
  }

  func reaches(into window: Window) -> Bool {
    earliest <= window.to && latest >= window.from
  }
}
