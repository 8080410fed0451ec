// Watches the wire at all of a site's capture points: who advertises, who announces, who answers.

package import TakeoverModel
import TakeoverWire

package struct WireObserver: Observer {
  package let name = "wire"
  /// Where all frames go; a device that keeps nothing will do.
  package let capturePath: String
  /// Whether the addresses are those that are advertised, whatever the site says.
  private let learns: Bool

  /// `capturePath`: the pcapng file to be made, `capture.pcapng` in the run's folder.
  package init(capturePath: String, learningAddresses learns: Bool = false) {
    self.capturePath = capturePath
    self.learns = learns
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let (path, learns) = (capturePath, learns)
    try await OwnThread.run { stop in
      let watch = try WireWatch(
        site, learns: learns, capturePath: path, journal: journal, clock: clock)
      ready()
      try watch.run(until: stop)
    }
  }
}

/// The work of the observer's thread.
private final class WireWatch {
  /// How often the file is flushed and the interfaces are looked after, nanoseconds.
  private static let tick: Int64 = 100_000_000
  private static let statePeriod: Int64 = 1_000_000_000

  private let capture: PacketCapture
  private let file: PcapngFile
  private let journal: any Journal
  private let clock: any RunClock
  private var record: WireRecord
  private var lastState: Moment

  init(
    _ site: Site, learns: Bool, capturePath: String, journal: any Journal, clock: any RunClock
  ) throws {
    let addresses = site.addresses.map(\.address)
    let points = site.captures.filter { $0.through == nil }
    capture = try PacketCapture(
      points,
      filter: learns ? .claims : .claims(on: addresses, sparing: site.database.map(\.port)))
    file = try PcapngFile(path: capturePath, points: points, names: site.wireNames)
    self.journal = journal
    self.clock = clock
    record = WireRecord(
      addresses: Set(addresses), points: points, origin: clock.origin, learns: learns)
    lastState = clock.now()
    try tellStates(Event.captureBegan)
  }

  func run(until stop: StopSignal) throws {
    let outcome = Result {
      try capture.run(until: stop, every: Self.tick, onFrames: take, onTick: lookAfter)
    }
    // Also when it failed: what was lost until then is known, and the judge wants to know it.
    try tellStates(Event.captureState)
    try file.flush()
    try outcome.get()
  }

  private func take(_ sightings: [PacketCapture.Sighting]) throws {
    for sighting in sightings {
      let number = try file.append(
        PcapngBlock.Frame(interface: sighting.point, frame: sighting.frame))
      let seen = record.take(sighting, number: number)
      for observation in seen.observations { journal.record(observation) }
      for trouble in seen.trouble { capture.note(trouble, at: sighting.point) }
    }
  }

  private func lookAfter() throws {
    try file.flush()
    if clock.now().since(lastState).nanoseconds >= Self.statePeriod {
      try tellStates(Event.captureState)
    }
  }

  /// What a state tells happened since the last one.
  private func tellStates(_ event: (CaptureState) -> Event) throws {
    let now = clock.now()
    for (index, (state, point)) in zip(try capture.states(), capture.points).enumerated() {
      file.appendStatistics(
        interface: index, time: Realtime.nanoseconds(), received: state.received,
        dropped: state.dropped)
      journal.record(
        Observation(
          when: Interval(lastState, now), source: "wire/\(point.name)",
          event: event(
            CaptureState(
              port: point.name, received: state.received, dropped: state.dropped,
              trouble: state.trouble, counts: state.counts.isEmpty ? nil : state.counts))))
    }
    lastState = now
  }
}

extension Site {
  /// What a reader of a capture shows instead of the site's addresses.
  var wireNames: [(address: IPAddress, name: String)] {
    let virtual = addresses.enumerated().map { index, virtual in
      (virtual.address, addresses.count == 1 ? "vip" : "vip\(index + 1)")
    }
    return virtual + nodes.flatMap { node in node.addresses.map { ($0, node.name) } }
  }
}
