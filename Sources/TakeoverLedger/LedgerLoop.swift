// The ledger's thread: writes rows at their pace over a few connections, takes every answer, and makes
// new connections beside those that fall silent. An answer that comes late still counts: a silent
// connection is kept until nothing can come any more.

internal import TakeoverModel
internal import TakeoverWire

struct LedgerLoop {
  /// One of the connections over which rows are written, and those that are to follow it.
  private struct Lane {
    var current: LedgerConnection?
    var candidates: [LedgerConnection] = []
    var nextAttempt: Moment
    /// How long a row may go unanswered before another connection is made.
    var patience = shortest
    var restUntil = Moment.began
    static let shortest = Duration.milliseconds(300)
    static let longest = Duration.seconds(5)
  }

  private static let lanes = 8
  /// Rows that wait for an answer on one connection.
  private static let depth = 8
  private static let tick = Duration.milliseconds(4)
  /// Between two attempts of one lane; eight lanes make one every 10 ms.
  private static let attempts = Duration.milliseconds(80)
  /// Shorter than the second after which a kernel sends its SYN again (RFC 6298, 2).
  private static let connecting = Duration.milliseconds(900)
  private static let greeting = Duration.seconds(3)
  /// Making the table may wait for a standby.
  private static let making = Duration.seconds(60)
  /// After a refusal the next row is not sent at once.
  private static let rest = Duration.milliseconds(20)
  /// What has not come by then is not waited for.
  private static let patience = Duration.seconds(30)
  /// Errors that another attempt would get, too: no such role or password, no such database, no right
  /// to make a table (PostgreSQL, Appendix A).
  private static let hopeless: Set<String> = ["28000", "28P01", "3D000", "42501"]

  private let database: Database
  private let vantage: VantagePoint
  private let address: IPAddress
  private let login: PostgresSession.Login
  private let journal: any Journal
  private let origin: Int64
  private var book: LedgerBook
  private var lanes: [Lane]
  private var retired: [LedgerConnection] = []
  private var pace: Pace
  private var nextRow: Int64 = 1
  private var turn = 0
  private var hasTable = false

  init(
    _ database: Database, at address: IPAddress, from vantage: VantagePoint,
    as login: PostgresSession.Login, journal: any Journal, clock: any RunClock
  ) {
    self.database = database
    self.vantage = vantage
    self.address = address
    self.login = login
    self.journal = journal
    origin = clock.origin
    book = LedgerBook(vantage: vantage.name, address: address)
    let now = Moment(nanoseconds: Realtime.nanoseconds() &- clock.origin)
    pace = Pace(rate: database.rate, from: now)
    lanes = (0..<Self.lanes).map { index in
      Lane(nextAttempt: now + Self.attempts * index / Self.lanes)
    }
  }

  private var now: Moment { Moment(nanoseconds: Realtime.nanoseconds() &- origin) }

  /// Each with its lane; nil: it is in none any more.
  private var connections: [(Int?, LedgerConnection)] {
    var all: [(Int?, LedgerConnection)] = []
    for (index, lane) in lanes.enumerated() {
      if let current = lane.current { all.append((index, current)) }
      for candidate in lane.candidates { all.append((index, candidate)) }
    }
    for connection in retired { all.append((nil, connection)) }
    return all
  }

  /// `onTable`: the table is there, and rows are written from then on.
  mutating func run(until stop: StopSignal, onTable: () -> Void) throws {
    while true {
      let looked = now
      let all = connections
      let deadline = (looked + Self.tick).nanoseconds &+ origin
      let ready = try Watched.wait(
        for: [stop.watched] + all.map { $0.1.watched }, until: deadline)
      if ready.first ?? true { break }
      for (entry, isReady) in zip(all, ready.dropFirst()) {
        if isReady {
          try attend(entry.1, of: entry.0, onTable)
        } else {
          entry.1.wasQuiet(at: looked)
        }
      }
      let now = self.now
      for index in lanes.indices { try tend(index, at: now) }
      tendRetired(at: now)
      write(at: now)
      for observation in book.due(at: now) { journal.record(observation) }
    }
    leave()
  }

  // MARK: What comes in

  private mutating func attend(
    _ connection: LedgerConnection, of lane: Int?, _ onTable: () -> Void
  ) throws {
    for (happening, at) in connection.attend(origin: origin) {
      switch happening {
      case .send: break
      case .ready:
        guard let lane else { continue }
        if !hasTable {
          hasTable = true
          onTable()
        }
        succeed(connection, in: lane)
      case .acknowledged(let row):
        settle(row, Fate(outcome: .acknowledged, server: connection.server), at, connection)
        if let lane { lanes[lane].patience = Lane.shortest }
      case .refused(let row, let error):
        let fate = Fate(outcome: .refused, server: connection.server, code: error.code)
        settle(row, fate, at, connection)
        if let lane { lanes[lane].restUntil = at + Self.rest }
      case .closed(let error): try close(connection, for: error, at: at)
      case .hopeless(let complaint): throw complaint
      }
    }
  }

  private mutating func settle(
    _ row: Int64, _ fate: Fate, _ at: Moment, _ connection: LedgerConnection
  ) {
    guard let sent = connection.settle(row) else { return }
    book.add(row, fate, connection.arrival(of: at, sentAt: sent), at: now)
  }

