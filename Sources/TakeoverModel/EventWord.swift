// The words by which a journal calls its events, as a list that one can walk.

package enum EventWord: String, CaseIterable, Hashable, Sendable {
  case runBegan = "run-began"
  case nodeDescribed = "node-described"
  case forecast
  case trialBegan = "trial-began"
  case gatePassed = "gate-passed"
  case gateRefused = "gate-refused"
  case trialSkipped = "trial-skipped"
  case procedure
  case prepared
  case blow
  case confirmed
  case mended
  case healing
  case healed
  case restored
  case notRestored = "not-restored"
  case daemonView = "daemon-view"
  case databaseReading = "database-reading"
  case trialEnded = "trial-ended"
  case runEnded = "run-ended"
  case note
  case captureBegan = "capture-began"
  case captureState = "capture-state"
  case advertisement
  case announcement
  case datagram
  case probe
  case connection
  case request
  case addresses
  case processorWaits = "processor-waits"
  case processorWatched = "processor-watched"
  case processorPause = "processor-pause"
  case command
  case ledger
  case processes
  case clock
  case neighbour
  case vantageDescribed = "vantage-described"
  case havipBinding = "havip-binding"
  case fabricDecision = "fabric-decision"
  case observerDied = "observer-died"

  /// What stands beside the event's word on its line.
  package var payload: any Codable.Type {
    switch self {
    case .runBegan: RunHeader.self
    case .nodeDescribed: NodeDescription.self
    case .forecast: Forecast.self
    case .trialBegan, .trialEnded: TrialHeader.self
    case .gatePassed, .restored: Roles.self
    case .gateRefused, .trialSkipped, .notRestored, .note, .observerDied: Note.self
    case .procedure: NodeProcedure.self
    case .prepared, .confirmed, .mended, .healing, .healed: Step.self
    case .blow: BlowStruck.self
    case .daemonView: DaemonView.self
    case .databaseReading: DatabaseReading.self
    case .runEnded: RunEnd.self
    case .captureBegan, .captureState: CaptureState.self
    case .advertisement: AdvertisementSeen.self
    case .announcement: AnnouncementSeen.self
    case .datagram: DatagramSeen.self
    case .probe: Probe.self
    case .connection: ConnectionSeen.self
    case .request: RequestSeen.self
    case .addresses: AddressesHeld.self
    case .processorWaits: ProcessorWaits.self
    case .processorWatched: ProcessorWatched.self
    case .processorPause: ProcessorPause.self
    case .command: CommandSeen.self
    case .ledger: LedgerEntry.self
    case .processes: ServiceProcessesSeen.self
    case .clock: ClockReading.self
    case .neighbour: NeighbourEntry.self
    case .vantageDescribed: VantageDescription.self
    case .havipBinding: HavipBinding.self
    case .fabricDecision: FabricDecision.self
    }
  }
}

extension Event {
  /// A new kind of event has its word here, too, and with it a place in the schema and in `explain`.
  package var word: EventWord {
    switch self {
    case .runBegan: .runBegan
    case .nodeDescribed: .nodeDescribed
    case .forecast: .forecast
    case .trialBegan: .trialBegan
    case .gatePassed: .gatePassed
    case .gateRefused: .gateRefused
    case .trialSkipped: .trialSkipped
    case .procedure: .procedure
    case .prepared: .prepared
    case .blow: .blow
    case .confirmed: .confirmed
    case .mended: .mended
    case .healing: .healing
    case .healed: .healed
    case .restored: .restored
    case .notRestored: .notRestored
    case .daemonView: .daemonView
    case .databaseReading: .databaseReading
    case .trialEnded: .trialEnded
    case .runEnded: .runEnded
    case .note: .note
    case .captureBegan: .captureBegan
    case .captureState: .captureState
    case .advertisement: .advertisement
    case .announcement: .announcement
    case .datagram: .datagram
    case .probe: .probe
    case .connection: .connection
    case .request: .request
    case .addresses: .addresses
    case .processorWaits: .processorWaits
    case .processorWatched: .processorWatched
    case .processorPause: .processorPause
    case .command: .command
    case .ledger: .ledger
    case .processes: .processes
    case .clock: .clock
    case .neighbour: .neighbour
    case .vantageDescribed: .vantageDescribed
    case .havipBinding: .havipBinding
    case .fabricDecision: .fabricDecision
    case .observerDied: .observerDied
    }
  }
}
