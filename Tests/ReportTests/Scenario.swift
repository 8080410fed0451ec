// A scripted journal: who held the address when, who advertised when; the frames, probes and
// answers follow from it. Times are milliseconds on the run's axis; the blow falls at 8000.

internal import TakeoverModel

struct Scenario {
  struct Stretch {
    var node: String
    var from: Double
    var to: Double
  }

  static let address = IPAddress.v4(0xAC11_1003)  // 172.17.16.3
  static let blowAt = 8000.0

  var fault = "stop-service"
  var expectations: [Expectation] = []
  var repetitions = 1
  /// Who answers for the address.
  var held: [Stretch] = []
  /// Who advertises, once a second from the beginning of the stretch.
  var advertising: [Stretch] = []
  /// Priority 0, and by whom.
  var givesUp: [(node: String, at: Double)] = []
  var announcements: [(node: String, at: Double)] = []
  /// Clients get no good answer in these stretches even from a holder.
  var unheard: [ClosedRange<Double>] = []
  /// ARP rounds, by their time, in which a node's answer is lost.
  var lostAnswers: [(node: String, at: Double)] = []
  /// What a node's kernel says, every 250 ms.
  var kernels: [Stretch] = []
  var acknowledgedAfter = 0.4
  /// False: the blow cut the way back.
  var isAcknowledged = true
  var confirmed: Outcome? = .pass
  var healed: Outcome? = .pass
  var healsAt = 14000.0
  var ends: Double? = 20000
  var restoredTo: String? = "b"
  /// The blow falls on a.
  var gate = Roles(holder: "a", standby: ["b"])
  var runEnd: RunEnd? = RunEnd(reason: .completed)
  /// Whatever else happened.
  var extra: [Observation] = []
  /// Whether the nodes' kernel is the coordinator's own.
  var sharesKernel: Bool?
  var captures = true
  /// When the captures said for the last time how they fare; nil: at the end.
  var capturesUntil: Double?
  var probes = true
  var site = Scenario.pair

  static let pair = Site(
    name: "lab.pair", environment: .lab,
    nodes: ["a", "b"].enumerated().map { index, name in
      Node(
        name: name, reach: Reach(host: name), interface: "eth0",
        addresses: [.v4(0xAC11_1000 + UInt32(index) + 1)], services: [:])
    },
    addresses: [VirtualAddress(address, prefix: 24)], vrid: 51,
    captures: [
      CapturePoint(name: "port-a", interface: "pa", node: "a"),
      CapturePoint(name: "port-b", interface: "pb", node: "b"),
      CapturePoint(name: "port-client", interface: "pc"),
    ],
    vantages: [VantagePoint(name: "client", interface: "eth0")])

  static func mac(_ node: String) -> MACAddress {
    MACAddress(bits: 0x0200_0000_0000 + UInt64(node.utf8.first ?? 0))
  }

  static func at(_ milliseconds: Double) -> Moment {
    Moment(nanoseconds: Int64((milliseconds * 1_000_000).rounded()))
  }

  static func run(_ milliseconds: Double, _ event: Event) -> Observation {
    Observation(when: Interval(at: at(milliseconds)), source: "run", event: event)
  }

  // MARK: The journal

  var observations: [Observation] {
    var all = head + doings + wire
    if probes { all += questions }
    all += kernelWords + extra
    let first = all.removeFirst()
    let ordered = all.enumerated().sorted {
      ($0.element.when.latest, $0.offset) < ($1.element.when.latest, $1.offset)
    }
    return [first] + ordered.map(\.element)
  }

  var plan: Plan {
    Plan(
      name: "nightly.stop",
      trials: [
        Trial(
          name: "graceful stop", fault: FaultUse(kind: fault, arguments: Arguments()),
          target: .holder, hold: .seconds(6), settle: .seconds(6), recover: .seconds(30),
          repetitions: repetitions, expectations: expectations, line: 7)
      ], source: "Plans/nightly.yaml")
  }

  private var head: [Observation] {
    let header = RunHeader(
      run: "20261122-175333", version: "0.1", origin: 1_795_370_013_000_000_000, plans: [plan],
      site: site)
    let nodes = ["a", "b"].map { name in
      Self.run(
        0,
        .nodeDescribed(
          NodeDescription(
            node: name, transport: "ssh (libssh2 1.10.0) root@\(name):22", system: "Linux 6.1",
            links: [.init(name: "eth0", mac: Self.mac(name), addresses: [])],
            sharesKernel: sharesKernel)))
    }
    let captured = captures ? site.captures : []
    return [Self.run(0, .runBegan(header))] + nodes
      + captured.map {
        Observation(
          when: Interval(at: Self.at(1)), source: "wire/\($0.name)",
          event: .captureBegan(CaptureState(port: $0.name, received: 0, dropped: 0)))
      }
      + captured.map {
        let until = capturesUntil ?? last
        return Observation(
          when: Interval(Self.at(until - 1000), Self.at(until)), source: "wire/\($0.name)",
          event: .captureState(CaptureState(port: $0.name, received: 0, dropped: 0)))
      }
  }

