// Every kind of event is one flat object that reads back equal.

internal import Foundation
internal import TakeoverModel
internal import Testing

@Suite struct `Journal lines` {
  private static let sight = FrameSight(
    port: "a", frame: 1, outgoing: false, source: MACAddress(bits: 1), destination: .broadcast)
  private static let use = FaultUse(
    kind: "word",
    arguments: Arguments([
      "text": .text("x"), "time": .duration(.milliseconds(3)), "count": .count(2),
      "flag": .flag(false),
    ]))
  private static let site = Site(
    name: "s", environment: .lab,
    nodes: [
      Node(
        name: "a", reach: Reach(host: "h"), interface: "eth0", addresses: [.v4(1)],
        services: ["keepalived": .unit("keepalived")])
    ], addresses: [VirtualAddress(.v4(3), prefix: 32)])
  private static let trial = Trial(
    name: "t", fault: use, target: .node("a"), hold: .seconds(1), settle: .seconds(1),
    recover: .seconds(1), expectations: [Expectation(check: "c", value: .count(1))])

  static let events: [Event] = [
    .runBegan(
      RunHeader(
        run: "r", version: "1", origin: 5, plans: [Plan(name: "p", trials: [trial])], site: site)),
    .nodeDescribed(
      NodeDescription(
        node: "a", transport: "t", system: "s",
        links: [.init(name: "eth0", mac: MACAddress(bits: 2), addresses: [.v6(high: 1, low: 2)])])),
    .forecast(
      Forecast(
        plan: 0, trial: 1, holder: "a", reader: "r",
        .promised(.init(taker: "b", formula: "f", meanwhile: .both)))),
    .trialBegan(TrialHeader(plan: 0, trial: 1, repetition: 2)),
    .gatePassed(Roles(holder: "a", standby: ["b"])), .gateRefused(Note("n")),
    .trialSkipped(Note("n")), .mended(Step(node: "a", outcome: .fail, detail: "d")),
    .procedure(
      NodeProcedure(
        node: "a", fault: use,
        procedure: Procedure(
          prepare: [Command("look")], inject: [.script("kill -9 \"$1\"", ["1"])],
          confirm: [Command("true")], heal: [Command("start", "it's")], confirmHealed: []))),
    .prepared(Step(node: "a", outcome: .pass)),
    .blow(BlowStruck(node: "a", fault: use, command: "kill", status: nil)),
    .confirmed(Step(node: "a", outcome: .unknown, detail: "d")),
    .healing(Step(node: "a", outcome: .pass)), .healed(Step(node: "a", outcome: .fail)),
    .restored(Roles(holder: "b", standby: ["a"])), .notRestored(Note("n")),
    .trialEnded(TrialHeader(plan: 0, trial: 1, repetition: 2)),
    .runEnded(RunEnd(reason: .stopped, detail: "d", healed: false)), .note(Note("x\u{0}\u{1b}")),
    .captureBegan(CaptureState(port: "a", received: 0, dropped: 0)),
    .captureState(CaptureState(port: "a", received: 9, dropped: 1, trouble: ["down"])),
    .advertisement(
      AdvertisementSeen(
        sight: sight, version: 2, vrid: 51, priority: 100, interval: 1, from: .v4(1), to: .v4(2),
        addresses: [.v4(3)], defects: ["ttl"])),
    .announcement(
      AnnouncementSeen(
        sight: sight, form: .announcement, address: .v4(3), claimant: MACAddress(bits: 1))),
    .datagram(DatagramSeen(sight: sight, address: .v4(3), protocolNumber: 6)),
    .probe(
      Probe(
        vantage: "c", method: .arp, address: .v4(3), sequence: 1, sent: .began, period: 2,
        answers: [.init(at: .began, mac: nil)], trouble: "refused")),
    .connection(
      ConnectionSeen(
        vantage: "c", keeping: .held, address: .v4(3), connection: 2, end: .reset, trouble: "t")),
    .request(
      RequestSeen(
        vantage: "c", keeping: .pooled, address: .v4(3), connection: 2, sequence: 3, sent: .began,
        slack: 1, period: 2, fate: .answered, until: Interval(at: .began), status: 200, via: "a",
        server: "w", isAcknowledged: true, isRetried: true)),
    .addresses(AddressesHeld(node: "a", addresses: [.v4(3)])), .observerDied(Note("n")),
    .command(
      CommandSeen(plan: "p", watch: "w", status: nil, output: "o", isCut: true, trouble: "t")),
    .processorWaits(
      ProcessorWaits(
        node: "a", service: "keepalived",
        tasks: [.init(process: 7, thread: 8, began: 9, waited: 10)], trouble: "t")),
    .processorWatched(ProcessorWatched(processor: 3, trouble: "t")),
    .processorPause(ProcessorPause(processor: 3)),
    .processes(
      ServiceProcessesSeen(
        node: "a",
        services: [.init(name: "keepalived", processes: [.init(id: 42, start: 7)])])),
    .neighbour(
      NeighbourEntry(vantage: "c", address: .v4(3), mac: MACAddress(bits: 1), state: .stale)),
    .havipBinding(
      HavipBinding(
        address: .v4(3), havip: "havip-1", node: "a", instance: "ins-a", state: "AVAILABLE",
        flushed: "2026-11-27 10:00:00", associated: ["ins-a"], trouble: "t")),
    .fabricDecision(
      FabricDecision(
        address: .v4(3), node: nil, port: "b", hardware: MACAddress(bits: 1), decision: .refused,
        reason: "r", more: 2)),
    .vantageDescribed(
      VantageDescription(vantage: "c", interface: "eth0", addresses: [.v6(high: 1, low: 2)])),
    .daemonView(
      DaemonView(
        node: "a", daemon: "d 1", means: "JSON", processes: [7, 8],
        instances: [
          .init(
            name: "i", interface: "eth0", vrid: 51, state: .master, priority: 100,
            effectivePriority: 90, addresses: [.v4(3)],
            counters: .init(
              received: 1, sent: 2, becameMaster: 3, releasedMaster: 4,
              refused: [.authenticationFailure: 5])),
          .init(name: "j", interface: "", vrid: 52, state: nil),
        ], trouble: "t")),
    .ledger(
      LedgerEntry(
        vantage: "c", address: .v4(3), outcome: .refused, server: "a", code: "25006",
        rows: [LedgerRange(1, 7)], count: 7,
        first: .init(sent: .began, arrived: Interval(at: .began)),
        last: .init(sent: .began, arrived: Interval(at: .began)))),
    .databaseReading(
      DatabaseReading(
        node: "a", server: "a", takesWrites: true, standbys: 1, synchronousStandbys: 1,
        rows: [LedgerRows(server: "a", ranges: [LedgerRange(1, 7)])], trouble: "t")),
    .clock(
      ClockReading(clock: "a", realtime: 1, resolution: 2, means: "bash", monotonic: [3, 4])),
  ]

