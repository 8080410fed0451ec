// One connection of the ledger's: the conversation, the socket under it, and when each of its rows was
// sent.

internal import Glibc
internal import TakeoverModel
internal import TakeoverWire

/// Belongs to the ledger's thread.
final class LedgerConnection {
  enum State {
    /// The SYN is sent.
    case connecting
    /// The server has the connection, and is not ready yet.
    case greeting
    case ready
    /// Nothing comes any more; why, in a word.
    case over(String)
  }

  /// A frame is stamped before its bytes may be read: by so much, at most, on a busy machine.
  private static let delivery = Duration.milliseconds(1)

  let opened: Moment
  private(set) var state = State.connecting
  private(set) var server: String?
  /// What became of the attempt stands in the book.
  var isTold = false
  private let stream: StreamConnection
  private var session: PostgresSession
  private var unsent: [UInt8] = []
  private var sent: [Int64: Moment] = [:]
  /// At this moment nothing had come that was not read.
  private var quiet: Moment

  init(_ stream: StreamConnection, _ session: PostgresSession, at now: Moment) {
    self.stream = stream
    self.session = session
    opened = now
    quiet = now
  }

  var watched: Watched {
    if case .connecting = state { return stream.watched(.writable) }
    return stream.watched(unsent.isEmpty ? .readable : .writable)
  }

  var isOver: Bool { if case .over = state { true } else { false } }
  var isReady: Bool { if case .ready = state { true } else { false } }
  var outstanding: Int { sent.count }
  /// When the row was sent that waits longest for an answer; nil: none waits.
  var oldest: Moment? { sent.values.min() }

  /// It was looked at, and nothing had come.
  func wasQuiet(at moment: Moment) { quiet = moment }

  /// When what arrived by `stamp` may have arrived.
  func arrival(of answer: Moment, sentAt sent: Moment) -> LedgerEntry.Answer {
    let earliest = min(max(sent, quiet - Self.delivery), answer)
    return LedgerEntry.Answer(sent: sent, arrived: Interval(earliest, answer))
  }

  func write(_ rows: [Int64], at now: Moment) {
    for row in rows {
      unsent += session.write(row)
      sent[row] = now
    }
    flush()
  }

  /// When the row was sent; nil: it was answered before.
  func settle(_ row: Int64) -> Moment? { sent.removeValue(forKey: row) }

  /// What came, each with the moment by which it had arrived.
  func attend(origin: Int64) -> [(happening: PostgresSession.Happening, at: Moment)] {
    if case .connecting = state {
      let code = stream.outcome()
      guard code == 0 else {
        state = .over(Self.word(for: code))
        return []
      }
      state = .greeting
      unsent += session.greeting
    }
    flush()
    var happenings: [(PostgresSession.Happening, Moment)] = []
    while !isOver {
      switch stream.receive() {
      case .nothing: return happenings
      case .end(let code):
        state = .over(code == 0 ? "closed" : Self.word(for: code))
      case .bytes(let bytes, let stamp):
        let at = Moment(nanoseconds: stamp &- origin)
        do throws(ProtocolDefect) {
          for happening in try session.take(bytes) {
            if take(happening) { happenings.append((happening, at)) }
          }
        } catch {
          state = .over("not PostgreSQL's protocol")
        }
      }
    }
    return happenings
  }

  /// Whether somebody else wants to know of it, too.
  private func take(_ happening: PostgresSession.Happening) -> Bool {
    switch happening {
    case .send(let more):
      unsent += more
      flush()
      return false
    case .ready(let name):
      server = name
      state = .ready
    case .acknowledged, .refused, .closed, .hopeless: break
    }
    return true
  }

  /// The rows that have no answer and get none any more.
  func end(_ why: String) -> [(row: Int64, sent: Moment)] {
    if !isOver { state = .over(why) }
    stream.abandon()
    defer { sent = [:] }
    return sent.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// Says goodbye; the rows must have been settled.
  func leave() {
    unsent += FrontendMessage.terminate
    flush()
    if !isOver { state = .over("left") }
  }

  /// Where nothing can be sent any more, answers may still be there to be read: the connection is over
  /// when it says so itself.
  private func flush() {
    guard !unsent.isEmpty, !isOver else { return }
    unsent.removeFirst(stream.send(unsent) ?? unsent.count)
  }

  private static func word(for code: Int32) -> String {
    switch code {
    case ECONNREFUSED: "refused"
    case ECONNRESET, EPIPE: "reset"
    case EHOSTUNREACH, ENETUNREACH: "unreachable"
    case ETIMEDOUT: "no answer"
    default: SystemFailure.text(code)
    }
  }
}