  private var doings: [Observation] {
    let which = TrialHeader(plan: 0, trial: 0, repetition: 1)
    let use = FaultUse(kind: fault, arguments: Arguments())
    let blow = BlowStruck(node: "a", fault: use, command: "true", status: isAcknowledged ? 0 : nil)
    var all = [
      Self.run(5000, .trialBegan(which)),
      Self.run(7000, .gatePassed(gate)),
      Observation(
        when: Interval(Self.at(Self.blowAt), Self.at(Self.blowAt + acknowledgedAfter)),
        source: "run",
        event: .blow(blow)),
    ]
    if let confirmed { all.append(Self.run(8050, .confirmed(step(confirmed)))) }
    if ends != nil { all.append(Self.run(healsAt, .healing(step(.pass)))) }
    if let healed, ends != nil { all.append(Self.run(healsAt + 300, .healed(step(healed)))) }
    if let ends {
      if let restoredTo {
        let other = restoredTo == "a" ? "b" : "a"
        let roles = Roles(holder: restoredTo, standby: [other])
        all.append(Self.run(ends - 1, .restored(roles)))
      }
      all.append(Self.run(ends, .trialEnded(which)))
    }
    if let runEnd { all.append(Self.run((ends ?? last) + 1, .runEnded(runEnd))) }
    return all
  }

  private var last: Double { ends ?? 12000 }

  private func step(_ outcome: Outcome) -> Step {
    Step(node: "a", outcome: outcome, detail: outcome == .pass ? "" : "exit 1: not today")
  }

  private func frame(
    _ node: String, at milliseconds: Double, _ event: (FrameSight) -> Event
  ) -> [Observation] {
    let ports = captures ? site.captures : []
    return ports.enumerated().map { index, port in
      // The bridge sends it out of the other ports a little later.
      let outgoing = port.node != node
      let sight = FrameSight(
        port: port.name, frame: 1, outgoing: outgoing, source: Self.mac(node),
        destination: .broadcast)
      return Observation(
        when: Interval(at: Self.at(milliseconds + (outgoing ? 0.01 * Double(index + 1) : 0))),
        source: "wire/\(port.name)", event: event(sight))
    }
  }

  private func advertisement(_ node: String, _ priority: Int, at time: Double) -> [Observation] {
    frame(node, at: time) { sight in
      .advertisement(
        AdvertisementSeen(
          sight: sight, version: 2, vrid: 51, priority: priority, interval: 1_000_000_000,
          from: .v4(1), to: .v4(2), addresses: [Self.address]))
    }
  }

  private var wire: [Observation] {
    advertising.flatMap { stretch in
      Swift.stride(from: stretch.from, through: stretch.to, by: 1000).flatMap {
        advertisement(stretch.node, 100, at: $0)
      }
    } + givesUp.flatMap { advertisement($0.node, 0, at: $0.at) }
      + announcements.flatMap { one in
        frame(one.node, at: one.at) { sight in
          .announcement(
            AnnouncementSeen(
              sight: sight, form: .announcement, address: Self.address,
              claimant: Self.mac(one.node)))
        }
      }
  }

  private func holders(at time: Double) -> [String] {
    held.filter { $0.from <= time && time < $0.to }.map(\.node)
  }

  private var questions: [Observation] {
    let arp = Swift.stride(from: 3005.0, to: last, by: 20).enumerated().map { index, time in
      let answering = holders(at: time).filter { node in
        !lostAnswers.contains { $0.node == node && $0.at == time }
      }
      let answers = answering.map {
        Probe.Answer(at: Self.at(time + 0.1), mac: Self.mac($0))
      }
      return probe(.arp, index, time, 20, answers)
    }
    let echo = Swift.stride(from: 3000.0, to: last, by: 10).enumerated().map { index, time in
      let good = !holders(at: time).isEmpty && !unheard.contains { $0.contains(time) }
      return probe(.echo, index, time, 10, good ? [.init(at: Self.at(time + 0.2), mac: nil)] : [])
    }
    return arp + echo
  }

  private func probe(
    _ method: Probe.Method, _ sequence: Int, _ time: Double, _ period: Int64,
    _ answers: [Probe.Answer]
  ) -> Observation {
    let sent = Self.at(time)
    return Observation(
      when: Interval(sent, answers.map(\.at).max() ?? Self.at(time + 100)),
      source: "client/\(method.rawValue)",
      event: .probe(
        Probe(
          vantage: "client", method: method, address: Self.address, sequence: sequence,
          sent: sent, period: period * 1_000_000, answers: answers)))
  }

  private var kernelWords: [Observation] {
    kernels.flatMap { stretch in
      Swift.stride(from: 3000.0, to: last, by: 250).map { time in
        let holds = stretch.from <= time && time < stretch.to
        return Observation(
          when: Interval(Self.at(time), Self.at(time + 2)), source: "\(stretch.node)/addresses",
          event: .addresses(
            AddressesHeld(node: stretch.node, addresses: holds ? [Self.address] : [])))
      }
    }
  }
}