  @Test(arguments: events) func `an event comes back as it went`(event: Event) throws {
    let observation = Observation(
      when: Interval(Moment(nanoseconds: 1), Moment(nanoseconds: 2)), source: "s", event: event)
    let bytes = try JSONEncoder().encode(observation)
    #expect(try JSONDecoder().decode(Observation.self, from: bytes) == observation)
    let object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(object["event"] as? String == event.name)
  }

  @Test func `no kind of event is missing from this suite`() {
    #expect(Set(Self.events.map(\.name)).count == 42)
  }

  @Test func `a forecast that promises nothing says why, and nothing else`() throws {
    let silent = Forecast(plan: 0, trial: 1, holder: "a", reader: "r", .silent("two blows"))
    let bytes = try JSONEncoder().encode(silent)
    #expect(try JSONDecoder().decode(Forecast.self, from: bytes) == silent)
    let object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(Set(object.keys) == ["plan", "trial", "holder", "reader", "silence"])
  }

  @Test(arguments: ["", "two blows"]) func `an older journal's forecast is read`(
    silence: String
  ) throws {
    let line = """
      {"plan":0,"trial":1,"holder":"a","taker":"b","reader":"r","origin":"blow","formula":"f",
      "wait":[5,6],"afterBlow":[7,8],
      "meanwhile":"nobody","others":[],"silence":"\(silence)"}
      """
    let forecast = try JSONDecoder().decode(Forecast.self, from: Data(line.utf8))
    #expect(forecast.outlook.promise?.taker == (silence.isEmpty ? "b" : nil))
    #expect(silence.isEmpty || forecast.outlook == .silent(silence))
  }
}
