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

  package init(
    name: String, why: String = "", tags: [String] = [], site: String? = nil, trials: [Trial],
    source: String = ""
  ) {
    self.name = name
    self.why = why
    self.tags = tags
    self.site = site
    self.trials = trials
    self.source = source
  }
}

/// One blow and what is expected of it, done `repetitions` times.
package struct Trial: Hashable, Sendable, Codable {
  package var name: String
  package var fault: FaultUse
  package var target: Target
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

  package init(
    name: String, fault: FaultUse, target: Target, phase: Phase = .any, hold: Duration,
    settle: Duration, recover: Duration, repetitions: Int = 1, expectations: [Expectation],
    tags: [String] = [],
    line: Int = 0
  ) {
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
  }
}

/// Whom the blow hits; roles are resolved at the blow, from the wire.
package enum Target: Hashable, Sendable {
  case holder, standby, both
  case node(String)
}

extension Target: Codable, CustomStringConvertible {
  package init(_ word: String) {
    switch word {
    case "holder": self = .holder
    case "standby": self = .standby
    case "both": self = .both
    default: self = .node(word)
    }
  }

  package var description: String {
    switch self {
    case .holder: "holder"
    case .standby: "standby"
    case .both: "both"
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
