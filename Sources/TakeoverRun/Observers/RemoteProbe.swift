// Asks the addresses from another machine: a program there asks on an open schedule and listens to
// what its kernel learns of its neighbours; all of it is placed on the run's axis by readings of that
// machine's clock.

package import TakeoverModel

package struct RemoteProbe: Observer {
  private static let tick = Duration.milliseconds(50)
  private static let clockPeriod = Duration.milliseconds(250)
  private static let period = Duration.seconds(1)
  /// What it needs on the machine.
  package static let programs = [RemoteAskingProgram.program]

  package let vantage: VantagePoint
  private let transport: any Transport
  package var name: String { vantage.name }

  /// `transport` reaches the machine; it is opened and closed here.
  package init(from vantage: VantagePoint, over transport: any Transport) {
    self.vantage = vantage
    self.transport = transport
  }

  /// What runs there, for people to read.
  package static func command(from vantage: VantagePoint, of site: Site) -> Command {
    RemoteAskingProgram.command(from: vantage, of: site)
  }

  package func observe(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let elsewhere = Elsewhere(name: name, transport: transport)
    try await elsewhere.observe(into: journal, clock: clock, ready: ready) { _, ready in
      try await elsewhere.require(Self.programs)
      try await ask(site, into: journal, clock: clock, ready: ready)
    }
  }

  private func ask(
    _ site: Site, into journal: any Journal, clock: any RunClock,
    ready: @escaping @Sendable () -> Void
  ) async throws {
    let node = try await NodeClock.choose(on: transport, clock: clock)
    let pieces = Pieces()
    let (command, transport) = (Self.command(from: vantage, of: site), transport)
    let writing = RemoteAnswers(vantage, of: site, journal: journal, clock: clock)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let status = try await transport.stream(command) { pieces.append($0) }
        try Task.checkCancellation()
        // What it said last may say why.
        try await clock.wait(until: clock.now() + Self.tick * 4)
        throw Complaint(
          "the probes of \(vantage.name) ended with status \(status)",
          remedy: "run them by hand there: --dry-run prints how")
      }
      group.addTask { try await node.keepServing() }
      group.addTask { try await Self.follow(writing, pieces, node, clock: clock, ready: ready) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private static func follow(
    _ started: RemoteAnswers, _ pieces: Pieces, _ node: NodeClock, clock: any RunClock,
    ready: @Sendable () -> Void
  ) async throws {
    var answers = started
    var isReady = false
    var (nextReading, nextWord) = (clock.now(), clock.now())
    do {
      while true {
        try answers.take(pieces.take())
        if answers.hasBegun, !isReady {
          ready()
          isReady = true
        }
        if clock.now() >= nextReading {
          nextReading = clock.now() + clockPeriod
          if let sample = await node.read() { answers.take(sample) }
        }
        if clock.now() >= nextWord {
          nextWord = clock.now() + period
          answers.tellClock(by: node.means.name)
        }
        answers.settle()
        try await clock.wait(until: clock.now() + tick)
      }
    } catch {
      answers.settle(all: true)
      throw error
    }
  }
}

/// What a remote vantage point writes down.
private struct RemoteAnswers {
  private var asking: RemoteAsking
  private let vantage: VantagePoint
  private let journal: any Journal
  private let clock: any RunClock
  /// The tightest reading of the machine's clock since one was written down.
  private var best: ClockBracket.Sample?

  init(_ vantage: VantagePoint, of site: Site, journal: any Journal, clock: any RunClock) {
    self.vantage = vantage
    asking = RemoteAsking(vantage, of: site.addresses.map(\.address), site.probing)
    self.journal = journal
    self.clock = clock
  }

  var hasBegun: Bool { asking.hasBegun }

  mutating func take(_ bytes: [UInt8]) throws {
    asking.feed(bytes, at: clock.now())
    if let refusal = asking.refusal {
      throw Complaint(
        "\(vantage.name) cannot ask from \(vantage.through ?? "there"): \(refusal)",
        remedy: "check its interface in the site; without root only sudo: true can ask")
    }
  }

  mutating func take(_ sample: ClockBracket.Sample) {
    let steps = asking.clockSteps
    asking.add(sample)
    if best.map({ sample.width < $0.width }) ?? true { best = sample }
    guard asking.clockSteps > steps else { return }
    let words = "the clock of \(vantage.through ?? vantage.name), which stamps answers, was set"
    write(.note(Note(words)), Interval(sample.sent, sample.received), source: "clock")
  }

  mutating func tellClock(by means: String) {
    guard let sample = best else { return }
    best = nil
    let reading = ClockReading(
      clock: vantage.through ?? vantage.name, realtime: sample.node,
      resolution: sample.resolution, means: means)
    write(.clock(reading), Interval(sample.sent, sample.received), source: vantage.name)
  }

  mutating func settle(all: Bool = false) {
    for observation in asking.settle(at: clock.now(), all: all) { journal.record(observation) }
  }

  private func write(_ event: Event, _ when: Interval, source: String) {
    journal.record(Observation(when: when, source: source, event: event))
  }
}
