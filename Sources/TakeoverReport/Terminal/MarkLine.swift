// What the command shows while a run goes on: one line for each mark as it happens. Fed with the
// observations in the order they come; judges nothing.

package import TakeoverModel

package struct MarkLine: Sendable {
  private var site: Site?
  private var header: RunHeader?
  private var owners = LiveOwners()
  private var blow: Interval?
  private var holder: String?
  private var announced: Set<IPAddress> = []
  /// Whose announcements of what were refused since the blow.
  private var refused: Set<String> = []
  private var taker: String?
  /// The last good answer of each schedule, and whether it has failed since.
  private var answers: [String: (last: Moment, silent: Bool)] = [:]
  /// The held connections that stand.
  private var held: Set<String> = []
  private let text: TerminalText

  package init(colour: Bool = false) { text = TerminalText(colour: colour) }

  /// The lines that this observation is worth; usually none.
  package mutating func see(_ observation: Observation) -> [String] {
    switch observation.event {
    case .runBegan(let header):
      self.header = header
      site = header.site
      owners = LiveOwners(header.site)
      return []
    case .nodeDescribed(let node):
      owners.learn(node)
      return ["\(node.node): \(CleanText.line(node.system)) by \(CleanText.line(node.transport))"]
    case .advertisement(let seen): return see(seen, at: observation.when)
    case .announcement(let seen): return see(seen, at: observation.when)
    case .probe(let probe): return see(probe)
    case .fabricDecision(let seen): return see(seen, at: observation.when)
    case .connection(let seen): return see(seen, at: observation.when)
    case .note(let note) where note.text.hasPrefix("halting: "):
      return [painted(CleanText.line(note.text), .unknown)]
    case .observerDied(let note): return [painted("lost: \(CleanText.line(note.text))", .unknown)]
    default: return seeDoing(observation)
    }
  }

  private mutating func seeDoing(_ observation: Observation) -> [String] {
    switch observation.event {
    case .trialBegan(let which):
      blow = nil
      taker = nil
      announced = []
      refused = []
      return begin(which)
    case .gatePassed(let roles):
      holder = roles.holder
      return ["  \(roles.holder) holds; standing by: \(roles.standby.joined(separator: ", "))"]
    case .mended(let step):
      return step.outcome == .pass
        ? ["    over on \(CleanText.line(step.node))"] : [trouble("mend", step)]
    case .trialSkipped(let note):
      return ["   skipped: \(CleanText.line(note.text))"]
    case .gateRefused(let note):
      return [painted("  not ready: \(CleanText.line(note.text))", .unknown)]
    case .blow(let struck):
      let words = "\(struck.fault.kind) on \(struck.node)"
      guard blow == nil else { return [line("", at: observation.when, words)] }
      blow = observation.when
      let half = Elapsed(
        atLeast: .zero - observation.when.width / 2, atMost: observation.when.width / 2)
      return [line("t0", half, words)]
    case .prepared(let step): return step.outcome == .pass ? [] : [trouble("prepare", step)]
    case .confirmed(let step):
      return step.outcome == .pass
        ? ["  in force on \(step.node)"] : [trouble("not shown to be in force", step)]
    case .healing(let step): return ["  healing \(step.node)"]
    case .healed(let step):
      return step.outcome == .pass ? ["  healed \(step.node)"] : [trouble("not healed", step)]
    case .restored(let roles): return ["  redundant again: \(roles.holder) holds"]
    case .notRestored(let note):
      return [painted("  not redundant: \(CleanText.line(note.text))", .unknown)]
    default: return []
    }
  }

  private func begin(_ which: TrialHeader) -> [String] {
    guard let header, let trial = header.trial(which) else { return [] }
    let all = header.plans.flatMap(\.trials).reduce(0) { $0 + max($1.repetitions, 1) }
    let before = header.plans.enumerated().flatMap { plan, one in
      one.trials.enumerated().filter { (plan, $0.offset) < (which.plan, which.trial) }
    }.reduce(0) { $0 + max($1.element.repetitions, 1) }
    let repetition = trial.repetitions > 1 ? " #\(which.repetition)" : ""
    return [
      "\(CleanText.line(trial.name))\(repetition) (\(before + which.repetition) of \(all)): "
        + "\(trial.fault.kind) on \(trial.target)"
    ]
  }

  private mutating func see(_ seen: AdvertisementSeen, at when: Interval) -> [String] {
    guard blow != nil, !seen.sight.outgoing, seen.priority > 0,
      site?.vrid == nil || site?.vrid == seen.vrid
    else { return [] }
    let node = owners.sender(of: seen.sight)
    guard node != holder else { return [] }
    let first = taker == nil
    holder = node
    taker = taker ?? node
    announced = []
    return [line(first ? "t2" : "", at: when, "\(node) advertises, priority \(seen.priority)")]
  }

  private mutating func see(_ seen: AnnouncementSeen, at when: Interval) -> [String] {
    guard blow != nil, seen.form == .announcement, !seen.sight.outgoing, let taker else {
      return []
    }
    let node = owners.sender(of: seen.sight)
    guard node == holder, announced.insert(seen.address).inserted else { return [] }
    return [line(node == taker ? "t3" : "", at: when, "\(node) announces \(seen.address)")]
  }

  /// Each change of where an address leads, and the first refusal of each node's announcements.
  private mutating func see(_ seen: FabricDecision, at when: Interval) -> [String] {
    guard blow != nil else { return [] }
    let name = CleanText.line(seen.node ?? "a machine without a name")
    switch seen.decision {
    case .believed: return []
    case .refused:
      guard refused.insert("\(name) \(seen.address)").inserted else { return [] }
      let words = "the subnet refuses \(name)'s announcement of \(seen.address)"
      return [line("", at: when, "\(words): \(CleanText.line(seen.reason))")]
    case .bound: return [line("", at: when, "the subnet binds \(seen.address) to \(name)")]
    case .moved: return [line("", at: when, "a call moves \(seen.address) to \(name)")]
    case .released: return [line("", at: when, "the subnet leads \(seen.address) nowhere")]
    }
  }

  private mutating func see(_ probe: Probe) -> [String] {
    let place = "\(probe.vantage)/\(probe.method.rawValue)"
    let key = "\(place) \(probe.address)"
    guard let answered = probe.answered else {
      guard blow != nil, let known = answers[key], !known.silent, known.last < probe.sent else {
        return []
      }
      answers[key]?.silent = true
      return [line("", at: Interval(at: probe.sent), "\(key): no answer")]
    }
    let known = answers[key]
    answers[key] = (max(known?.last ?? probe.sent, probe.sent), false)
    guard blow != nil, let known, known.silent else { return [] }
    let mark = probe.method == .connect ? "t6" : "t5"
    return [line(mark, at: answered, "\(key): answers again")]
  }

  /// That one cannot be made is told by the probes that make new ones.
  private mutating func see(_ seen: ConnectionSeen, at when: Interval) -> [String] {
    let key = "\(seen.vantage)'s connection \(seen.connection)"
    guard seen.keeping == .held else { return [] }
    guard let end = seen.end else {
      held.insert(key)
      return []
    }
    guard held.remove(key) != nil, blow != nil else { return [] }
    return [line("", at: when, "\(key) to \(seen.address) \(KeptWords.ending(end))")]
  }

  /// As in the reports: since the blow, whose width is in every ±.
  private func line(_ mark: String, at when: Interval, _ words: String) -> String {
    line(mark, blow.map { when.since($0) } ?? Elapsed(exactly: .zero), words)
  }

  private func line(_ mark: String, _ since: Elapsed, _ words: String) -> String {
    let time = since.description
    return "  \(TerminalText.padded(mark, to: 2))  \(TerminalText.padded(time, to: 18))  \(words)"
  }

  private func trouble(_ words: String, _ step: Step) -> String {
    painted("  \(step.node): \(words): \(CleanText.line(step.detail))", .unknown)
  }

  private func painted(_ line: String, _ outcome: Outcome) -> String {
    text.painted(line, as: outcome)
  }
}
