// What to do: a checked plan. Pure data, so that a journal can carry it.

package struct Plan: Hashable, Sendable, Codable {
  package var name: String
  /// One or two sentences: what the plan proves.
  package var why: String
  package var tags: [String]
  /// Path of a site or lab file, relative to the plan's folder; nil: `--site` must say.
  package var site: String?
  package var trials: [Trial]
  /// The path the plan was read from, as the user wrote it.
  package var source: String
  /// How long a node waits for the coordinator's word before it heals itself.
  package var lease: Duration
  /// What ends the run while this plan is carried out.
  package var stopIf: StopLimits
  /// Commands that are run again and again meanwhile.
  package var watches: [CommandWatch]
  /// The changes of its lab with each of which it is carried out once; empty: as the lab is.
  package var labs: [LabVariant] = []

  package static let standardLease = Duration.seconds(60)
  package static let shortestLease = Duration.seconds(5)
  package static let longestLease = Duration.seconds(120)

  package init(
    name: String, why: String = "", tags: [String] = [], site: String? = nil, trials: [Trial],
    source: String = "", lease: Duration = standardLease, stopIf: StopLimits = StopLimits(),
    watches: [CommandWatch] = []
  ) {
    self.watches = watches
    self.name = name
    self.why = why
    self.tags = tags
    self.site = site
    self.trials = trials
    self.source = source
    self.lease = lease
    self.stopIf = stopIf
  }

  /// A journal from before there were leases has neither `lease` nor `stopIf`, nor `watches`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      why: try container.decode(String.self, forKey: .why),
      tags: try container.decode([String].self, forKey: .tags),
      site: try container.decodeIfPresent(String.self, forKey: .site),
      trials: try container.decode([Trial].self, forKey: .trials),
      source: try container.decode(String.self, forKey: .source),
      lease: try container.decodeIfPresent(Duration.self, forKey: .lease) ?? Self.standardLease,
      stopIf: try container.decodeIfPresent(StopLimits.self, forKey: .stopIf) ?? StopLimits(),
      watches: try container.decodeIfPresent([CommandWatch].self, forKey: .watches) ?? [])
    labs = try container.decodeIfPresent([LabVariant].self, forKey: .labs) ?? []
  }
}

/// One blow and what is expected of it, done `repetitions` times.
package struct Trial: Hashable, Sendable, Codable {
  package var name: String
  package var fault: FaultUse
  package var target: Target
  /// What else is done while that lasts, in order.
  package var also: [FurtherBlow]
  package var phase: Phase
  /// How long the fault stays in force.
  package var hold: Duration
  /// How long the pair is watched after the healing.
  package var settle: Duration
  /// How long the pair may take to be redundant again before the run gives up.
  package var recover: Duration
  package var repetitions: Int
  package var expectations: [Expectation]
  package var tags: [String]
  /// Line in the plan's source.
  package var line: Int
  /// Whether the blow may leave no node that serves.
  package var allowsOutage: Bool

  package init(
    name: String, fault: FaultUse, target: Target, phase: Phase = .any, hold: Duration,
    settle: Duration, recover: Duration, repetitions: Int = 1, expectations: [Expectation],
    tags: [String] = [],
    line: Int = 0, allowsOutage: Bool = false, also: [FurtherBlow] = []
  ) {
    self.also = also
    self.name = name
    self.fault = fault
    self.target = target
    self.phase = phase
    self.hold = hold
    self.settle = settle
    self.recover = recover
    self.repetitions = repetitions
    self.expectations = expectations
    self.tags = tags
    self.line = line
    self.allowsOutage = allowsOutage
  }

  /// How long it takes at worst: the pair is waited for before the blow and after the healing.
  package var worst: Duration { hold + settle + recover * 2 }

  /// All of its blows, the first one first.
  package var blows: [FurtherBlow] {
    [FurtherBlow(fault: fault, target: target, after: .zero)] + also
  }

  /// A journal from before there was a choice has no `allowsOutage`, and none of further blows.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      fault: try container.decode(FaultUse.self, forKey: .fault),
      target: try container.decode(Target.self, forKey: .target),
      phase: try container.decode(Phase.self, forKey: .phase),
      hold: try container.decode(Duration.self, forKey: .hold),
      settle: try container.decode(Duration.self, forKey: .settle),
      recover: try container.decode(Duration.self, forKey: .recover),
      repetitions: try container.decode(Int.self, forKey: .repetitions),
      expectations: try container.decode([Expectation].self, forKey: .expectations),
      tags: try container.decode([String].self, forKey: .tags),
      line: try container.decode(Int.self, forKey: .line),
      allowsOutage: try container.decodeIfPresent(Bool.self, forKey: .allowsOutage) ?? false,
      also: try container.decodeIfPresent([FurtherBlow].self, forKey: .also) ?? [])
  }
}

/// A blow that falls while another one is in force.
package struct FurtherBlow: Hashable, Sendable, Codable {
  package var fault: FaultUse
  package var target: Target
  /// From the trial's first blow.
  package var after: Duration
  /// How long it stays in force; nil: until the trial's healing.
  package var hold: Duration?

  package init(fault: FaultUse, target: Target, after: Duration, hold: Duration? = nil) {
    self.fault = fault
    self.target = target
    self.after = after
    self.hold = hold
  }
}

extension Trial {
  /// How long a node has before it heals itself, where the blow cuts the coordinator's own road: the
  /// hold, and what may pass between the lease and the blow. Longer than any lease: nobody may leave
  /// a node alone for so long.
  package func selfHealing() throws(Complaint) -> Duration {
    let length = hold + .seconds(3)
    guard length > Plan.longestLease else { return length }
    throw Complaint(
      "the blow cuts the way to the node for \(TimeText.chosen(hold)), longer than it may be left "
        + "alone (\(TimeText.chosen(Plan.longestLease)))",
      remedy: "hold it for less, or reach the node by another interface")
  }
}

/// Whom the blow hits; roles are resolved at the blow, from the wire.
package enum Target: Hashable, Sendable {
  case holder, standby, both
  /// The first machine beside the pair on which something may be done.
  case machine
  case node(String)
}

extension Target: Codable, CustomStringConvertible {
  package init(_ word: String) {
    switch word {
    case "holder": self = .holder
    case "standby": self = .standby
    case "both": self = .both
    case "machine": self = .machine
    default: self = .node(word)
    }
  }

  /// The words that a node or machine cannot have for its name.
  package static let roles = ["holder", "standby", "both", "machine"]

  package var description: String {
    switch self {
    case .holder: "holder"
    case .standby: "standby"
    case .both: "both"
    case .machine: "machine"
    case .node(let name): name
    }
  }

  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// One line of `expect:`; the check of the same name judges it.
package struct Expectation: Hashable, Sendable, Codable {
  package var check: String
  package var value: ParameterValue

  package init(check: String, value: ParameterValue) {
    self.check = check
    self.value = value
  }
}
