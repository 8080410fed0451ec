// How an observation is written: one flat JSON object a line, `{"when":[…],"source":…,"event":…}`
// with the event's own keys beside them.

extension Observation: Codable {
  private enum Key: String, CodingKey { case when, source, event }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    when = try container.decode(Interval.self, forKey: .when)
    source = try container.decode(String.self, forKey: .source)
    event = try Event(named: try container.decode(String.self, forKey: .event), from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(when, forKey: .when)
    try container.encode(source, forKey: .source)
    try container.encode(event.name, forKey: .event)
    try event.payload.encode(to: encoder)
  }
}

extension Event {
  /// The word in the journal.
  package var name: String {
    switch self {
    case .runBegan: "run-began"
    case .nodeDescribed: "node-described"
    case .forecast: "forecast"
    case .trialBegan: "trial-began"
    case .gatePassed: "gate-passed"
    case .gateRefused: "gate-refused"
    case .trialSkipped: "trial-skipped"
    case .prepared: "prepared"
    case .blow: "blow"
    case .confirmed: "confirmed"
    case .mended: "mended"
    case .healing: "healing"
    case .healed: "healed"
    case .restored: "restored"
    case .notRestored: "not-restored"
    case .daemonView: "daemon-view"
    case .trialEnded: "trial-ended"
    case .runEnded: "run-ended"
    case .note: "note"
    case .captureBegan: "capture-began"
    case .captureState: "capture-state"
    case .advertisement: "advertisement"
    case .announcement: "announcement"
    case .datagram: "datagram"
    case .probe: "probe"
    case .addresses: "addresses"
    case .processorWaits: "processor-waits"
    case .processorWatched: "processor-watched"
    case .processorPause: "processor-pause"
    case .command: "command"
    case .processes: "processes"
    case .clock: "clock"
    case .neighbour: "neighbour"
    case .vantageDescribed: "vantage-described"
    case .observerDied: "observer-died"
    }
  }

  var payload: any Codable {
    switch self {
    case .runBegan(let payload): payload
    case .nodeDescribed(let payload): payload
    case .forecast(let payload): payload
    case .trialBegan(let payload): payload
    case .gatePassed(let payload): payload
    case .gateRefused(let payload): payload
    case .trialSkipped(let payload): payload
    case .prepared(let payload): payload
    case .blow(let payload): payload
    case .confirmed(let payload): payload
    case .mended(let payload): payload
    case .healing(let payload): payload
    case .healed(let payload): payload
    case .restored(let payload): payload
    case .notRestored(let payload): payload
    case .daemonView(let payload): payload
    case .trialEnded(let payload): payload
    case .runEnded(let payload): payload
    case .note(let payload): payload
    case .captureBegan(let payload): payload
    case .captureState(let payload): payload
    case .advertisement(let payload): payload
    case .announcement(let payload): payload
    case .datagram(let payload): payload
    case .probe(let payload): payload
    case .addresses(let payload): payload
    case .processorWaits(let payload): payload
    case .processorWatched(let payload): payload
    case .processorPause(let payload): payload
    case .command(let payload): payload
    case .processes(let payload): payload
    case .clock(let payload): payload
    case .neighbour(let payload): payload
    case .vantageDescribed(let payload): payload
    case .observerDied(let payload): payload
    }
  }

  init(named name: String, from decoder: any Decoder) throws {
    switch name {
    case "run-began": self = .runBegan(try RunHeader(from: decoder))
    case "node-described": self = .nodeDescribed(try NodeDescription(from: decoder))
    case "forecast": self = .forecast(try Forecast(from: decoder))
    case "trial-began": self = .trialBegan(try TrialHeader(from: decoder))
    case "gate-passed": self = .gatePassed(try Roles(from: decoder))
    case "gate-refused": self = .gateRefused(try Note(from: decoder))
    case "trial-skipped": self = .trialSkipped(try Note(from: decoder))
    case "prepared": self = .prepared(try Step(from: decoder))
    case "blow": self = .blow(try BlowStruck(from: decoder))
    case "confirmed": self = .confirmed(try Step(from: decoder))
    case "mended": self = .mended(try Step(from: decoder))
    case "healing": self = .healing(try Step(from: decoder))
    case "healed": self = .healed(try Step(from: decoder))
    case "restored": self = .restored(try Roles(from: decoder))
    case "not-restored": self = .notRestored(try Note(from: decoder))
    case "daemon-view": self = .daemonView(try DaemonView(from: decoder))
    case "trial-ended": self = .trialEnded(try TrialHeader(from: decoder))
    case "run-ended": self = .runEnded(try RunEnd(from: decoder))
    case "note": self = .note(try Note(from: decoder))
    case "capture-began": self = .captureBegan(try CaptureState(from: decoder))
    case "capture-state": self = .captureState(try CaptureState(from: decoder))
    case "advertisement": self = .advertisement(try AdvertisementSeen(from: decoder))
    case "announcement": self = .announcement(try AnnouncementSeen(from: decoder))
    case "datagram": self = .datagram(try DatagramSeen(from: decoder))
    case "probe": self = .probe(try Probe(from: decoder))
    case "addresses": self = .addresses(try AddressesHeld(from: decoder))
    case "processor-waits": self = .processorWaits(try ProcessorWaits(from: decoder))
    case "processor-watched": self = .processorWatched(try ProcessorWatched(from: decoder))
    case "processor-pause": self = .processorPause(try ProcessorPause(from: decoder))
    case "command": self = .command(try CommandSeen(from: decoder))
    case "processes": self = .processes(try ServiceProcessesSeen(from: decoder))
    case "clock": self = .clock(try ClockReading(from: decoder))
    case "neighbour": self = .neighbour(try NeighbourEntry(from: decoder))
    case "vantage-described": self = .vantageDescribed(try VantageDescription(from: decoder))
    case "observer-died": self = .observerDied(try Note(from: decoder))
    default:
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "unknown event \(name)"))
    }
  }
}
