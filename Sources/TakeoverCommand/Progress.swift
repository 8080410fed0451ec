// What a person sees while a run goes on, made from what is being written into the journal: on a terminal
// lines above a panel, else lines, with a sign of life each half minute when nothing happens.

internal import Dispatch
internal import Foundation
internal import Synchronization
internal import TakeoverModel
internal import TakeoverReport

/// Listens to a journal from any thread.
final class Progress: Sendable {
  private static let heartbeat = Duration.seconds(30)

  private final class Sight: Sendable {
    struct State {
      var marks: MarkLine
      var panel: LivePanel
      var lastLine = ContinuousClock().now
    }

    let state: Mutex<State>

    init(colour: Bool) {
      state = Mutex(State(marks: MarkLine(colour: colour), panel: LivePanel(colour: colour)))
    }
  }

  private let sight: Sight
  private let clock: any RunClock
  /// nil: there is no terminal to draw on.
  private let screen: LiveScreen?

  init(clock: any RunClock) {
    let sight = Sight(colour: Terminal.colours(STDERR_FILENO))
    self.sight = sight
    self.clock = clock
    screen =
      LiveScreen.size(of: STDERR_FILENO) == nil
      ? nil
      : LiveScreen(on: STDERR_FILENO) { size in
        let now = clock.now()
        return sight.state.withLock {
          $0.panel.lines(at: now, columns: size.columns, rows: size.rows)
        }
      }
  }

  func take(_ observation: Observation) {
    let lines = sight.state.withLock { state in
      state.panel.see(observation)
      let lines = state.marks.see(observation)
      if !lines.isEmpty { state.lastLine = ContinuousClock().now }
      return lines
    }
    if let screen {
      screen.queue(lines)
    } else {
      for line in lines { Terminal.note(line) }
    }
  }

  /// Shows it while `body` goes on.
  func showing<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    if let screen { return try await screen.showing(body) }
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "takeover.heartbeat"))
    timer.schedule(deadline: .now() + 1, repeating: 1)
    timer.setEventHandler { self.beat() }
    timer.resume()
    defer { timer.cancel() }
    return try await body()
  }

  private func beat() {
    let now = ContinuousClock().now
    let line = sight.state.withLock { state -> String? in
      guard state.lastLine.duration(to: now) >= Self.heartbeat else { return nil }
      state.lastLine = now
      return state.panel.heartbeat(at: clock.now())
    }
    if let line { Terminal.note(line) }
  }
}
