// One conversation with a PostgreSQL server, without the connection under it: bytes in, what they mean
// and bytes to be sent out. Rows are written one behind the other, without waiting for answers.

internal import TakeoverModel

struct PostgresSession {
  /// Whom to speak as.
  struct Login {
    var user: String
    var database: String
    /// nil: none is known.
    var password: Password?
  }

  enum Happening: Equatable {
    case send([UInt8])
    /// From now on rows may be written; the server's name for itself.
    case ready(server: String)
    case acknowledged(row: Int64)
    case refused(row: Int64, ServerError)
    /// The server does not let us in, or ends the conversation.
    case closed(ServerError)
    /// Nor will it at another attempt.
    case hopeless(Complaint)
  }

  /// What was asked and is not settled.
  private enum Question: Hashable {
    case identity
    case table
    case row(Int64)
  }

  static let table = "takeover_ledger"
  /// Clients cannot tell two servers behind one address apart otherwise.
  static let identity = "current_setting('cluster_name')"
  /// The table of this run: what an earlier one has left is gone.
  static let making =
    "drop table if exists \(table); create table \(table) (id bigint primary key, "
    + "server text not null default \(identity))"

  private let login: Login
  private let questionsBefore: [Question]
  private var stream = BackendStream()
  private var proof: SCRAM?
  private var isIn = false
  private var isReady = false
  private var server = ""
  private var questions: [Question] = []
  /// How many of them are settled.
  private var settled = 0

  /// `makesTable`: the conversation begins with that.
  init(_ login: Login, makesTable: Bool) {
    self.login = login
    questionsBefore = makesTable ? [.identity, .table] : [.identity]
  }

  /// What is said first.
  var greeting: [UInt8] { FrontendMessage.startup(user: login.user, database: login.database) }

  /// The rows that were written and have no answer, in order.
  var outstanding: [Int64] {
    questions[settled...].compactMap { if case .row(let row) = $0 { row } else { nil } }
  }

  /// To be sent; only when it is ready.
  mutating func write(_ row: Int64) -> [UInt8] {
    questions.append(.row(row))
    return FrontendMessage.query("insert into \(Self.table) values (\(row))")
  }

  mutating func take(_ bytes: [UInt8]) throws(ProtocolDefect) -> [Happening] {
    stream.feed(bytes)
    var happenings: [Happening] = []
    while let message = try stream.next() { happenings += take(message) }
    return happenings
  }

  private var question: Question? { settled < questions.count ? questions[settled] : nil }

  private mutating func take(_ message: BackendMessage) -> [Happening] {
    switch message {
    case .authentication(let way): return authenticate(way)
    case .ready: return settle()
    case .row(let columns):
      if question == .identity { server = columns.first.flatMap { $0 } ?? "" }
      return []
    case .complete:
      // The implicit transaction is committed before this is said (exec_simple_query).
      guard case .row(let row) = question else { return [] }
      return [.acknowledged(row: row)]
    case .failure(let error):
      if case .row(let row) = question, !error.isFatal { return [.refused(row: row, error)] }
      return [.closed(error)]
    case .parameter, .notice, .other: return []
    }
  }

  /// ReadyForQuery comes once before the first question, and once for each.
  private mutating func settle() -> [Happening] {
    guard isIn else {
      isIn = true
      questions = questionsBefore
      return questions.map { question in
        .send(
          FrontendMessage.query(question == .table ? Self.making : "select \(Self.identity)"))
      }
    }
    if settled < questions.count { settled += 1 }
    if isReady, settled > 256 {
      questions.removeFirst(settled)
      settled = 0
    }
    guard !isReady, settled == questionsBefore.count else { return [] }
    isReady = true
    return [.ready(server: server)]
  }

  private mutating func authenticate(_ way: BackendMessage.Authentication) -> [Happening] {
    switch way {
    case .ok:
      return proof?.isAnswered == false
        ? [Self.hopeless("it let us in without having shown that it knows the password")] : []
    case .sasl(let mechanisms):
      guard mechanisms.contains(SCRAM.mechanism) else {
        return [Self.hopeless("it offers \(mechanisms.joined(separator: ", ")) only")]
      }
      guard let password = login.password else {
        return [Self.hopeless("it asks for a password, and none is known")]
      }
      let scram = SCRAM(password)
      proof = scram
      return [.send(FrontendMessage.saslInitial(SCRAM.mechanism, scram.opening))]
    case .saslContinue(let bytes):
      guard let response = proof?.response(to: String(decoding: bytes, as: UTF8.self)) else {
        return [Self.hopeless("its challenge is none of SCRAM-SHA-256")]
      }
      return [.send(FrontendMessage.saslResponse(response))]
    case .saslFinal(let bytes):
      guard proof?.accepts(String(decoding: bytes, as: UTF8.self)) == true else {
        return [Self.hopeless("it does not know the password itself")]
      }
      return []
    case .other(let number):
      return [Self.hopeless("it asks for a kind of authentication (\(number)) not spoken here")]
    }
  }

  private static func hopeless(_ why: String) -> Happening {
    .hopeless(
      Complaint(
        "the server does not let the ledger in: \(why)",
        remedy: "pg_hba.conf: trust, or scram-sha-256 with the site's password-file:"))
  }
}
