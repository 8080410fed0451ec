// The kinds of events, one case each. Frames and probes are in Sighting.swift.

package enum Event: Hashable, Sendable {
  // The run's own doings.
  case runBegan(RunHeader)
  case nodeDescribed(NodeDescription)
  /// What the pair's configuration promises of a trial; before the first blow.
  case forecast(Forecast)
  case trialBegan(TrialHeader)
  case gatePassed(Roles)
  case gateRefused(Note)
  case trialSkipped(Note)
  /// What a node is to get; before it is touched.
  case procedure(NodeProcedure)
  case prepared(Step)
  case blow(BlowStruck)
  case confirmed(Step)
  /// A further blow that was over before the trial's healing.
  case mended(Step)
  case healing(Step)
  case healed(Step)
  case restored(Roles)
  case notRestored(Note)
  /// What a daemon says of itself: after the gate, and at the trial's end.
  case daemonView(DaemonView)
  /// What a database says of itself and of the ledger: at the trial's end.
  case databaseReading(DatabaseReading)
  case trialEnded(TrialHeader)
  case runEnded(RunEnd)
  case note(Note)
  // What observers saw.
  case captureBegan(CaptureState)
  case captureState(CaptureState)
  case advertisement(AdvertisementSeen)
  case announcement(AnnouncementSeen)
  case datagram(DatagramSeen)
  case probe(Probe)
  case connection(ConnectionSeen)
  case request(RequestSeen)
  case addresses(AddressesHeld)
  case processorWaits(ProcessorWaits)
  case processorWatched(ProcessorWatched)
  case processorPause(ProcessorPause)
  case command(CommandSeen)
  case ledger(LedgerEntry)
  case processes(ServiceProcessesSeen)
  case clock(ClockReading)
  case neighbour(NeighbourEntry)
  case vantageDescribed(VantageDescription)
  case havipBinding(HavipBinding)
  case fabricDecision(FabricDecision)
  case observerDied(Note)
}

/// The first line of a journal: everything that a judgement needs besides the observations.
package struct RunHeader: Hashable, Sendable, Codable {
  /// The format of the journal; a reader refuses what it does not know.
  package var format: Int
  package var run: String
  package var version: String
  /// The axis' origin: nanoseconds since 1970 of the coordinator's CLOCK_REALTIME.
  package var origin: Int64
  package var plans: [Plan]
  package var site: Site

  package init(
    format: Int = 1, run: String, version: String, origin: Int64, plans: [Plan], site: Site
  ) {
    self.format = format
    self.run = run
    self.version = version
    self.origin = origin
    self.plans = plans
    self.site = site
  }
}

package struct RunEnd: Hashable, Sendable, Codable {
  package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
    case completed, interrupted, stopped
  }
  package var reason: Reason
  package var detail: String
  /// False when a node could not be healed.
  package var healed: Bool

  package init(reason: Reason, detail: String = "", healed: Bool = true) {
    self.reason = reason
    self.detail = detail
    self.healed = healed
  }
}

/// Which trial: plan and trial by index in the header, and the repetition from 1.
package struct TrialHeader: Hashable, Sendable, Codable {
  package var plan: Int
  package var trial: Int
  package var repetition: Int

  package init(plan: Int, trial: Int, repetition: Int) {
    self.plan = plan
    self.trial = trial
    self.repetition = repetition
  }
}

package struct NodeDescription: Hashable, Sendable, Codable {
  package struct Link: Hashable, Sendable, Codable {
    package var name: String
    package var mac: MACAddress?
    package var addresses: [IPAddress]

    package init(name: String, mac: MACAddress?, addresses: [IPAddress]) {
      self.name = name
      self.mac = mac
      self.addresses = addresses
    }
  }

  package var node: String
  /// How it is reached, in the transport's words.
  package var transport: String
  /// `uname -sr` and the like, for the report.
  package var system: String
  package var links: [Link]
  /// Whether its kernel is the coordinator's own; nil: it does not say.
  package var sharesKernel: Bool?

  package init(
    node: String, transport: String, system: String, links: [Link], sharesKernel: Bool? = nil
  ) {
    self.sharesKernel = sharesKernel
    self.node = node
    self.transport = transport
    self.system = system
    self.links = links
  }
}

/// Who holds the addresses, who stands by.
package struct Roles: Hashable, Sendable, Codable {
  package var holder: String
  package var standby: [String]

  package init(holder: String, standby: [String]) {
    self.holder = holder
    self.standby = standby
  }
}

/// One command's outcome on one node, while preparing, confirming or healing.
package struct Step: Hashable, Sendable, Codable {
  package var node: String
  package var outcome: Outcome
  /// What failed, in words; the command's last lines. Empty when all went well.
  package var detail: String

  package init(node: String, outcome: Outcome, detail: String = "") {
    self.node = node
    self.outcome = outcome
    self.detail = detail
  }
}

/// The blow: it took effect within the observation's interval.
package struct BlowStruck: Hashable, Sendable, Codable {
  package var node: String
  package var fault: FaultUse
  package var command: String
  /// nil when no acknowledgement came back.
  package var status: Int?
  /// The blow takes the node's port in the switch down; nil, in old journals: it does not.
  package var cutsPort: Bool?

  package init(
    node: String, fault: FaultUse, command: String, status: Int?, cutsPort: Bool? = nil
  ) {
    self.cutsPort = cutsPort
    self.node = node
    self.fault = fault
    self.command = command
    self.status = status
  }
}

package struct Note: Hashable, Sendable, Codable {
  package var text: String
  package init(_ text: String) { self.text = text }
}

/// The virtual addresses that a node's kernel has, seen between the observation's bounds.
package struct AddressesHeld: Hashable, Sendable, Codable {
  package var node: String
  package var addresses: [IPAddress]

  package init(node: String, addresses: [IPAddress]) {
    self.node = node
    self.addresses = addresses
  }
}
