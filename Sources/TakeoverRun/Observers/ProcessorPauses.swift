// Watches for pauses of this machine's processors, a thread on each: what makes a lab's daemon late
// though it had nothing to wait for. /proc/stat counts the same in hundredths of a second only.

package import TakeoverModel
import TakeoverWire

package struct ProcessorPauses: Observer {
  package let name = "processor-pauses"

  package init() {}

  /// A machine that lets nobody go first is measured all the same, and nothing is allowed for it.
  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let processors = try ProcessorWatch.processors()
    ready()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for processor in processors {
        group.addTask { try await stand(on: processor, into: journal, clock: clock) }
      }
      try await group.waitForAll()
    }
    while true { try await clock.wait(until: clock.now() + .seconds(3600)) }
  }

  private func stand(
    on processor: Int, into journal: any Journal, clock: any RunClock
  ) async throws {
    let name = name
    @Sendable func tell(_ event: Event, _ when: Interval) {
      journal.record(Observation(when: when, source: name, event: event))
    }
    @Sendable func watched(_ trouble: String = "") {
      let event = Event.processorWatched(ProcessorWatched(processor: processor, trouble: trouble))
      tell(event, Interval(at: clock.now()))
    }
    do {
      try await OwnThread.run { stop in
        let watch = try ProcessorWatch(on: processor)
        watched()
        try watch.run(until: stop) { began, ended in
          let began = Moment(nanoseconds: began - clock.origin)
          let ended = Moment(nanoseconds: ended - clock.origin)
          tell(.processorPause(ProcessorPause(processor: processor)), Interval(began, ended))
        }
      }
    } catch let failure as SystemFailure {
      watched(failure.problem)
    }
  }
}