  /// The one that wrote before may still be answered. A connection that was asked for earlier, and that
  /// nobody has taken though this one was taken, was asked for when nobody was there.
  private mutating func succeed(_ connection: LedgerConnection, in lane: Int) {
    if let old = lanes[lane].current {
      retired.append(old)
      lanes[lane].patience = min(lanes[lane].patience * 2, Lane.longest)
    }
    for candidate in lanes[lane].candidates where candidate !== connection {
      if case .connecting = candidate.state, candidate.opened < connection.opened {
        miss(candidate, "no answer", at: now)
      } else {
        _ = candidate.end("not needed")
      }
    }
    lanes[lane].candidates = []
    lanes[lane].current = connection
  }

  private mutating func close(
    _ connection: LedgerConnection, for error: ServerError, at: Moment
  ) throws {
    if !hasTable, Self.hopeless.contains(error.code) {
      throw Complaint(
        "the ledger cannot be kept in \(database.name) at \(address): \(error.message)",
        remedy: "name a database of the site in which \(database.user) may make a table")
    }
    if !connection.isReady {
      book.add(
        nil, Fate(outcome: .refused, code: error.code),
        connection.arrival(of: at, sentAt: connection.opened), at: now)
      connection.isTold = true
    }
    lose(connection, error.code)
  }

  // MARK: What is looked after

  /// What it has not been answered it will not be.
  private mutating func lose(_ connection: LedgerConnection, _ why: String) {
    let now = self.now
    for (row, sent) in connection.end(why) {
      book.add(
        row, Fate(outcome: .unanswered, server: connection.server, code: why),
        LedgerEntry.Answer(sent: sent, arrived: Interval(sent, now)), at: now)
    }
  }

  private mutating func tend(_ index: Int, at now: Moment) throws {
    if let current = lanes[index].current, case .over(let why) = current.state {
      lose(current, why)
      lanes[index].current = nil
      lanes[index].nextAttempt = min(lanes[index].nextAttempt, now)
    }
    for candidate in lanes[index].candidates {
      let age = now.since(candidate.opened)
      switch candidate.state {
      case .over(let why): miss(candidate, why, at: now)
      case .connecting where age > Self.connecting: miss(candidate, "no answer", at: now)
      case .greeting where age > (hasTable ? Self.greeting : Self.making):
        miss(candidate, "no greeting", at: now)
      default: break
      }
    }
    lanes[index].candidates.removeAll(where: \.isOver)
    let isFirst = index == 0 && lanes[index].candidates.isEmpty
    guard hasTable || isFirst, isWanting(lanes[index], at: now), now >= lanes[index].nextAttempt
    else { return }
    lanes[index].nextAttempt = now + Self.attempts
    try open(in: index, at: now)
  }

  private mutating func open(in lane: Int, at now: Moment) throws {
    do throws(SystemFailure) {
      let stream = try StreamConnection(
        to: address, port: UInt16(clamping: database.port), interface: vantage.interface,
        namespace: vantage.namespace)
      lanes[lane].candidates.append(
        LedgerConnection(stream, PostgresSession(login, makesTable: !hasTable), at: now))
    } catch {
      book.add(
        nil, Fate(outcome: .unreached, code: SystemFailure.text(error.code)),
        LedgerEntry.Answer(sent: now, arrived: Interval(at: now)), at: now)
    }
  }

  /// Whether another connection is needed.
  private func isWanting(_ lane: Lane, at now: Moment) -> Bool {
    guard let current = lane.current else { return true }
    return isStalled(current, in: lane, at: now)
  }

  private func isStalled(_ connection: LedgerConnection, in lane: Lane, at now: Moment) -> Bool {
    connection.oldest.map { now.since($0) > lane.patience } ?? false
  }

  /// One that was refused by the server is told of already.
  private mutating func miss(_ candidate: LedgerConnection, _ why: String, at now: Moment) {
    lose(candidate, why)
    guard !candidate.isTold else { return }
    book.add(
      nil, Fate(outcome: .unreached, code: why),
      LedgerEntry.Answer(sent: candidate.opened, arrived: Interval(candidate.opened, now)),
      at: now)
  }

  private mutating func tendRetired(at now: Moment) {
    for connection in retired {
      if case .over(let why) = connection.state {
        lose(connection, why)
      } else if connection.outstanding == 0 {
        connection.leave()
      } else if let oldest = connection.oldest, now.since(oldest) > Self.patience {
        lose(connection, "no answer")
      }
    }
    retired.removeAll(where: \.isOver)
  }

  // MARK: What goes out

  private mutating func write(at now: Moment) {
    let due = pace.due(at: now)
    guard hasTable, due > 0 else { return }
    var rows: [Int: [Int64]] = [:]
    for _ in 0..<due {
      guard let lane = freeLane(rows, at: now) else { break }
      rows[lane, default: []].append(nextRow)
      nextRow += 1
    }
    for (lane, numbers) in rows { lanes[lane].current?.write(numbers, at: now) }
  }

  /// The next one in turn that may take a row.
  private mutating func freeLane(_ given: [Int: [Int64]], at now: Moment) -> Int? {
    for step in 0..<lanes.count {
      let index = (turn + step) % lanes.count
      let lane = lanes[index]
      guard let current = lane.current, current.isReady, now >= lane.restUntil,
        current.outstanding + given[index, default: []].count < Self.depth,
        !isStalled(current, in: lane, at: now)
      else { continue }
      turn = (index + 1) % lanes.count
      return index
    }
    return nil
  }

  private mutating func leave() {
    for lane in lanes {
      for candidate in lane.candidates { _ = candidate.end("not needed") }
      if let current = lane.current { lose(current, "the ledger was closed") }
    }
    for connection in retired { lose(connection, "the ledger was closed") }
    for observation in book.due(at: now, all: true) { journal.record(observation) }
  }
}
