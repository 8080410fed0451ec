// Watches the wire from a node's own interface, where no port of the switch can be captured. The
// node's tcpdump stamps the frames with the node's clock; every instant is as wide as that is known.

package import TakeoverModel
import TakeoverWire

package struct RemoteCapture: Observer {
  /// What streams in is looked at so often.
  private static let tick = Duration.milliseconds(100)
  /// The clock is read so often: 500 ppm of half of it are 60 µs.
  private static let clockPeriod = Duration.milliseconds(250)
  /// The counters are asked, and a reading of the clock is written down.
  private static let period = Duration.seconds(1)

  /// What it needs on the machine.
  package static let programs = ["tcpdump", "ip"]

  package let point: CapturePoint
  private let transport: any Transport
  private let capturePath: String
  /// Not below `wire`: what is seen here says nothing of the health of the captures made here.
  package var name: String { Self.name(at: point) }
  static func name(at point: CapturePoint) -> String { "remote/\(point.name)" }

  /// `transport` reaches the machine of the interface; it is opened and closed here. `capturePath`:
  /// the pcapng file to be made, one for each remote capture.
  package init(_ point: CapturePoint, over transport: any Transport, capturePath: String) {
    self.point = point
    self.transport = transport
    self.capturePath = capturePath
  }

  /// What captures there, for people to read.
  package static func command(at point: CapturePoint, of site: Site) -> Command {
    Command(RemoteTools.tcpdump(at: point, addresses: site.addresses.map(\.address)))
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let elsewhere = Elsewhere(name: name, transport: transport)
    try await elsewhere.observe(into: journal, clock: clock, ready: ready) { attempt, ready in
      try await elsewhere.require(Self.programs)
      try await capture(
        site, to: Self.path(capturePath, attempt), into: journal, clock: clock, ready: ready)
    }
  }

  /// What was captured before the way was cut stays: `capture-on-a.pcapng`, `capture-on-a.2.pcapng`.
  static func path(_ path: String, _ attempt: Int) -> String {
    guard attempt > 1, let dot = path.lastIndex(of: ".") else { return path }
    return path[..<dot] + ".\(attempt)" + path[dot...]
  }

  private func capture(
    _ site: Site, to capturePath: String, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let tools = RemoteTools(point, token: .random(in: .min ... .max))
    let node = try await NodeClock.choose(on: transport, clock: clock)
    let own = try await hardwareAddress(by: tools)
    let watch = try RemoteWatch(
      point, own: own, site: site, capturePath: capturePath, journal: journal, clock: clock)
    let pieces = Pieces()
    let command = tools.capture(of: site.addresses.map(\.address))
    let transport = transport
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let status = try await transport.stream(command) { pieces.append($0) }
        try Task.checkCancellation()
        throw Complaint(
          "tcpdump ended with status \(status) on \(point.through ?? transport.description)",
          remedy: "run it by hand there: --dry-run prints how")
      }
      group.addTask {
        try await Self.follow(
          watch, pieces, node, tools, over: transport, clock: clock, ready: ready)
      }
      group.addTask { try await node.keepServing() }
      defer { group.cancelAll() }
      do {
        try await group.next()
      } catch is CancellationError {
        // The usual end: the other task ends by it, too, and what it has is written down.
        guard Task.isCancelled else { throw CancellationError() }
        group.cancelAll()
        while (try? await group.next()) != nil {}
      }
    }
  }

  private static func follow(
    _ started: RemoteWatch, _ pieces: Pieces, _ node: NodeClock, _ tools: RemoteTools,
    over transport: any Transport, clock: any RunClock, ready: @Sendable () -> Void
  ) async throws {
    var watch = started
    var isReady = false
    var nextState = clock.now()
    var nextReading = clock.now()
    do {
      while true {
        try watch.take(pieces.take())
        if watch.record.hasBegun, !isReady {
          watch.tellBegan()
          ready()
          isReady = true
        }
        if clock.now() >= nextReading {
          nextReading = clock.now() + clockPeriod
          if let sample = await node.read() { watch.take(sample) }
        }
        if isReady, clock.now() >= nextState {
          nextState = clock.now() + period
          let health = try? await transport.run(tools.health, within: .seconds(2))
          // Whoever is told to stop asks nobody any more.
          try Task.checkCancellation()
          watch.tellClock(by: node.means.name)
          try watch.tellState(isAnswering: health?.succeeded == true, said: health?.text ?? "")
        }
        try watch.settle()
        try await clock.wait(until: clock.now() + tick)
      }
    } catch {
      try watch.take(pieces.take())
      try watch.finish()
      throw error
    }
  }

  private func hardwareAddress(by tools: RemoteTools) async throws -> MACAddress {
    let result = try await transport.run(tools.hardwareAddress, within: .seconds(5))
    let words = result.text.split(whereSeparator: \.isWhitespace)
    guard let at = words.firstIndex(of: "link/ether"), at + 1 < words.count,
      let address = MACAddress(words[at + 1])
    else {
      throw Complaint(
        "\(transport.description) has no Ethernet interface \(point.interface)",
        remedy: "check the capture \(point.name) in the site (`ip link` there)")
    }
    return address
  }
}
