// A watched pair for the person in front of it: notices as lines on standard output, and how it stands
// below them while it is a terminal. Takes observations from any thread, as a journal does.

internal import Dispatch
internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverReport
internal import TakeoverRun

final class WatchView: Journal, Sendable {
  private static let heartbeat = Duration.seconds(30)
  /// How soon a silence shows.
  private static let look = DispatchTimeInterval.milliseconds(100)

  private final class Sight: Sendable {
    struct State {
      var segment: SegmentWatch
      var count = WatchCount()
      var lastLine = ContinuousClock().now
    }

    let state: Mutex<State>

    init(_ segment: SegmentWatch) { state = Mutex(State(segment: segment)) }
  }

  private let sight: Sight
  private let clock: any RunClock
  private let began: Moment
  private let line: NoticeLine
  /// What is recorded besides; nil: nothing is.
  private let file: JournalFile?
  /// nil: there is no terminal to draw on.
  private let screen: LiveScreen?
  private let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  init(_ site: Site, clock: any RunClock, recordingTo file: JournalFile?) {
    let began = clock.now()
    let sight = Sight(SegmentWatch(site: site, from: began))
    self.sight = sight
    self.clock = clock
    self.began = began
    self.file = file
    line = NoticeLine(origin: clock.origin, colour: Terminal.colours(STDOUT_FILENO))
    let descriptor = outputIsTerminal ? STDOUT_FILENO : STDERR_FILENO
    let panel = WatchPanel(colour: Terminal.colours(descriptor))
    screen =
      LiveScreen.size(of: descriptor) == nil
      ? nil
      : LiveScreen(on: descriptor) { size in
        let now = clock.now()
        return sight.state.withLock {
          panel.lines(
            of: $0.segment, from: began, at: now, columns: size.columns, rows: size.rows)
        }
      }
    file?.listen { [weak self] observation in self?.tell { $0.take(observation) } }
  }

  /// What is kept and what is told have one order.
  func record(_ observation: Observation) {
    guard let file else { return tell { $0.take(observation) } }
    file.record(observation)
  }

  func recordDurably(_ observation: Observation) throws {
    guard let file else { return tell { $0.take(observation) } }
    try file.recordDurably(observation)
  }

  /// While the state is locked, so that lines come in the order in which they were found.
  private func tell(_ act: (inout SegmentWatch) -> [PairNotice]) {
    sight.state.withLock { state in
      let notices = act(&state.segment)
      guard !notices.isEmpty else { return }
      state.count.add(notices)
      state.lastLine = ContinuousClock().now
      say(notices.map(line.line))
    }
  }

  private func say(_ lines: [String]) {
    if let screen, outputIsTerminal {
      screen.queue(lines)
    } else {
      for line in lines { Terminal.write(line + "\n", to: STDOUT_FILENO) }
    }
  }

  /// Shows it while `body` goes on, and then what it came to.
  func showing(_ body: () async throws -> Void) async rethrows -> Outcome {
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "takeover.watch"))
    timer.schedule(deadline: .now() + Self.look, repeating: Self.look)
    timer.setEventHandler { self.pass() }
    timer.resume()
    do {
      defer { timer.cancel() }
      if let screen { try await screen.showing(body) } else { try await body() }
    }
    pass()
    // What was told when the region was gone already.
    screen?.redraw()
    return sight.state.withLock { state in
      let length = clock.now().since(began)
      for line in state.count.lines(of: state.segment, lasting: length) { Terminal.tell(line) }
      return state.count.outcome(of: state.segment)
    }
  }

  private func pass() {
    let now = clock.now()
    tell { $0.pass(now) }
    guard screen == nil else { return }
    let beat = sight.state.withLock { state -> String? in
      let now = ContinuousClock().now
      guard state.lastLine.duration(to: now) >= Self.heartbeat else { return nil }
      state.lastLine = now
      return WatchPanel().heartbeat(of: state.segment)
    }
    if let beat { Terminal.note("  \(beat)") }
  }
}

extension WatchView {
  /// The same lines from what was recorded: a silence shows in them as it showed then.
  static func replay(_ observations: [Observation], of header: RunHeader) -> Outcome {
    var segment = SegmentWatch(site: header.site)
    var count = WatchCount()
    let line = NoticeLine(origin: header.origin, colour: Terminal.colours(STDOUT_FILENO))
    func tell(_ notices: [PairNotice]) {
      count.add(notices)
      for notice in notices { Terminal.tell(line.line(notice)) }
    }
    var looked = Moment.began
    for observation in observations {
      let now = observation.when.latest
      while looked + .milliseconds(100) <= now {
        looked = looked + .milliseconds(100)
        tell(segment.pass(looked))
      }
      tell(segment.take(observation))
    }
    let length = segment.lastSeen.since(.began)
    for line in count.lines(of: segment, lasting: length) { Terminal.tell(line) }
    return count.outcome(of: segment)
  }
}
