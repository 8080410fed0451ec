// The journal of a long campaign, the same at every call: trials of 30 s in which the holder is
// stopped and the other node takes over, with two witnesses asking fifty times a second.

internal import TakeoverModel
internal import TakeoverRun

struct MadeJournal {
  private static let vip = IPAddress.v4(0xac11_1003)
  private static let period = 30_000.0
  private static let site = Site(
    name: "bench", environment: .lab,
    nodes: ["a", "b"].enumerated().map { index, name in
      Node(
        name: name, reach: Reach(host: name), interface: "eth0",
        addresses: [.v4(0xac11_1007 + UInt32(index))], services: [:])
    },
    addresses: [VirtualAddress(vip, prefix: 24)], vrid: 51,
    captures: ["a", "b"].map { CapturePoint(name: $0, interface: $0, node: $0) },
    vantages: [VantagePoint(name: "client", interface: "eth0")],
    probing: Probing(arp: .milliseconds(20), echo: .milliseconds(20)))

  /// Writes at least so many observations, and returns how many.
  static func write(observations wanted: Int, to path: String) throws -> Int {
    let journal = try JournalFile(path: path)
    let trials = max(1, (wanted + perTrial - 1) / perTrial)
    var count = 0
    let record = { (observation: Observation) in
      count += 1
      journal.record(observation)
    }
    for observation in head(trials) { record(observation) }
    for trial in 0..<trials {
      for observation in MadeJournal(trial: trial).observations { record(observation) }
    }
    record(at(Double(trials) * period, "run", .runEnded(RunEnd(reason: .completed))))
    if let failure = journal.failure { throw failure }
    return count
  }

  private static let perTrial = MadeJournal(trial: 0).observations.count

  private static func head(_ trials: Int) -> [Observation] {
    let trial = Trial(
      name: "graceful stop", fault: FaultUse(kind: "stop-service", arguments: Arguments()),
      target: .holder, hold: .seconds(5), settle: .seconds(5), recover: .seconds(30),
      repetitions: trials,
      expectations: [
        Expectation(check: "takeover-within", value: .duration(.seconds(1))),
        Expectation(check: "outage-within", value: .duration(.seconds(1))),
        Expectation(check: "single-holder", value: .duration(.milliseconds(50))),
      ])
    let header = RunHeader(
      run: "bench", version: "bench", origin: 1_795_370_013_000_000_000,
      plans: [Plan(name: "bench", trials: [trial])], site: site)
    let nodes = ["a", "b"].map { name in
      at(
        0, "run",
        .nodeDescribed(
          NodeDescription(
            node: name, transport: "none", system: "Linux",
            links: [.init(name: "eth0", mac: mac(name), addresses: [])])))
    }
    return [at(0, "run", .runBegan(header))] + nodes
      + ["a", "b"].map {
        at(1, "wire/\($0)", .captureBegan(CaptureState(port: $0, received: 0, dropped: 0)))
      }
  }

  private static func mac(_ node: String) -> MACAddress {
    MACAddress(bits: node == "a" ? 0x0200_0000_0061 : 0x0200_0000_0062)
  }

  private static func at(_ milliseconds: Double, _ source: String, _ event: Event) -> Observation {
    let moment = Moment(nanoseconds: Int64(milliseconds * 1_000_000))
    return Observation(when: Interval(at: moment), source: source, event: event)
  }

  // MARK: One trial

  private let trial: Int
  private var begins: Double { Double(trial) * Self.period }
  private var blow: Double { begins + 8_000 }
  private var takes: Double { blow + 700 }
  private var holder: String { trial % 2 == 0 ? "a" : "b" }
  private var taker: String { trial % 2 == 0 ? "b" : "a" }

  private init(trial: Int) { self.trial = trial }

  private var observations: [Observation] {
    (doings + wire + questions).sorted { $0.when.latest < $1.when.latest }
  }

  private func node(at time: Double) -> String? {
    time < blow ? holder : time < takes ? nil : taker
  }

  private var doings: [Observation] {
    let which = TrialHeader(plan: 0, trial: 0, repetition: trial + 1)
    let struck = BlowStruck(
      node: holder, fault: FaultUse(kind: "stop-service", arguments: Arguments()),
      command: "true", status: 0)
    let step = Step(node: holder, outcome: .pass)
    let run = { (time: Double, event: Event) in Self.at(begins + time, "run", event) }
    return [
      run(2_000, .trialBegan(which)),
      run(7_000, .gatePassed(Roles(holder: holder, standby: [taker]))), run(8_000, .blow(struck)),
      run(8_050, .confirmed(step)), run(14_000, .healing(step)), run(14_300, .healed(step)),
      run(19_999, .restored(Roles(holder: taker, standby: [holder]))),
      run(20_000, .trialEnded(which)),
    ]
  }

  private var wire: [Observation] {
    let speaking = stride(from: begins + 500, to: begins + Self.period, by: 1_000)
    var all: [Observation] = []
    for time in speaking {
      if let node = node(at: time) { all += advertisement(node, 100, at: time) }
    }
    all += advertisement(holder, 0, at: blow + 1) + advertisement(taker, 100, at: takes)
    for number in 0..<5 {
      all += seen(taker, at: takes + 0.1 + Double(number) / 100) { sight in
        .announcement(
          AnnouncementSeen(
            sight: sight, form: .announcement, address: Self.vip, claimant: Self.mac(taker)))
      }
    }
    return all
  }

  private func advertisement(_ node: String, _ priority: Int, at time: Double) -> [Observation] {
    seen(node, at: time) { sight in
      .advertisement(
        AdvertisementSeen(
          sight: sight, version: 2, vrid: 51, priority: priority, interval: 1_000_000_000,
          from: .v4(1), to: .v4(2), addresses: [Self.vip]))
    }
  }

  /// At the port of the node that sent it, and a little later at the other.
  private func seen(
    _ node: String, at time: Double, _ event: (FrameSight) -> Event
  ) -> [Observation] {
    ["a", "b"].map { port in
      let sight = FrameSight(
        port: port, frame: 1, outgoing: port != node, source: Self.mac(node),
        destination: .broadcast)
      return Self.at(port == node ? time : time + 0.01, "wire/\(port)", event(sight))
    }
  }

  private var questions: [Observation] {
    stride(from: begins + 3, to: begins + Self.period, by: 20).enumerated().flatMap { index, time in
      [probe(.arp, index, time), probe(.echo, index, time + 10)]
    }
  }

  private func probe(_ method: Probe.Method, _ index: Int, _ time: Double) -> Observation {
    let moment = { (time: Double) in Moment(nanoseconds: Int64(time * 1_000_000)) }
    let answers = node(at: time).map { node in
      [Probe.Answer(at: moment(time + 0.2), mac: method == .arp ? Self.mac(node) : nil)]
    }
    return Observation(
      when: Interval(moment(time), answers?[0].at ?? moment(time + 100)),
      source: "client/\(method.rawValue)",
      event: .probe(
        Probe(
          vantage: "client", method: method, address: Self.vip,
          sequence: trial * 1_500 + index, sent: moment(time), period: 20_000_000,
          answers: answers ?? [])))
  }
}
