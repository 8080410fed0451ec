// The ledger of a whole run, gathered once and asked per trial: how writes went around the blow, and
// which acknowledged rows are gone.

internal import TakeoverModel

struct LedgerTracking: Sendable {
  /// So long before the blow the ledger's rate is taken.
  private static let lead = Duration.seconds(3)
  /// Without an acknowledged row for so long before it, the blow shows nothing of the ledger.
  private static let silence = Duration.seconds(2)

  /// In the order in which the first of their answers arrived.
  private let acknowledged: [LedgerEntry]
  /// Refusals of a server that takes no writes, connections that nobody took, and acknowledged rows,
  /// in the order in which they show who was there.
  private let contacts: [LedgerEntry]
  private let all: [LedgerEntry]
  private let audits: LedgerAudits

  init(_ observations: [Observation], site: Site) {
    let all = observations.compactMap { observation -> LedgerEntry? in
      if case .ledger(let entry) = observation.event { entry } else { nil }
    }
    self.all = all
    acknowledged = all.filter { $0.outcome == .acknowledged }
      .sorted { $0.first.arrived.latest < $1.first.arrived.latest }
    contacts = all.filter {
      $0.outcome == .acknowledged || $0.outcome == .unreached || $0.isReadOnly
    }.sorted { $0.place < $1.place }
    audits = LedgerAudits(all, observations, site: site)
  }

  /// When the databases were read for the first time after the blow; nil: they were not.
  static func begin(in doings: [Observation], after blow: Interval) -> Moment? {
    doings.lazy.compactMap { doing -> Moment? in
      guard case .databaseReading = doing.event, doing.when.earliest >= blow.latest else {
        return nil
      }
      return doing.when.earliest
    }.min()
  }

  /// nil: no ledger was kept.
  func course(of trial: TrialHeader, window: Window) -> LedgerCourse? {
    guard let one = all.first else { return nil }
    var course = LedgerCourse(vantage: one.vantage, address: one.address)
    for entry in all where window.contains(entry.last.arrived.latest) {
      switch entry.outcome {
      case .acknowledged: course.acknowledged += entry.count
      case .unanswered: course.unanswered += entry.count
      case .refused: course.refusals[entry.code, default: 0] += entry.count
      case .unreached: break
      }
    }
    course.before = before(window)
    course.pause = longestPause(in: window)
    course.readOnly = readOnly(in: window)
    let ended = audits.ended(trial)
    course.readings = ended.readings
    course.audit = ended.audit
    course.auditTrouble = ended.trouble
    return course
  }

  /// Why the ledger's evidence is not whole.
  func doubts(window: Window) -> [String] {
    let last = acknowledged.map(\.last.arrived.latest).filter { $0 <= window.from }.max()
    let isSilent = last.map { window.from.since($0) > Self.silence } ?? true
    return audits.doubts
      + (isSilent ? ["no row of the ledger was acknowledged right before the blow"] : [])
  }

  private func before(_ window: Window) -> LedgerCourse.Before {
    let from = window.from - Self.lead
    let entries = acknowledged.filter {
      $0.last.arrived.latest <= window.from && $0.first.arrived.latest >= from
    }
    guard let first = entries.first else { return .init(rows: 0, length: .zero) }
    return .init(
      rows: entries.reduce(0) { $0 + $1.count },
      length: window.from.since(first.first.arrived.latest))
  }

  // MARK: Pauses

  /// From an answer to the next one. What arrived is known to the kernel's stamp, and to when nothing
  /// had come yet.
  private func longestPause(in window: Window) -> WritePause? {
    var longest: WritePause?
    var last: (answer: LedgerEntry.Answer, server: String?)?
    func take(_ pause: WritePause) {
      if longest.map({ $0.length.atMost < pause.length.atMost }) ?? true { longest = pause }
    }
    for entry in acknowledged {
      defer {
        if last.map({ $0.answer.arrived.latest < entry.last.arrived.latest }) ?? true {
          last = (entry.last, entry.server)
        }
      }
      guard let before = last, entry.first.arrived.latest >= window.from,
        before.answer.arrived.latest <= window.to
      else { continue }
      let since = entry.first.arrived.since(before.answer.arrived)
      take(
        WritePause(
          old: audits.node(of: before.server), new: audits.node(of: entry.server),
          from: before.answer.arrived, until: entry.first.arrived,
          length: Elapsed(atLeast: max(.zero, since.atLeast), atMost: max(.zero, since.atMost))))
    }
    // What came after the last of all is not known.
    if let last, last.answer.arrived.latest <= window.to {
      let rest = window.to.since(last.answer.arrived.latest)
      take(
        WritePause(
          old: audits.node(of: last.server), new: nil, from: last.answer.arrived, until: nil,
          length: Elapsed(
            atLeast: rest, atMost: max(rest, window.to.since(last.answer.arrived.earliest)))
        ))
    }
    return longest
  }

  // MARK: Read only

  /// Refusals in a row. The server took no writes from the first that arrived to the last that was sent
  /// at least, and no longer than from the last other sign to the next one.
  private func readOnly(in window: Window) -> [ReadOnlySpan] {
    var spans: [ReadOnlySpan] = []
    var run: [LedgerEntry] = []
    var before: Moment?
    func close(by end: Interval?) {
      defer { run = [] }
      guard let first = run.first, let last = run.map(\.last).max(by: { $0.sent < $1.sent })
      else { return }
      let until = end?.latest ?? window.to
      let least = min(last.sent, end?.earliest ?? last.sent).since(first.first.arrived.latest)
      let begin = min(before ?? first.first.sent, first.first.arrived.latest)
      guard until >= window.from, begin <= window.to else { return }
      spans.append(
        ReadOnlySpan(
          node: run.lazy.compactMap { audits.node(of: $0.server) }.first,
          refusals: run.reduce(0) { $0 + $1.count },
          from: Interval(begin, first.first.arrived.latest), until: end,
          length: Elapsed(
            atLeast: max(.zero, least), atMost: max(.zero, least, until.since(begin)))))
    }
    for entry in contacts {
      switch entry.outcome {
      case .refused: run.append(entry)
      case .acknowledged:
        close(by: entry.first.arrived)
        before = max(before ?? entry.last.sent, entry.last.sent)
      default:
        // Nobody was there when this was sent.
        close(by: Interval(at: entry.first.sent))
        before = max(before ?? entry.last.sent, entry.last.sent)
      }
    }
    close(by: nil)
    return spans
  }
}

extension LedgerEntry {
  /// A connection that nobody took shows that nobody was there when it was asked for.
  fileprivate var place: Moment {
    outcome == .unreached ? first.sent : first.arrived.latest
  }
}
