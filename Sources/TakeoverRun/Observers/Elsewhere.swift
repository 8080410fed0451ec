// An observer on another machine loses its way when the way is cut, as a fault may do. It says so, and
// begins anew as soon as the machine can be reached again.

import Synchronization
import TakeoverModel

struct Elsewhere: Sendable {
  private static let patience = Duration.seconds(10)
  private static let pause = Duration.seconds(1)

  let name: String
  let transport: any Transport

  /// Opens the connection, does `body` until it is cancelled, and closes. What fails before it has
  /// ever been ready fails for good; `body` is given the number of the attempt, from 1.
  func observe(
    into journal: any Journal, clock: any RunClock, ready: @escaping @Sendable () -> Void,
    _ body: (Int, @escaping @Sendable () -> Void) async throws -> Void
  ) async throws {
    let wasReady = Atomic(false)
    let isDown = Atomic(false)
    let outcome: Result<Void, any Error>
    do {
      try await transport.open(within: Self.patience)
      var attempt = 1
      while true {
        do {
          try await body(attempt) {
            wasReady.store(true, ordering: .relaxed)
            isDown.store(false, ordering: .relaxed)
            ready()
          }
        } catch {
          guard Task.isCancelled || wasReady.load(ordering: .relaxed) else { throw error }
          // Once for each time that it is lost, however often it is tried again in vain.
          let isNews = !isDown.exchange(true, ordering: .relaxed)
          if isNews, !Task.isCancelled { say("\(error)", in: journal, at: clock.now()) }
        }
        if Task.isCancelled { break }
        attempt += 1
        try await clock.wait(until: clock.now() + Self.pause)
      }
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    await transport.close()
    try outcome.get()
  }

  /// Throws with the name of the first program that the machine lacks.
  func require(_ programs: [String]) async throws {
    for program in programs {
      let found = try await transport.run(
        .script("command -v \"$1\"", [program]), within: .seconds(5))
      guard !found.succeeded else { continue }
      throw Complaint(
        "\(transport.description) has no \(program), which \(name) needs there",
        remedy: "install \(program) on that machine, or let another one do it")
    }
  }

  /// Whoever is heard again afterwards is alive.
  private func say(_ words: String, in journal: any Journal, at now: Moment) {
    journal.record(
      Observation(
        when: Interval(at: now), source: name, event: .observerDied(Note("\(name): \(words)"))))
  }
}
