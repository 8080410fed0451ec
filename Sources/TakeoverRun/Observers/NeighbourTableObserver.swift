// Watches what a client's kernel knows of the virtual addresses: its neighbour entries, by which a
// takeover reaches the client or does not. It only listens; nothing that it does heals an entry.

package import TakeoverModel
import TakeoverWire

package struct NeighbourTableObserver: Observer {
  package let vantage: VantagePoint
  package var name: String { "\(vantage.name)/neighbour-table" }

  package init(from vantage: VantagePoint) { self.vantage = vantage }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let (vantage, name) = (vantage, name)
    try await OwnThread.run { stop in
      let watch = try NeighbourWatch(
        vantage, called: name, addresses: site.addresses.map(\.address), journal: journal,
        clock: clock)
      try watch.run(until: stop, ready: ready)
    }
  }
}

/// The work of the observer's thread.
private final class NeighbourWatch {
  /// The kernel does not stamp its messages. One came between two looks, so their distance is how
  /// exactly a change is known; nanoseconds.
  private static let period: Int64 = 5_000_000
  private static let noRoom: Int32 = 105

  private let vantage: VantagePoint
  private let name: String
  private let addresses: [IPAddress]
  private let journal: any Journal
  private let clock: any RunClock
  private let table: NeighbourTable
  private var index: Int32
  private var record: NeighbourRecord
  private var own: [IPAddress] = []
  /// The last look that found nothing left to hear.
  private var quiet: Moment

  init(
    _ vantage: VantagePoint, called name: String, addresses: [IPAddress],
    journal: any Journal, clock: any RunClock
  ) throws {
    self.vantage = vantage
    self.name = name
    self.addresses = addresses
    self.journal = journal
    self.clock = clock
    quiet = clock.now()
    table = try NeighbourTable(interface: vantage.interface, namespace: vantage.namespace)
    index = table.index
    record = NeighbourRecord(vantage: vantage.name, addresses: addresses, interface: index)
  }

  func run(until stop: StopSignal, ready: () -> Void) throws {
    try describe()
    try askAll()
    ready()
    while true {
      let states = try Watched.wait(
        for: [table.watched, stop.watched], until: Realtime.nanoseconds() + Self.period)
      try hear()
      if states.last ?? true { return }
      // An interface that was made anew has a new number, and an empty table.
      if table.index != index {
        index = table.index
        record = NeighbourRecord(vantage: vantage.name, addresses: addresses, interface: index)
        try askAll()
      }
    }
  }

  /// What the vantage point itself is called by: readers of a capture want to know its addresses.
  private func describe() throws {
    try table.ask(NetlinkMessage.allAddresses)
    let deadline = Realtime.nanoseconds() + 1_000_000_000
    var isDone = false
    while !isDone, Realtime.nanoseconds() < deadline {
      _ = try Watched.wait(for: [table.watched], until: deadline)
      while let messages = try table.receive() {
        for message in messages {
          if case .address(let interface, let address) = message, interface == index {
            own.append(address)
          }
          if message == .done { isDone = true }
        }
      }
    }
    let description = VantageDescription(
      vantage: vantage.name, interface: vantage.interface, addresses: own)
    write(.vantageDescribed(description), Interval(at: clock.now()))
  }

  private func askAll() throws {
    record.asked()
    try table.ask(NetlinkMessage.allNeighbours)
  }

  /// Everything that there is to hear; it happened since the table was quiet for the last time.
  private func hear() throws {
    while true {
      let looked = clock.now()
      do throws(SystemFailure) {
        guard let messages = try table.receive() else {
          quiet = looked
          return
        }
        for entry in record.take(messages) {
          write(.neighbour(entry), Interval(quiet, clock.now()))
        }
      } catch {
        guard error.code == Self.noRoom else { throw error }
        // Some changes were lost: the answer says what came of them.
        try askAll()
      }
    }
  }

  private func write(_ event: Event, _ when: Interval) {
    journal.record(Observation(when: when, source: name, event: event))
  }
}
