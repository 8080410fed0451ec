// Which acknowledged rows are gone, trial by trial: what is gone at the end of one is not counted again
// at the end of the next.

internal import TakeoverModel

struct LedgerAudits: Sendable {
  struct Ended: Sendable {
    var readings: [DatabaseReading] = []
    var audit: LedgerAudit?
    var trouble = ""
  }

  private typealias Rows = RangeSet<Int64>

  private let nodes: [String: String]
  private var trials: [TrialHeader: Ended] = [:]
  /// What keeps servers from being told apart.
  private(set) var doubts: [String] = []

  init(_ entries: [LedgerEntry], _ observations: [Observation], site: Site) {
    let sections = Self.sections(of: observations)
    let all = sections.flatMap { $0.readings.map(\.reading) }
    (nodes, doubts) = Self.names(in: all)
    var gone = Rows()
    for section in sections {
      var ended = Ended()
      ended.readings = site.nodes.compactMap { node in
        section.readings.last { $0.reading.node == node.name }?.reading
      }
      audit(section, entries, into: &ended, &gone)
      trials[section.trial] = ended
    }
  }

  /// What the databases said at a trial's end.
  func ended(_ trial: TrialHeader) -> Ended {
    trials[trial] ?? Ended(trouble: "no database was read at the trial's end")
  }

  /// The node that a server is known to be; the server's own name where it is not.
  func node(of server: String?) -> String? { server.map { nodes[$0] ?? $0 } }

  // MARK: What was read

  private struct Section {
    var trial: TrialHeader
    var readings: [(when: Interval, reading: DatabaseReading)] = []
  }

  private static func sections(of observations: [Observation]) -> [Section] {
    var sections: [Section] = []
    for observation in observations {
      switch observation.event {
      case .trialBegan(let trial): sections.append(Section(trial: trial))
      case .databaseReading(let reading):
        guard !sections.isEmpty else { continue }
        sections[sections.count - 1].readings.append((observation.when, reading))
      default: break
      }
    }
    return sections.filter { !$0.readings.isEmpty }
  }

  /// Servers by their own names. Where two nodes' have one name, nobody is told apart by it.
  private static func names(
    in readings: [DatabaseReading]
  ) -> (nodes: [String: String], doubts: [String]) {
    var found: [String: Set<String>] = [:]
    for reading in readings {
      if let server = reading.server { found[server, default: []].insert(reading.node) }
    }
    let shared = found.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
    return (
      found.compactMapValues { $0.count == 1 ? $0.first : nil },
      shared.map { server, nodes in
        "the databases of \(nodes.sorted().joined(separator: " and ")) have one name, "
          + "\"\(server)\": who wrote what is not known"
      }
    )
  }

  // MARK: What is gone

  private func audit(
    _ section: Section, _ entries: [LedgerEntry], into ended: inout Ended, _ gone: inout Rows
  ) {
    let asked = section.readings.map(\.when.earliest).min() ?? .began
    let known = entries.filter { $0.last.arrived.latest <= asked }
    guard let serving = Self.serving(ended.readings, known, nodes) else {
      ended.trouble = "no database takes writes at the end, so which rows are there is not known"
      return
    }
    guard let rows = serving.rows else {
      ended.trouble =
        "which rows \(serving.node)'s database has could not be read: \(serving.trouble)"
      return
    }
    let present = Self.set(of: rows)
    let own = known.filter { $0.outcome == .acknowledged }
    let expected = Self.set(of: own.flatMap(\.rows)).subtracting(gone)
    let lost = expected.subtracting(present)
    var audit = LedgerAudit(node: serving.node, rows: Self.count(expected))
    if !lost.isEmpty {
      for entry in own {
        for range in Self.ranges(Self.set(of: entry.rows).intersection(lost)) {
          audit.lost.append(
            .init(
              rows: range, server: node(of: entry.server) ?? "somebody",
              acknowledged: Interval(entry.first.arrived.earliest, entry.last.arrived.latest)))
        }
      }
      audit.lost.sort { $0.rows.first < $1.rows.first }
      for other in ended.readings where other.node != serving.node {
        let there = Self.count(Self.set(of: other.rows ?? []).intersection(lost))
        if there > 0 { audit.elsewhere[other.node] = there }
      }
    }
    let unanswered = Self.set(
      of: known.filter { $0.outcome == .unanswered }.flatMap(\.rows))
    audit.unacknowledged = Self.ranges(unanswered.intersection(present))
    for reading in ended.readings {
      for rows in reading.rows ?? [] {
        audit.writers[reading.node, default: [:]][node(of: rows.server) ?? rows.server] = rows.count
      }
    }
    ended.audit = audit
    gone = gone.union(lost)
  }

  /// The one that takes writes; where several or none do, the one that answered the clients last.
  private static func serving(
    _ readings: [DatabaseReading], _ entries: [LedgerEntry], _ nodes: [String: String]
  ) -> DatabaseReading? {
    let writers = readings.filter { $0.takesWrites == true }
    if writers.count == 1 { return writers[0] }
    let last = entries.filter { $0.outcome == .acknowledged }
      .max { $0.last.arrived.latest < $1.last.arrived.latest }
    let node = last?.server.flatMap { nodes[$0] }
    return readings.first { $0.node == node && $0.rows != nil }
  }

  // MARK: Sets of rows

  private static func set(of rows: [LedgerRows]) -> Rows { set(of: rows.flatMap(\.ranges)) }

  private static func set(of ranges: [LedgerRange]) -> Rows {
    Rows(ranges.map { $0.first..<$0.last.saturatingPlus(1) })
  }

  private static func count(_ rows: Rows) -> Int {
    rows.ranges.reduce(0) { $0 + Int(clamping: $1.upperBound.saturatingMinus($1.lowerBound)) }
  }

  private static func ranges(_ rows: Rows) -> [LedgerRange] {
    rows.ranges.map { LedgerRange($0.lowerBound, $0.upperBound - 1) }
  }
}
